"""Changing the keys while the app is serving: `survey rotate-keys`, and dropping keys that nothing needs."""
