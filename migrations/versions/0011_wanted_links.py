"""Tables for links asked for again, and for browsers whose visits were finished.

Revision ID: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "survey_wanted_link",
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_survey_wanted_link")),
    )
    op.create_table(
        "survey_finished_browser",
        sa.Column("browser_id", sa.String(length=40), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("browser_id", name=op.f("pk_survey_finished_browser")),
    )
    op.create_index("ix_survey_finished_browser_at", "survey_finished_browser", ["finished_at"])


def downgrade() -> None:
    """Drop both tables."""
    op.drop_table("survey_finished_browser")
    op.drop_table("survey_wanted_link")
