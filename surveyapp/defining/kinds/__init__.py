"""The kinds of question: how each is asked, read and checked. Staff see them in a form’s preview under “Forms”."""
