"""The page Log: who did and saw what, and when, over all audits; narrowed, page by page, and as a file."""
