"""Charts of a question's figures, on the collation page, for download and in the report."""
