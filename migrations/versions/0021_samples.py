"""Tables for samples: how each is chosen, the children on its list, and what the heads of exports mean.

Revision ID: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "survey_sampling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("listed_on", sa.Date(), nullable=False),
        sa.Column("file_digest", sa.String(length=64), nullable=False),
        sa.Column("heads", sa.JSON(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("read_by", sa.String(length=200), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("selected_by", sa.String(length=200), nullable=False),
        sa.Column("consulted", sa.String(length=200), nullable=False),
        sa.Column("selected_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("size BETWEEN 1 AND 500", name=op.f("ck_survey_sampling_size")),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["survey_audit.id"], name=op.f("fk_survey_sampling_audit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_sampling")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_survey_sampling_audit_id")),
    )
    op.create_table(
        "survey_sampling_child",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sampling_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("age_months", sa.Integer(), nullable=True),
        sa.Column("unborn", sa.Boolean(), nullable=False),
        sa.Column("gender", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=80), nullable=False),
        sa.Column("plan", sa.String(length=80), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=True),
        sa.Column("interval_months", sa.Integer(), nullable=True),
        sa.Column("plans", sa.Integer(), nullable=True),
        sa.Column("sibling_group", sa.String(length=10), nullable=False),
        sa.Column("is_chosen", sa.Boolean(), nullable=False),
        sa.Column("left_out_reason", sa.LargeBinary(), nullable=True),
        sa.Column("left_out_by", sa.String(length=200), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "age_months IS NULL OR age_months BETWEEN 0 AND 300", name=op.f("ck_survey_sampling_child_age")
        ),
        sa.CheckConstraint(
            "NOT (unborn AND age_months IS NOT NULL)", name=op.f("ck_survey_sampling_child_unborn_has_no_age")
        ),
        sa.ForeignKeyConstraint(
            ["sampling_id"],
            ["survey_sampling.id"],
            name=op.f("fk_survey_sampling_child_sampling_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["survey_case.id"],
            name=op.f("fk_survey_sampling_child_case_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_sampling_child")),
        sa.UniqueConstraint("sampling_id", "number", name=op.f("uq_survey_sampling_child_sampling_id")),
    )
    op.create_index(op.f("ix_survey_sampling_child_case_id"), "survey_sampling_child", ["case_id"])
    op.create_table(
        "survey_export_head",
        sa.Column("head_key", sa.String(length=120), nullable=False),
        sa.Column("column_name", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("head_key", name=op.f("pk_survey_export_head")),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("survey_export_head")
    op.drop_index(op.f("ix_survey_sampling_child_case_id"), table_name="survey_sampling_child")
    op.drop_table("survey_sampling_child")
    op.drop_table("survey_sampling")
