"""Sessions of staff: begun at sign-in, listed on the account’s page, ended by a person or by time."""
