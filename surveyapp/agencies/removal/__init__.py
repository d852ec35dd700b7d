"""How agencies and contacts leave the directory: deleted if never asked, otherwise an agency is set aside."""
