"""How long the data of an audit are kept, holds, certificates of purges, and what is kept of figures.

Revision ID: 0038
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables; the worker sets the days of audits that closed before, with two weeks’ notice."""
    op.add_column("survey_audit", sa.Column("answers_removed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("survey_audit", sa.Column("kept_counts", sa.JSON(), nullable=True))
    op.add_column("survey_practice_theme", sa.Column("kept_comments", sa.Integer(), nullable=True))
    op.add_column("survey_practice_theme", sa.Column("kept_quotes", sa.Integer(), nullable=True))
    op.create_table(
        "survey_kept_figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["survey_audit.id"], name=op.f("fk_survey_kept_figures_audit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_kept_figures")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_survey_kept_figures_audit_id")),
    )
    _create_retention()
    _create_holds()
    _create_certificates()


def _create_retention() -> None:
    op.create_table(
        "survey_retention",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("drafts_on", sa.Date(), nullable=False),
        sa.Column("returns_on", sa.Date(), nullable=False),
        sa.Column("figures_on", sa.Date(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("drafts_purged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deletion_on", sa.Date(), nullable=True),
        sa.Column("deletion_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deletion_asked_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "drafts_on <= returns_on AND returns_on <= figures_on", name=op.f("ck_survey_retention_in_order")
        ),
        sa.CheckConstraint(
            "(deletion_on IS NULL) = (deletion_asked_by = '')",
            name=op.f("ck_survey_retention_deletion_has_its_name"),
        ),
        sa.CheckConstraint(
            "(deletion_on IS NULL) = (deletion_asked_at IS NULL)",
            name=op.f("ck_survey_retention_deletion_has_its_time"),
        ),
        sa.ForeignKeyConstraint(["audit_id"], ["survey_audit.id"], name=op.f("fk_survey_retention_audit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_retention")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_survey_retention_audit_id")),
    )
    op.create_table(
        "survey_retention_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("drafts_on", sa.Date(), nullable=False),
        sa.Column("returns_on", sa.Date(), nullable=False),
        sa.Column("figures_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["survey_audit.id"], name=op.f("fk_survey_retention_change_audit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_retention_change")),
    )
    op.create_index(op.f("ix_survey_retention_change_audit_id"), "survey_retention_change", ["audit_id"])


def _create_holds() -> None:
    op.create_table(
        "survey_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("set_by", sa.String(length=200), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=200), nullable=False),
        sa.Column("end_reason", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by = '')", name=op.f("ck_survey_hold_end_has_its_name")
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (end_reason IS NULL)", name=op.f("ck_survey_hold_end_has_its_reason")
        ),
        sa.ForeignKeyConstraint(["audit_id"], ["survey_audit.id"], name=op.f("fk_survey_hold_audit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_hold")),
    )
    op.create_index("ix_survey_hold_audit", "survey_hold", ["audit_id", "id"])
    op.create_index(
        "uq_survey_hold_open",
        "survey_hold",
        ["audit_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )


def _create_certificates() -> None:
    op.create_table(
        "survey_purge_certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("purged_by", sa.String(length=200), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cleaned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed", sa.JSON(), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('drafts','returns','everything')", name=op.f("ck_survey_purge_certificate_kind")
        ),
        sa.CheckConstraint(
            "finished_at IS NULL OR finished_at >= began_at",
            name=op.f("ck_survey_purge_certificate_ends_after_it_begins"),
        ),
        sa.CheckConstraint(
            "cleaned_at IS NULL OR finished_at IS NOT NULL",
            name=op.f("ck_survey_purge_certificate_cleaned_once_finished"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_purge_certificate")),
    )
    op.create_index("ix_survey_purge_certificate_audit", "survey_purge_certificate", ["audit_id", "id"])


def downgrade() -> None:
    """Drop the tables: what was purged stays purged, and its figures are lost with the table."""
    op.drop_table("survey_purge_certificate")
    op.drop_table("survey_hold")
    op.drop_table("survey_retention_change")
    op.drop_table("survey_retention")
    op.drop_table("survey_kept_figures")
    for column in ("kept_quotes", "kept_comments"):
        op.drop_column("survey_practice_theme", column)
    for column in ("kept_counts", "answers_removed_at"):
        op.drop_column("survey_audit", column)
