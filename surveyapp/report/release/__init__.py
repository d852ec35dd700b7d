"""Releasing the report: the page with what an approver must answer, the approval and the public version."""
