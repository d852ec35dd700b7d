"""Finds likely names, addresses and numbers of people in typed text, to point them out to the writer."""
