"""Workshops after the audit: their scenarios, their attendance by agency and notes of the discussion."""
