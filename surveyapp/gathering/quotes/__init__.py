"""Quotes for the report: chosen from comments, workshops and talks, with identifying words taken out."""
