"""Watching it run: the health page, a log with ids of requests, and figures for Prometheus."""
