"""The brief as a PowerPoint slide, laid out as the PDF is."""
