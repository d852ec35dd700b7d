"""The rules that a form file must keep, and warnings. Staff see them beside a form under “Forms”."""
