"""The page on which staff set the day when the executive next reviews the action plan."""
