"""Backups of the database, with a manifest beside each, and bringing one back (promises 3.11)."""
