"""What must fit before the standalone app serves anybody (PROMISES 3.9, D12, D16)."""

from cryptography.fernet import InvalidToken
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from surveyapp.answering.models import Answer
from surveyapp.foundation.db import engine, session
from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.schema import check_schema
from surveyapp.foundation.settings import settings


def check_start() -> None:
    """Refuse to serve, in one sentence, with a database or keys that do not fit. Raises CannotStart."""
    try:
        check_schema(engine())
        check_keys()
    except OperationalError as error:
        raise CannotStart(f"The database cannot be opened: {str(error.orig).strip()}.") from error
    finally:
        session.rollback()


def check_keys() -> None:
    """Read one stored text; whoever cannot would lose everything written from then on. Raises CannotStart."""
    try:
        session.scalar(select(Answer.text).where(Answer.text.is_not(None)).limit(1))
    except InvalidToken:
        raise CannotStart(
            f"The data key in {settings().key_file} does not open what is stored. "
            "Put back the key file that belongs to this database."
        ) from None
