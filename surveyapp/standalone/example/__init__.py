"""The example: the audit of 2014 with invented agencies, loaded from the page “Audits” and removed again."""
