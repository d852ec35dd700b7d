"""Asking an executive to approve a report or brief for release, and how that ended."""
