"""The cases of an audit, each a child by pseudonym. Staff see them on the page “Cases”."""
