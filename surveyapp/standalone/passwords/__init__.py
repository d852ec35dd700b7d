"""Passwords of accounts: which are taken, and how they are hashed."""
