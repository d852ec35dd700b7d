"""Requests to agencies, the links and emails that carry them, and their corrections: page Check and issue."""
