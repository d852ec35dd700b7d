"""Each agency’s own reference for its file on a child. Staff enter it under “Agencies’ own references”."""
