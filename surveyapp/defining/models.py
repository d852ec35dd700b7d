"""Forms that staff made on pages, each as the text of a form file."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from surveyapp.foundation.store.db import Base


class SavedForm(Base):
    """A form made on pages; unlike a file of the folder it may be unfinished."""

    __tablename__ = "survey_saved_form"

    id: Mapped[int] = mapped_column(primary_key=True)
    # The id by which audits name the form, as a form file has it.
    form_id: Mapped[str] = mapped_column(String(60), unique=True)
    # The whole form, written as a form file.
    text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(200))
    # When the first audit was issued with it: from then on it stays as agencies saw it.
    issued_at: Mapped[datetime | None]
    # When staff put it away: no new audit is offered it.
    put_away_at: Mapped[datetime | None]

    @property
    def is_frozen(self) -> bool:
        """Whether an audit was issued with this form."""
        return self.issued_at is not None
