"""Step 10: voices: what comments say by theme, quotes, workshops, talks with families."""
