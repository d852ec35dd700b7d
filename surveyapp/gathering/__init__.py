"""Voices: comments read for themes, quotes, workshops, talks with families and longer texts."""
