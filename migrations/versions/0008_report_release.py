"""Tables for releasing a report: the flags that an approver kept, and the released PDF.

Revision ID: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "survey_report_kept_flag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("approver", sa.String(length=200), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["survey_audit.id"], name=op.f("fk_survey_report_kept_flag_audit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_report_kept_flag")),
        sa.UniqueConstraint("audit_id", "mark", name=op.f("uq_survey_report_kept_flag_audit_id")),
    )
    op.create_table(
        "survey_report_release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("approver", sa.String(length=200), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["survey_audit.id"], name=op.f("fk_survey_report_release_audit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_report_release")),
    )
    op.create_index("ix_survey_report_release_audit", "survey_report_release", ["audit_id", "id"])


def downgrade() -> None:
    """Drop both tables."""
    op.drop_table("survey_report_release")
    op.drop_table("survey_report_kept_flag")
