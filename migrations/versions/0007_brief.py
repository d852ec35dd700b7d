"""Tables for learning briefs: their texts, the library of resources, kept flags and releases.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of briefs."""
    op.create_table(
        "survey_library_resource",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_library_resource")),
        sa.UniqueConstraint("name", name=op.f("uq_survey_library_resource_name")),
    )
    op.create_table(
        "survey_brief",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("audited_on", sa.Date(), nullable=True),
        sa.Column("discussed", sa.Integer(), nullable=True),
        sa.Column("shows_splits", sa.Boolean(), nullable=False),
        sa.Column("question", sa.String(length=80), nullable=False),
        sa.Column("texts", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("discussed IS NULL OR discussed >= 0", name=op.f("ck_survey_brief_discussed")),
        sa.ForeignKeyConstraint(["audit_id"], ["survey_audit.id"], name=op.f("fk_survey_brief_audit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_brief")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_survey_brief_audit_id")),
    )
    op.create_table(
        "survey_brief_resource",
        sa.Column("brief_id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brief_id"], ["survey_brief.id"], name=op.f("fk_survey_brief_resource_brief_id")
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["survey_library_resource.id"],
            name=op.f("fk_survey_brief_resource_resource_id"),
        ),
        sa.PrimaryKeyConstraint("brief_id", "resource_id", name=op.f("pk_survey_brief_resource")),
    )
    op.create_index(op.f("ix_survey_brief_resource_resource_id"), "survey_brief_resource", ["resource_id"])
    op.create_table(
        "survey_brief_kept_flag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brief_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("approver", sa.String(length=200), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["brief_id"], ["survey_brief.id"], name=op.f("fk_survey_brief_kept_flag_brief_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_brief_kept_flag")),
        sa.UniqueConstraint("brief_id", "mark", name=op.f("uq_survey_brief_kept_flag_brief_id")),
    )
    op.create_table(
        "survey_brief_release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brief_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("approver", sa.String(length=200), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("page", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brief_id"], ["survey_brief.id"], name=op.f("fk_survey_brief_release_brief_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_brief_release")),
    )
    op.create_index("ix_survey_brief_release_brief", "survey_brief_release", ["brief_id", "id"])


def downgrade() -> None:
    """Drop the tables of briefs."""
    for table in ("release", "kept_flag", "resource"):
        op.drop_table(f"survey_brief_{table}")
    op.drop_table("survey_brief")
    op.drop_table("survey_library_resource")
