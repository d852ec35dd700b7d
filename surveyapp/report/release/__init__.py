"""Releasing the report: what has to be answered, an executive’s approval, and the public version."""
