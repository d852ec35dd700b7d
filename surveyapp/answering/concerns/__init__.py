"""Current practice concerns: raised in the form, emailed to the partnership, and their outcomes."""
