"""The kinds of question, each with all it knows. Staff see them in a form’s preview under “Forms”."""
