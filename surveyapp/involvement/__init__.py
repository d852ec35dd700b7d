"""The check before issue that asks each agency which children it knew, on the page “Involvement check”."""
