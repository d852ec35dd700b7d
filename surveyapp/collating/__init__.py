"""Collation: an audit's figures, comments and charts, compared across cases, audits and time."""
