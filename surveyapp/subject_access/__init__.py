"""What is held about one child, over all audits, when somebody asks to see it: “Data protection”."""
