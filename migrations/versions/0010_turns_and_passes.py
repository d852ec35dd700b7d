"""Columns for the turns of emails, and for the addresses and colleagues that cases are passed to.

Revision ID: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; emails that wait share one turn, and no address counts as looked at."""
    op.add_column(
        "survey_outbox", sa.Column("source", sa.String(length=40), nullable=False, server_default="")
    )
    op.add_column("survey_outbox", sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_survey_outbox_claimed_at", "survey_outbox", ["claimed_at"])
    op.add_column(
        "survey_passed_on", sa.Column("address_checked_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("survey_contact", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Drop the columns."""
    op.drop_column("survey_contact", "removed_at")
    op.drop_column("survey_passed_on", "address_checked_at")
    op.drop_index("ix_survey_outbox_claimed_at", table_name="survey_outbox")
    op.drop_column("survey_outbox", "claimed_at")
    op.drop_column("survey_outbox", "source")
