"""Forms made on pages: made, copied and changed question by question, by “Make a form” under “Forms”."""
