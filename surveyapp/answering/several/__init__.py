"""Several cases at once: “not involved”, more time or a question about the cases ticked on the list."""
