"""Counts that several processes share, such as of tries to sign in.

Revision ID: 0039
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "survey_shared_count",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_survey_shared_count"),
    )
    op.create_index("ix_survey_shared_count_ends_at", "survey_shared_count", ["ends_at"])


def downgrade() -> None:
    """Drop the table; every count begins again."""
    op.drop_table("survey_shared_count")
