"""The navigation of an audit: the steps of its journey, how far each is, and the pages of each."""
