"""The form of a recommendation: the finding it follows from, and the earlier one it repeats."""
