"""A seal for each revision of a return; those that are there are sealed as they are found.

Revision ID: 0037
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.store.keys import keys
from surveyapp.foundation.store.seals import seal_of
from surveyapp.foundation.store.text_cipher import UnreadableText

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_LABEL = "surveyapp/revision-seal/v1"
_PLACE = "survey_answer.text"
_REVISION = sa.table(
    "survey_revision",
    sa.column("id", sa.Integer),
    sa.column("return_id", sa.Integer),
    sa.column("submission_id", sa.String),
    sa.column("kind", sa.String),
    sa.column("created_at", sa.DateTime(timezone=True)),
    sa.column("seal", sa.String),
)
_RETURN = sa.table("survey_return", sa.column("id", sa.Integer), sa.column("request_id", sa.Integer))
_ANSWER = sa.table(
    "survey_answer",
    sa.column("revision_id", sa.Integer),
    sa.column("question", sa.String),
    sa.column("item", sa.String),
    sa.column("option", sa.String),
    sa.column("text", sa.LargeBinary),
)
_BATCH = 200


def upgrade() -> None:
    """Add the column, and seal each revision. Raises CannotStart if the keys do not open a text."""
    op.add_column("survey_revision", sa.Column("seal", sa.String(64), nullable=False, server_default=""))
    connection, last = op.get_bind(), 0
    revisions = (
        sa.select(
            _REVISION.c.id,
            _RETURN.c.request_id,
            _REVISION.c.submission_id,
            _REVISION.c.kind,
            _REVISION.c.created_at,
        )
        .join(_RETURN, _RETURN.c.id == _REVISION.c.return_id)
        .order_by(_REVISION.c.id)
        .limit(_BATCH)
    )
    change = sa.update(_REVISION).where(_REVISION.c.id == sa.bindparam("row"))
    while rows := connection.execute(revisions.where(_REVISION.c.id > last)).all():
        answers = _answers([row[0] for row in rows])
        seals = [{"row": row[0], "made": _seal(row[1:], answers.get(row[0], {}))} for row in rows]
        connection.execute(change.values(seal=sa.bindparam("made")), seals)
        last = rows[-1][0]


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("survey_revision", "seal")


def _answers(revision_ids: list[int]) -> dict[int, dict[tuple[str, str, str], str | None]]:
    """The texts of revisions by question, item and option."""
    answers: dict[int, dict[tuple[str, str, str], str | None]] = {}
    rows = op.get_bind().execute(sa.select(_ANSWER).where(_ANSWER.c.revision_id.in_(revision_ids)))
    for revision_id, question, item, option, stored in rows:
        try:
            text = None if stored is None else keys().texts.decrypt(stored, _PLACE)
        except UnreadableText:
            raise CannotStart(
                f"The keys in the key file do not open an answer of revision {revision_id}, so nothing was "
                "changed. Put back the key file that belongs to this database, and try again."
            ) from None
        answers.setdefault(revision_id, {})[question, item, option] = text
    return answers


def _seal(row: Sequence[Any], answers: dict[tuple[str, str, str], str | None]) -> str:
    request_id, submission_id, kind, created_at = row
    flat = [value for key in sorted(answers) for value in (*key, answers[key])]
    return seal_of(_LABEL, request_id, submission_id, kind, _in_utc(created_at), *flat)


def _in_utc(moment: datetime) -> str:
    """A moment as ISO 8601 in UTC; SQLite stores no time zone."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat()
