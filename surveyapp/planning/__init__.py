"""An audit before issue: its details, dates, cases and grid. Staff see it as “New audit” and “Set up”."""
