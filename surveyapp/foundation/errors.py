"""Errors that are shown to a person: the message, the way on and the HTTP status."""


class SurveyError(Exception):
    """A refusal, worded so that the person can act on it.

    `message` says what happened, `way_on` what to do next; `status` is the HTTP status, 400 to 599.
    """

    status = 400
    way_on = ""

    def __init__(self, message: str, *, way_on: str = "") -> None:
        """Keep the message, and `way_on` if this error has one of its own."""
        super().__init__(message)
        self.message = message
        if way_on:
            self.way_on = way_on


class NotFound(SurveyError):
    """The page does not exist or belongs to somebody else: the response is the same."""

    status = 404
    way_on = "Check the address, or go back to the start."

    def __init__(self, message: str = "There is no such page here.", *, way_on: str = "") -> None:
        """Say that the page does not exist."""
        super().__init__(message, way_on=way_on)


class Refused(SurveyError):
    """A rule of the audit forbids this now."""

    status = 409


class FieldRefused(Refused):
    """A typed value cannot be stored; `field` is the name of its form field."""

    def __init__(self, field: str, message: str) -> None:
        """Keep the message and the name of the field."""
        super().__init__(message)
        self.field = field


class ConcurrentChange(Refused):
    """Two people stored the same row at once, and the database accepted one of them."""

    way_on = "Look at what is there now, then press again if it is still needed."

    def __init__(self) -> None:
        """Use a fixed message, since a log must not hold typed text."""
        super().__init__("Somebody stored the same at the same moment.")


class CouldNotSave(SurveyError):
    """The database was busy, full or out of reach; nothing was stored."""

    status = 503
    way_on = "Your text is below. Press the button again in a moment."

    def __init__(self, message: str = "Could not save just now.", *, way_on: str = "") -> None:
        """Say that nothing was stored."""
        super().__init__(message, way_on=way_on)


class CannotStart(SurveyError):
    """The program cannot start as it is set up: its keys, schema or settings are wrong."""

    status = 500
