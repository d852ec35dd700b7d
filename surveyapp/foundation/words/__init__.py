"""Cleaning typed text, and dates, lists, numbers and shares in words."""
