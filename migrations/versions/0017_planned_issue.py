"""Columns for an audit that the worker issues on its day.

Revision ID: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; no audit is issued by itself so far."""
    op.add_column("survey_audit", sa.Column("issue_planned_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "survey_audit",
        sa.Column("issue_planned_by", sa.String(length=200), nullable=False, server_default=""),
    )


def downgrade() -> None:
    """Drop the columns."""
    op.drop_column("survey_audit", "issue_planned_by")
    op.drop_column("survey_audit", "issue_planned_at")
