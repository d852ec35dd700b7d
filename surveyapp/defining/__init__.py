"""The form that agencies answer: a YAML file, checked, made into a web form. Staff see it under “Forms”."""
