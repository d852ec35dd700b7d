"""Working days, bank holidays and the closed days that staff enter on the page “Closed days”."""
