"""Passing a case to a colleague, from “Pass it on” on the form page to sending it back."""
