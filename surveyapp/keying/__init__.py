"""Returns that staff key in for a contact, open again for correction or read: “Key in”, “See the answers”."""
