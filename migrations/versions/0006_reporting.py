"""Tables for reports: details, the Word template, and the author's paragraphs by section.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of reports."""
    op.create_table(
        "survey_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("population", sa.LargeBinary(), nullable=False),
        sa.Column("criteria", sa.LargeBinary(), nullable=False),
        sa.Column("reference_list", sa.Text(), nullable=False),
        sa.Column("template", sa.LargeBinary(), nullable=True),
        sa.Column("template_name", sa.String(length=200), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["survey_audit.id"], name=op.f("fk_survey_report_audit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_report")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_survey_report_audit_id")),
    )
    op.create_table(
        "survey_report_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=80), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["survey_audit.id"], name=op.f("fk_survey_report_text_audit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_report_text")),
        sa.UniqueConstraint("audit_id", "section", name=op.f("uq_survey_report_text_audit_id")),
    )


def downgrade() -> None:
    """Drop the tables of reports."""
    op.drop_table("survey_report_text")
    op.drop_table("survey_report")
