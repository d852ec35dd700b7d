"""The days of an audit in one calendar, and a private address for calendar programs: page Calendar."""
