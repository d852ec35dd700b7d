"""Keeping and forgetting: days, holds, purges and their certificates, on the page “How long it is kept”."""
