"""The seven sections of the report, as staff see them section by section on the report’s own pages."""
