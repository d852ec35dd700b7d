"""The papers of data protection, filled from settings, for Word. They are under “Data protection”."""
