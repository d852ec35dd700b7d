"""The form of a finding: its text, its challenge to the board, and its evidence."""
