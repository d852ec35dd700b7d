"""Exports: the files of an audit's figures and answers that staff download from its collation."""
