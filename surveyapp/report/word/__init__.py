"""The report as a Word file, by the default template or one that the partnership has uploaded."""
