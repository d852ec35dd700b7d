"""Outgoing email: the outbox, delivery by a worker, and the page “Mail” where staff watch it."""
