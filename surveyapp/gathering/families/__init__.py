"""Talks with families: which were offered one, what became of the offer and what they said."""
