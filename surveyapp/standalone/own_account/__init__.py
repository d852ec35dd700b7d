"""The page “Your account”: one’s own password, second factor and sessions."""
