"""The report of an audit, which staff write section by section, download, check and release."""
