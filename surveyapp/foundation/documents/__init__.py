"""Writes documents as Word files and tagged PDFs: blank forms, copies of a return, the report."""
