"""Reading comments: the page on which staff judge each comment a strength or a concern and tag its themes."""
