"""The page on which staff plan the day of the next audit."""
