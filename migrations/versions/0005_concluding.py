"""Tables for conclusions: findings, recommendations and the action plan.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of concluding."""
    op.create_table(
        "survey_conclusion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("re_audit_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["survey_audit.id"], name=op.f("fk_survey_conclusion_audit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_conclusion")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_survey_conclusion_audit_id")),
    )
    op.create_table(
        "survey_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("challenge", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["audit_id"], ["survey_audit.id"], name=op.f("fk_survey_finding_audit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_finding")),
    )
    op.create_index(op.f("ix_survey_finding_audit_id"), "survey_finding", ["audit_id"], unique=False)
    op.create_table(
        "survey_finding_question",
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["survey_finding.id"], name=op.f("fk_survey_finding_question_finding_id")
        ),
        sa.PrimaryKeyConstraint("finding_id", "question", name=op.f("pk_survey_finding_question")),
    )
    op.create_table(
        "survey_finding_theme",
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["survey_finding.id"], name=op.f("fk_survey_finding_theme_finding_id")
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["survey_practice_theme.id"], name=op.f("fk_survey_finding_theme_theme_id")
        ),
        sa.PrimaryKeyConstraint("finding_id", "theme_id", name=op.f("pk_survey_finding_theme")),
    )
    op.create_index(
        op.f("ix_survey_finding_theme_theme_id"), "survey_finding_theme", ["theme_id"], unique=False
    )
    op.create_table(
        "survey_recommendation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("repeated_from_id", sa.Integer(), nullable=True),
        sa.Column("repeated_from_elsewhere", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "repeated_from_id IS NULL OR repeated_from_elsewhere = ''",
            name=op.f("ck_survey_recommendation_repeats_one"),
        ),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["survey_audit.id"], name=op.f("fk_survey_recommendation_audit_id")
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["survey_finding.id"], name=op.f("fk_survey_recommendation_finding_id")
        ),
        sa.ForeignKeyConstraint(
            ["repeated_from_id"],
            ["survey_recommendation.id"],
            name=op.f("fk_survey_recommendation_repeated_from_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_recommendation")),
    )
    op.create_index(
        op.f("ix_survey_recommendation_audit_id"), "survey_recommendation", ["audit_id"], unique=False
    )
    op.create_index(
        op.f("ix_survey_recommendation_repeated_from_id"),
        "survey_recommendation",
        ["repeated_from_id"],
        unique=False,
    )
    op.create_table(
        "survey_action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("recommendation_id", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.LargeBinary(), nullable=False),
        sa.Column("measure", sa.LargeBinary(), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("owner_email", sa.String(length=254), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_set_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.CheckConstraint("status IN ('open','under_way','done')", name=op.f("ck_survey_action_status")),
        sa.CheckConstraint(
            "finding_id IS NULL OR recommendation_id IS NULL", name=op.f("ck_survey_action_answers_one")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["survey_agency.id"], name=op.f("fk_survey_action_agency_id")),
        sa.ForeignKeyConstraint(["audit_id"], ["survey_audit.id"], name=op.f("fk_survey_action_audit_id")),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["survey_finding.id"], name=op.f("fk_survey_action_finding_id")
        ),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["survey_recommendation.id"],
            name=op.f("fk_survey_action_recommendation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_action")),
    )
    op.create_index(op.f("ix_survey_action_agency_id"), "survey_action", ["agency_id"], unique=False)
    op.create_index(op.f("ix_survey_action_audit_id"), "survey_action", ["audit_id"], unique=False)
    op.create_index(op.f("ix_survey_action_due_on"), "survey_action", ["due_on"], unique=False)
    op.create_table(
        "survey_action_update",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("evidence", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "status IN ('open','under_way','done')", name=op.f("ck_survey_action_update_status")
        ),
        sa.ForeignKeyConstraint(
            ["action_id"], ["survey_action.id"], name=op.f("fk_survey_action_update_action_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_action_update")),
    )
    op.create_index(
        op.f("ix_survey_action_update_action_id"), "survey_action_update", ["action_id"], unique=False
    )
    op.create_table(
        "survey_finding_quote",
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("quote_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["survey_finding.id"], name=op.f("fk_survey_finding_quote_finding_id")
        ),
        sa.ForeignKeyConstraint(
            ["quote_id"], ["survey_quote.id"], name=op.f("fk_survey_finding_quote_quote_id")
        ),
        sa.PrimaryKeyConstraint("finding_id", "quote_id", name=op.f("pk_survey_finding_quote")),
    )
    op.create_index(
        op.f("ix_survey_finding_quote_quote_id"), "survey_finding_quote", ["quote_id"], unique=False
    )


def downgrade() -> None:
    """Drop the tables of concluding."""
    op.drop_table("survey_finding_quote")
    op.drop_table("survey_action_update")
    op.drop_table("survey_action")
    op.drop_table("survey_recommendation")
    op.drop_table("survey_finding_theme")
    op.drop_table("survey_finding_question")
    op.drop_table("survey_finding")
    op.drop_table("survey_conclusion")
