"""The learning brief: a page filled from the audit, written, checked, approved and downloaded."""
