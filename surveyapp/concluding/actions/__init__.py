"""The action plan: actions with owners and due days, updates on them, and emails to their owners."""
