"""The .returns.pdf file: every return of an audit as one tagged PDF."""
