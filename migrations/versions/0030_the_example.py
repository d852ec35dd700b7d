"""A mark on the audits that are an example, and a table of the wish to have the example loaded.

Revision ID: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and the table."""
    op.add_column(
        "survey_audit", sa.Column("is_example", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.create_table(
        "survey_wanted_example",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_survey_wanted_example_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_wanted_example")),
    )


def downgrade() -> None:
    """Drop the table and the column; an example that is loaded is an audit like any other."""
    op.drop_table("survey_wanted_example")
    op.drop_column("survey_audit", "is_example")
