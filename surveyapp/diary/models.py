"""The private addresses at which calendar programs read the days of the audits."""

from datetime import datetime

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from surveyapp.foundation.store.db import Base


class CalendarFeed(Base):
    """One member of staff's private address; a person has at most one that has not been withdrawn."""

    __tablename__ = "survey_calendar_feed"
    __table_args__ = (
        Index(
            "uq_survey_calendar_feed_owner",
            "owner",
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
            sqlite_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Half of the token. The other half is derived from it and a key outside the database, as for links.
    public_id: Mapped[str] = mapped_column(String(24), unique=True)
    # The name of the member of staff, as events record it.
    owner: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
