"""The command `survey purge`: what is due is purged, or said with --dry-run."""
