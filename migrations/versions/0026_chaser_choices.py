"""A table of what staff chose about one contact's chaser: none this time, or a personal line.

Revision ID: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "survey_chaser_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("grant_id", sa.Integer(), nullable=False),
        sa.Column("slot_key", sa.String(length=40), nullable=False),
        sa.Column("left_out", sa.Boolean(), nullable=False),
        sa.Column("line", sa.LargeBinary(), nullable=True),
        sa.Column("chased_on", sa.Date(), nullable=True),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "left_out OR line IS NOT NULL", name=op.f("ck_survey_chaser_choice_says_something")
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["survey_grant.id"], name=op.f("fk_survey_chaser_choice_grant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_chaser_choice")),
        sa.UniqueConstraint("grant_id", "slot_key", name=op.f("uq_survey_chaser_choice_grant_id")),
    )


def downgrade() -> None:
    """Drop the table; the choices go with it, and every contact is chased as planned."""
    op.drop_table("survey_chaser_choice")
