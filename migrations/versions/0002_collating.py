"""Tables for the figures frozen at each close, and for benchmarks.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both tables; the worker's next tick freezes the figures of audits that are already closed."""
    op.create_table(
        "survey_frozen_figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["survey_audit.id"], name=op.f("fk_survey_frozen_figures_audit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_frozen_figures")),
        sa.UniqueConstraint("audit_id", "closed_at", name=op.f("uq_survey_frozen_figures_audit_id")),
    )
    op.create_table(
        "survey_benchmark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=200), nullable=False),
        sa.Column("period", sa.String(length=100), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("national_average", sa.String(length=10), nullable=False),
        sa.Column("own_count", sa.Integer(), nullable=True),
        sa.Column("own_of", sa.Integer(), nullable=True),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(own_count IS NULL) = (own_of IS NULL)", name=op.f("ck_survey_benchmark_own_figure_whole")
        ),
        sa.CheckConstraint(
            "own_of IS NULL OR (own_of > 0 AND own_count BETWEEN 0 AND own_of)",
            name=op.f("ck_survey_benchmark_own_figure"),
        ),
        sa.ForeignKeyConstraint(["audit_id"], ["survey_audit.id"], name=op.f("fk_survey_benchmark_audit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_benchmark")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_survey_benchmark_audit_id")),
    )


def downgrade() -> None:
    """Drop both tables."""
    op.drop_table("survey_benchmark")
    op.drop_table("survey_frozen_figures")
