"""Who has returned: counts, the grid of an audit, the outstanding list, one request: page Audits."""
