"""What every step uses: database, mail, calendar, web pages, documents and words; seen on the page “Mail”."""
