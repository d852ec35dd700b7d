"""Issuing on a day: the worker issues an audit by itself on its day, where staff have planned that."""
