"""Copying an audit: last year’s form, texts, rhythm and agencies for this year’s, from its set-up page."""
