"""The directory of agencies and their contacts, on the page “Agencies”."""
