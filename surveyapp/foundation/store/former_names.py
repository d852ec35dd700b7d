"""Names under which people acted before they were renamed: the log keeps those, pages show today’s."""

from collections.abc import Collection

from sqlalchemy import String, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from surveyapp.foundation.store.db import Base, session, update_rows


class FormerName(Base):
    """A name that somebody had earlier, and the name by which they are known now.

    Nobody else gets a former name, so that each name in the event log stands for one person.
    """

    __tablename__ = "survey_former_name"

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    name_key: Mapped[str] = mapped_column(String(200), index=True)
    known_as: Mapped[str] = mapped_column(String(200), index=True)


def keep_former_name(name: str, name_key: str, *, known_as: str) -> None:
    """Keep the name of somebody who is now known by another, under which their earlier events are shown."""
    session.execute(delete(FormerName).where(FormerName.name == known_as))
    update_rows(update(FormerName).where(FormerName.known_as == name).values(known_as=known_as))
    session.add(FormerName(name=name, name_key=name_key, known_as=known_as))


def names_today(names: Collection[str]) -> dict[str, str]:
    """Today’s names of people, by the names that events keep for them."""
    if not names:
        return {}
    renamed = select(FormerName.name, FormerName.known_as).where(FormerName.name.in_(set(names)))
    return {name: name for name in names} | {row[0]: row[1] for row in session.execute(renamed)}
