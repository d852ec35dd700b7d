"""Keeps small numbers out of the report’s public version and out of the figures that agencies read."""
