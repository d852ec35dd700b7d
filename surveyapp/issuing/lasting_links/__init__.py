"""Links that staff ended stay ended after a restored backup, and the page Mail names their contacts."""
