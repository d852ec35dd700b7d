"""A table of the private addresses at which calendar programs read the days of the audits.

Revision ID: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "survey_calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_calendar_feed")),
        sa.UniqueConstraint("public_id", name=op.f("uq_survey_calendar_feed_public_id")),
    )
    op.create_index(
        "uq_survey_calendar_feed_owner",
        "survey_calendar_feed",
        ["owner"],
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL"),
        sqlite_where=sa.text("revoked_at IS NULL"),
    )


def downgrade() -> None:
    """Drop the table; no address answers any more."""
    op.drop_index("uq_survey_calendar_feed_owner", table_name="survey_calendar_feed")
    op.drop_table("survey_calendar_feed")
