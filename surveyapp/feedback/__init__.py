"""What came of an audit: its released brief, and an agency’s own figures and actions, behind its link."""
