"""Passkeys: signing in with a device’s own lock instead of a password and a code (WebAuthn)."""
