"""Reads a mailbox for emails that came back and for automatic replies, which staff see under “Mail”."""
