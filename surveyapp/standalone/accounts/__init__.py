"""The page “Staff”: who may sign in, their roles, and inviting, suspending and signing out."""
