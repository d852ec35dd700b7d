"""The page Then and now: the figures frozen when returns closed, beside the figures of today."""
