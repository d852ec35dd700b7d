"""Longer texts of the report's appendices: the case example and a frontline practitioner's view."""
