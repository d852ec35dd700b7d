"""The archive: everything of an audit in one zip file, downloaded from the page of its figures."""
