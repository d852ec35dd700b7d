"""Choosing the sample: the children on a case-management export, and those of them who become cases."""
