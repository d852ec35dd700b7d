"""The column type for text that is encrypted in the database: comments, references (promises 3.9)."""

import logging
from typing import Any

from sqlalchemy import Column, Dialect, LargeBinary, Table, TypeDecorator, event
from sqlalchemy.orm import Mapper

from surveyapp.foundation.store.db import Base
from surveyapp.foundation.store.keys import keys, keys_as_read
from surveyapp.foundation.store.text_cipher import UnknownKey, UnreadableText

log = logging.getLogger(__name__)


class EncryptedText(TypeDecorator[str]):
    """Text in Python, encrypted in the database; None stays None. SQL cannot search it.

    What stands in one column does not open in another: `place` is the column's name, which the type is told
    when its table is mapped. Each column needs a type of its own, as `mapped_column(EncryptedText)` gives it.
    """

    impl = LargeBinary
    # `place` is part of the key, since it is an argument of __init__.
    cache_ok = True

    def __init__(self, place: str = "") -> None:
        """Begin without a place, unless it is given: “table.column”."""
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        """Encrypt with the newest key."""
        return None if value is None else keys().texts.encrypt(value, self.place)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Decrypt with whichever key made it. Raises UnreadableText, and logs the column."""
        return None if value is None else decrypt_text(value, self.place)


def decrypt_text(stored: bytes, place: str) -> str:
    """Decrypt what a query read as bytes from the column `place`, “table.column”.

    A key that another process has put into the key file since is found there. Raises UnreadableText, and logs
    the column.
    """
    try:
        try:
            return keys_as_read().texts.decrypt(stored, place)
        except UnknownKey:
            return keys().texts.decrypt(stored, place)
    except UnreadableText as error:
        why = "its key is not in the key file" if isinstance(error, UnknownKey) else "it was changed or moved"
        log.error("A text in %s does not open: %s.", place, why)  # noqa: TRY400 — no traceback needed
        raise


def place_of(column: Column[Any]) -> str:
    """The name of a column, to which its texts are bound."""
    return f"{column.table.name}.{column.name}"


def encrypted_columns() -> list[Column[Any]]:
    """Every column of encrypted texts, in the order of tables."""
    tables = Base.metadata.sorted_tables
    return [column for table in tables for column in table.columns if isinstance(column.type, EncryptedText)]


@event.listens_for(Base, "after_mapper_constructed", propagate=True)
def tell_types_their_columns(mapper: Mapper[Any], _mapped: type) -> None:
    """Tell the type of each encrypted column its place. Raises TypeError for a type of two columns."""
    table = mapper.local_table
    if not isinstance(table, Table):
        return
    for column in table.columns:
        if isinstance(column.type, EncryptedText):
            if column.type.place not in ("", place_of(column)):
                raise TypeError(f"{place_of(column)} shares its type with {column.type.place}.")
            column.type.place = place_of(column)
