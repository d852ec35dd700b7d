"""The kinds of question: asking, reading, checking. Staff see them in a form’s preview under “Forms”."""
