"""Closing, extending and reopening returns, and late returns: pages Close, Extend and Reopen."""
