"""The keys of the current app, read again when another process has changed the key file (promises 3.9)."""

from dataclasses import replace

from flask import current_app

from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.store.key_file import Keys, file_version, make_key_file, read_key_file
from surveyapp.foundation.store.text_cipher import KEY_BYTES, derive_key

__all__ = ("KEY_BYTES", "Keys", "derive_key", "keys", "keys_as_read", "make_key_file", "read_key_file")


def keys() -> Keys:
    """The keys of the current app, as they stand in the key file now.

    While the file is missing or cannot be read, the keys that were read before are used.
    """
    state = current_app.extensions["survey"]
    current: Keys = state.keys
    version = file_version(state.settings.key_file)
    if not current.version or version in ("", current.version):
        return current
    try:
        changed = read_key_file(state.settings.key_file)
    except CannotStart as error:
        if error.message not in state.logged_once:
            state.logged_once.add(error.message)
            current_app.logger.error("The keys read before are still used. %s", error.message)  # noqa: TRY400 — the message needs no traceback
        return current
    current_app.extensions["survey"] = replace(state, keys=changed)
    return changed


def keys_as_read() -> Keys:
    """The keys of the current app as they were last read, without a look at the key file."""
    current: Keys = current_app.extensions["survey"].keys
    return current
