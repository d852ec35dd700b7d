"""A return: the form a contact fills in, autosave, checking, returning, nil returns and the copy."""
