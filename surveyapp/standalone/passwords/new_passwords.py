"""New passwords of accounts: judged by what others know of the person and partnership, then hashed."""

from pathlib import Path

from flask import current_app

from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.settings import settings
from surveyapp.standalone.passwords.leaked_passwords import is_leaked
from surveyapp.standalone.passwords.password_hashes import hash_password


def hash_new_password(password: str, *, name: str, email: str) -> str:
    """Hash the new password of an account, which is how each of them is set, at every door.

    `name` and `email` are the person’s. Raises SurveyError for a password that `hash_password` refuses, or
    that is in the file of leaked ones.
    """
    leaked = str(current_app.config.get("LEAKED_PASSWORDS_FILE") or "")
    hashed = hash_password(password, known=(name, email, settings().partnership))
    if leaked and is_leaked(password, Path(leaked)):
        raise SurveyError("This password is known from a leak at another site. Take one that is new.")
    return hashed
