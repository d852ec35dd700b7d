"""The pages over all audits: overdue actions, and recommendations and themes that recur."""
