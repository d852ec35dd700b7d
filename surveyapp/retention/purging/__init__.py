"""Purges: their begin, the batches in which rows go, the cleaning of files, and certificates with counts."""
