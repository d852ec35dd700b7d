"""A table for the calls that staff note, and a kind of enquiry for time that staff give without being asked.

Revision ID: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_KIND = "ck_survey_enquiry_kind"


def upgrade() -> None:
    """Create the table, and allow the kind."""
    op.create_table(
        "survey_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("grant_id", sa.Integer(), nullable=False),
        sa.Column("press_id", sa.String(length=40), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("noted_by", sa.String(length=200), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["grant_id"], ["survey_grant.id"], name=op.f("fk_survey_call_grant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_call")),
        sa.UniqueConstraint("press_id", name=op.f("uq_survey_call_press_id")),
    )
    op.create_index("ix_survey_call_grant", "survey_call", ["grant_id", "id"])
    with op.batch_alter_table("survey_enquiry") as table:
        table.drop_constraint(_KIND, type_="check")
        table.create_check_constraint(op.f(_KIND), "kind IN ('question','more_time','given')")


def downgrade() -> None:
    """Drop the table; time that was given without being asked is kept as if it had been asked for."""
    op.execute("UPDATE survey_enquiry SET kind = 'more_time' WHERE kind = 'given'")
    with op.batch_alter_table("survey_enquiry") as table:
        table.drop_constraint(_KIND, type_="check")
        table.create_check_constraint(op.f(_KIND), "kind IN ('question','more_time')")
    op.drop_index("ix_survey_call_grant", table_name="survey_call")
    op.drop_table("survey_call")
