"""Agencies and contacts from a file, beside the directory: “Paste or upload” under Agencies."""
