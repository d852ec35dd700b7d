"""Reads tables that staff paste or upload (cells, CSV, .xlsx, .ods) into rows with their places."""
