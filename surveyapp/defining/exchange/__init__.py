"""Forms as files: downloads, and “Take a form from a file” under “Forms”, as YAML, spreadsheet or XLSForm."""
