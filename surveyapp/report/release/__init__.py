"""Releasing the report: the page with what has to be answered, an executive’s approval and the public version."""
