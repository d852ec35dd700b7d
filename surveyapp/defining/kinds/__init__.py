"""The kinds of question: how each is asked, read and checked; seen in a form’s preview under “Forms”."""
