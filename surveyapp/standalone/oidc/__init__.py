"""Signing in with the account of an organisation, by OpenID Connect (extra `oidc`)."""
