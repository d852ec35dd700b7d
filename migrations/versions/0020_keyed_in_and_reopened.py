"""Columns for answers that staff key in for a contact, and for a return that is open for correction.

Revision ID: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_CHECKS = {
    "survey_revision": {
        "ck_survey_revision_received_by": "received_by IN ('','telephone','paper')",
        "ck_survey_revision_keyed_in": "(keyed_by = '') = (received_by = '')",
    },
    "survey_return": {
        "ck_survey_return_reopened_with_reason": "(reopened_at IS NULL) = (reopening_reason = '')",
    },
}


def upgrade() -> None:
    """Add the columns; nothing so far was keyed in or is open for correction."""
    with op.batch_alter_table("survey_revision") as table:
        table.add_column(sa.Column("keyed_by", sa.String(length=200), nullable=False, server_default=""))
        table.add_column(sa.Column("received_by", sa.String(length=10), nullable=False, server_default=""))
    with op.batch_alter_table("survey_return") as table:
        table.add_column(sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(
            sa.Column("reopening_reason", sa.String(length=20), nullable=False, server_default="")
        )
        table.add_column(sa.Column("reopening_note", sa.LargeBinary(), nullable=True))
    for name, columns in (
        ("survey_revision", ("keyed_by", "received_by")),
        ("survey_return", ("reopening_reason",)),
    ):
        with op.batch_alter_table(name) as table:
            for column in columns:
                table.alter_column(column, server_default=None)
            for check, condition in _CHECKS[name].items():
                table.create_check_constraint(op.f(check), condition)


def downgrade() -> None:
    """Drop the columns; what was keyed in is kept as if the contact had sent it."""
    for name, columns in (
        ("survey_revision", ("keyed_by", "received_by")),
        ("survey_return", ("reopened_at", "reopening_reason", "reopening_note")),
    ):
        with op.batch_alter_table(name) as table:
            for check in _CHECKS[name]:
                table.drop_constraint(op.f(check), type_="check")
            for column in columns:
                table.drop_column(column)
