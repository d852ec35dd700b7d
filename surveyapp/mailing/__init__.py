"""Every email with what it is about, those that need a decision first: page Mail."""
