"""A whole audit from one YAML file or workbook. Staff upload it under “Set up an audit from a file”."""
