"""Calls with contacts: what was said, and the day promised, until which nobody is chased: “Note a call”."""
