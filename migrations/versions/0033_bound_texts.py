"""Every encrypted text is encrypted again for its own column; tokens that open anywhere are gone.

Revision ID: 0033
"""

from base64 import urlsafe_b64encode
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.store.keys import keys
from surveyapp.foundation.store.text_cipher import UnreadableText

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

COLUMNS = {
    "survey_audit": ("reopened_reason",),
    "survey_staff": ("totp_key",),
    "survey_bounce": ("said",),
    "survey_brief": ("texts",),
    "survey_finding": ("text", "challenge"),
    "survey_release_proposal": ("reason",),
    "survey_report": ("population", "criteria"),
    "survey_report_kept_flag": ("reason",),
    "survey_report_text": ("text",),
    "survey_workshop": ("scenarios", "notes", "suggestions"),
    "survey_brief_kept_flag": ("reason",),
    "survey_brief_release": ("page",),
    "survey_family_contact": ("telephone",),
    "survey_involvement": ("own_reference",),
    "survey_narrative": ("text",),
    "survey_recommendation": ("text",),
    "survey_sampling_child": ("left_out_reason",),
    "survey_action": ("what", "measure"),
    "survey_audit_request": ("withdrawn_reason",),
    "survey_call": ("said",),
    "survey_chaser_choice": ("line",),
    "survey_family_note": ("text",),
    "survey_action_update": ("evidence",),
    "survey_concern": ("told_whom", "told_when", "outcome"),
    "survey_enquiry": ("text", "answer"),
    "survey_return": ("reopening_note",),
    "survey_quote": ("original", "printed"),
    "survey_answer": ("text",),
}
# The number of rows in memory at a time.
BATCH = 200


# Encrypts the text of a place again; made only where there are texts, since it takes the keys.
_Again = Callable[[bytes, str], bytes]


def upgrade() -> None:
    """Encrypt each text for its column. Raises CannotStart if the keys do not open one; nothing changes."""
    _encrypt_again(_bound_to_columns)


def downgrade() -> None:
    """Make tokens again that open in any column. Raises CannotStart as `upgrade` does."""
    _encrypt_again(_bound_to_nothing)


def _bound_to_columns() -> _Again:
    fernet, texts = _fernet(), keys().texts
    return lambda token, place: texts.encrypt(fernet.decrypt(token).decode(), place)


def _bound_to_nothing() -> _Again:
    fernet, texts = _fernet(), keys().texts
    return lambda stored, place: fernet.encrypt(texts.decrypt(stored, place).encode())


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in keys().data])


def _encrypt_again(make_again: Callable[[], _Again]) -> None:
    for table_name, columns in COLUMNS.items():
        table = sa.table(
            table_name, sa.column("id", sa.Integer), *(sa.column(name, sa.LargeBinary) for name in columns)
        )
        for name in columns:
            _encrypt_column_again(table, name, make_again)


def _encrypt_column_again(table: sa.TableClause, name: str, make_again: Callable[[], _Again]) -> None:
    connection, column, place = op.get_bind(), table.c[name], f"{table.name}.{name}"
    texts = sa.select(table.c.id, column).where(column.is_not(None)).order_by(table.c.id).limit(BATCH)
    change = sa.update(table).where(table.c.id == sa.bindparam("row")).values({name: sa.bindparam("changed")})
    last = 0
    while rows := connection.execute(texts.where(table.c.id > last)).all():
        again, changed = make_again(), list[dict[str, object]]()
        for row, stored in rows:
            try:
                changed.append({"row": row, "changed": again(stored, place)})
            except (InvalidToken, UnreadableText):
                raise CannotStart(
                    f"The keys in the key file do not open {place} of row {row}, so nothing was changed. "
                    "Put back the key file that belongs to this database, and run “survey upgrade” again."
                ) from None
        connection.execute(change, changed)
        last = rows[-1][0]
