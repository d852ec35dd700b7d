"""The column type for text that is encrypted in the database: comments, references (promises 3.9)."""

from sqlalchemy import Dialect, LargeBinary, TypeDecorator

from surveyapp.foundation.store.keys import keys


class EncryptedText(TypeDecorator[str]):
    """Text in Python, a Fernet token in the database; None stays None. SQL cannot search it."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        """Encrypt with the newest key."""
        return None if value is None else keys().fernet.encrypt(value.encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Decrypt with whichever key made it."""
        return None if value is None else keys().fernet.decrypt(value).decode()
