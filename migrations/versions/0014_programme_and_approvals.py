"""Columns for the reason, emphasis, period and lead of an audit, and a table of approvals by executives.

Revision ID: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_TEXTS = (
    ("theme_reason", sa.Text()),
    ("emphasis", sa.String(length=20)),
    ("period_reviewed", sa.String(length=200)),
    ("audit_lead", sa.String(length=200)),
)
_EMPHASIS = "ck_survey_audit_emphasis"


def upgrade() -> None:
    """Add the columns, empty for every audit so far, and the table."""
    with op.batch_alter_table("survey_audit") as audit:
        for name, kind in _TEXTS:
            audit.add_column(sa.Column(name, kind, nullable=False, server_default=""))
    with op.batch_alter_table("survey_audit") as audit:
        for name, _kind in _TEXTS:
            audit.alter_column(name, server_default=None)
        audit.create_check_constraint(
            op.f(_EMPHASIS), "emphasis IN ('', 'quantitative', 'qualitative', 'both')"
        )
    op.create_table(
        "survey_approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("approved_by", sa.String(length=200), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("subject IN ('theme', 'sample')", name=op.f("ck_survey_approval_subject")),
        sa.ForeignKeyConstraint(["audit_id"], ["survey_audit.id"], name=op.f("fk_survey_approval_audit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_approval")),
    )
    op.create_index("ix_survey_approval_audit", "survey_approval", ["audit_id", "subject", "id"])


def downgrade() -> None:
    """Drop the table and the columns."""
    op.drop_index("ix_survey_approval_audit", table_name="survey_approval")
    op.drop_table("survey_approval")
    with op.batch_alter_table("survey_audit") as audit:
        audit.drop_constraint(op.f(_EMPHASIS), type_="check")
        for name, _kind in _TEXTS:
            audit.drop_column(name)
