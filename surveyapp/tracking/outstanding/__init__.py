"""The outstanding list: people to ring, with what they owe and said; and by agency, for the executive."""
