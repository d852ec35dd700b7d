"""The library of tools, policies and reading that briefs link to, under Tools and reading."""
