"""What every step uses and a visitor never sees by itself: database, mail, calendar, web pages, documents, words."""
