"""The checks of a brief or report before its release, the answers to what they flag, and its approval."""
