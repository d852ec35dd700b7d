"""The pages of one case and of disagreement: all agencies' answers side by side, and where they conflict."""
