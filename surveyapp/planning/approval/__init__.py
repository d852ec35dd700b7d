"""An executive’s approval of an audit’s theme or sample, and what has changed since it was given."""
