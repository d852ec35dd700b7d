"""A contact who has left, or whose address was wrong: who takes over what, and the new links that leave."""
