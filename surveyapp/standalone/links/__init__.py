"""Links emailed to staff, which work once: to join, and to choose a new password."""
