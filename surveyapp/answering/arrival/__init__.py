"""Where a contact arrives from an emailed link: the landing page, the list of returns, a fresh link."""
