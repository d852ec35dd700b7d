"""Which agency is asked about which case. Staff tick it on the page “Which agency knew which child”."""
