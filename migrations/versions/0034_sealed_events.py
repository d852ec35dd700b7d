"""A mark in each event, the seals of events, and what was removed from the start of the log.

Events of before this are marked as they are found: no event without a mark is ever sealed, or whoever
emptied the log could put one of their own in its place. Events can be deleted only as far as they are named
as removed (surveyapp/foundation/event_chain/).

Revision ID: 0034
"""

import secrets
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from surveyapp.foundation.store.seals import seal_of

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_KEPT = """NOT EXISTS (SELECT 1 FROM survey_event_seal
 JOIN survey_removed_events ON survey_removed_events.number >= survey_event_seal.number
 WHERE survey_event_seal.event_id = OLD.id)"""

_MARK = "surveyapp/event-mark/v1"
_EVENT = sa.table(
    "survey_event",
    sa.column("id", sa.Integer),
    sa.column("at", sa.DateTime(timezone=True)),
    *(sa.column(name, sa.String) for name in ("actor", "action", "object", "detail", "mark")),
)
_BATCH = 2_000


def upgrade() -> None:
    """Add the column and the tables, mark each event, and let the triggers ask what was removed."""
    op.add_column("survey_event", sa.Column("mark", sa.String(80), nullable=False, server_default=""))
    op.create_table(
        "survey_event_seal",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_survey_event_seal")),
        sa.UniqueConstraint("event_id", name=op.f("uq_survey_event_seal_event_id")),
    )
    op.create_table(
        "survey_removed_events",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("before", sa.Date(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_survey_removed_events")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(f"DROP TRIGGER IF EXISTS survey_event_no_{verb}")
        _mark_events()
        op.execute(
            "CREATE TRIGGER survey_event_no_update BEFORE UPDATE ON survey_event\n"
            "BEGIN SELECT RAISE(ABORT, 'event is append-only'); END"
        )
        op.execute(
            "CREATE TRIGGER survey_event_no_delete BEFORE DELETE ON survey_event\n"
            f"WHEN {_KEPT}\n"
            "BEGIN SELECT RAISE(ABORT, 'event is append-only'); END"
        )
        return
    op.execute("DROP TRIGGER IF EXISTS survey_event_append_only ON survey_event")
    _mark_events()
    op.execute(
        "CREATE TRIGGER survey_event_append_only BEFORE UPDATE OR TRUNCATE ON survey_event "
        "FOR EACH STATEMENT EXECUTE FUNCTION survey_event_append_only()"
    )
    op.execute(
        "CREATE FUNCTION survey_event_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
        f"{_KEPT}\n THEN RAISE EXCEPTION 'event is append-only'; END IF; RETURN OLD; END $$"
    )
    op.execute(
        "CREATE TRIGGER survey_event_no_delete BEFORE DELETE ON survey_event "
        "FOR EACH ROW EXECUTE FUNCTION survey_event_no_delete()"
    )


def downgrade() -> None:
    """Drop them, and refuse again to delete any event."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(f"DROP TRIGGER survey_event_no_{verb.lower()}")
            op.execute(
                f"CREATE TRIGGER survey_event_no_{verb} BEFORE {verb} ON survey_event "
                "BEGIN SELECT RAISE(ABORT, 'event is append-only'); END"
            )
    else:
        op.execute("DROP TRIGGER survey_event_no_delete ON survey_event")
        op.execute("DROP FUNCTION survey_event_no_delete()")
        op.execute("DROP TRIGGER survey_event_append_only ON survey_event")
        op.execute(
            "CREATE TRIGGER survey_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON survey_event "
            "FOR EACH STATEMENT EXECUTE FUNCTION survey_event_append_only()"
        )
    op.drop_table("survey_removed_events")
    op.drop_table("survey_event_seal")
    op.drop_column("survey_event", "mark")


def _mark_events() -> None:
    """Mark each event as it is found. It takes the keys, and only where there are events."""
    connection, last = op.get_bind(), 0
    page = sa.select(_EVENT).order_by(_EVENT.c.id).limit(_BATCH)
    change = sa.update(_EVENT).where(_EVENT.c.id == sa.bindparam("row"))
    while rows := connection.execute(page.where(_EVENT.c.id > last)).all():
        marks = [{"row": row.id, "made": _marked(row)} for row in rows]
        connection.execute(change.values(mark=sa.bindparam("made")), marks)
        last = rows[-1].id


def _marked(row: Any) -> str:  # noqa: ANN401 — a row
    salt = secrets.token_hex(8)
    values = (_in_utc(row.at), row.actor, row.action, row.object, row.detail or "")
    return salt + seal_of(_MARK, salt, *values)


def _in_utc(moment: datetime) -> str:
    """A moment as ISO 8601 in UTC; SQLite stores no time zone."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat()
