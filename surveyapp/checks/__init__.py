"""The checks of a brief or report before its release, and the answers of an approver to what they flag."""
