"""The demonstration of `survey demo`: an audit of fifteen cases, and learning briefs of earlier audits."""
