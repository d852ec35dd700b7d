"""The themes of an audit: the list that staff edit, and how many returns mention each theme."""
