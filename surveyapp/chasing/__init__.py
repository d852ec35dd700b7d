"""One email a chasing day to each contact with something outstanding, until returns close: page Chasers."""
