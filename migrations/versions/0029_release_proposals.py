"""A table of proposals to release a report or a brief, which executives approve or send back.

Revision ID: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table. Releases made before it keep the name that their approver typed."""
    op.create_table(
        "survey_release_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(length=20), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("proposed_by", sa.String(length=200), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("settled_by", sa.String(length=200), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "document IN ('report', 'brief')", name=op.f("ck_survey_release_proposal_document")
        ),
        sa.CheckConstraint(
            "outcome IN ('approved', 'sent_back', 'withdrawn')",
            name=op.f("ck_survey_release_proposal_outcome"),
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (settled_at IS NULL)", name=op.f("ck_survey_release_proposal_settled")
        ),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["survey_audit.id"], name=op.f("fk_survey_release_proposal_audit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_release_proposal")),
    )
    op.create_index(
        "ix_survey_release_proposal_audit", "survey_release_proposal", ["audit_id", "document", "id"]
    )
    op.create_index(
        "uq_survey_release_proposal_waiting",
        "survey_release_proposal",
        ["audit_id", "document"],
        unique=True,
        postgresql_where=sa.text("settled_at IS NULL"),
        sqlite_where=sa.text("settled_at IS NULL"),
    )


def downgrade() -> None:
    """Drop the table; what was released stays so."""
    op.drop_index("uq_survey_release_proposal_waiting", table_name="survey_release_proposal")
    op.drop_index("ix_survey_release_proposal_audit", table_name="survey_release_proposal")
    op.drop_table("survey_release_proposal")
