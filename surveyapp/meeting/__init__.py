"""The paper before a meeting: return rates, key figures, findings and overdue actions on one page."""
