"""Passing a case to a colleague, from “Pass this to a colleague” on the form page to sending it back."""
