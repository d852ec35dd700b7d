"""Roles, sessions, links and second factors of the standalone app’s accounts.

Revision ID: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_ROLES = "ck_survey_staff_roles"


def upgrade() -> None:
    """Add the columns and tables; the oldest account of a business manager administers accounts."""
    with op.batch_alter_table("survey_staff") as table:
        table.add_column(sa.Column("roles", sa.String(length=80), nullable=False, server_default="executive"))
        table.add_column(sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("totp_key", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("totp_step", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE survey_staff SET roles = role, joined_at = created_at")
    op.execute(
        "UPDATE survey_staff SET roles = 'business_manager administrator' WHERE id = "
        "(SELECT min(id) FROM survey_staff WHERE role = 'business_manager') "
        "AND NOT EXISTS (SELECT 1 FROM survey_staff WHERE role = 'administrator')"
    )
    with op.batch_alter_table("survey_staff") as table:
        table.alter_column("roles", server_default=None)
        table.alter_column("totp_step", server_default=None)
        table.create_check_constraint(op.f(_ROLES), "roles <> ''")
        table.drop_column("role")
    _create_tables()


def _create_tables() -> None:
    op.create_table(
        "survey_staff_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("browser", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["survey_staff.id"], name=op.f("fk_survey_staff_session_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_staff_session")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_survey_staff_session_secret_hash")),
    )
    op.create_index("ix_survey_staff_session_staff_id", "survey_staff_session", ["staff_id"])
    op.create_table(
        "survey_recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["survey_staff.id"], name=op.f("fk_survey_recovery_code_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_recovery_code")),
    )
    op.create_index("ix_survey_recovery_code_staff_id", "survey_recovery_code", ["staff_id"])
    op.create_table(
        "survey_staff_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("purpose IN ('join','new_password')", name=op.f("ck_survey_staff_link_purpose")),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["survey_staff.id"], name=op.f("fk_survey_staff_link_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_staff_link")),
        sa.UniqueConstraint("public_id", name=op.f("uq_survey_staff_link_public_id")),
    )
    op.create_index("ix_survey_staff_link_staff_id", "survey_staff_link", ["staff_id"])
    op.create_table(
        "survey_wanted_password",
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_survey_wanted_password")),
    )


def downgrade() -> None:
    """Drop them; an account keeps the first of its roles, and one without a password cannot sign in."""
    for name in (
        "survey_wanted_password",
        "survey_staff_link",
        "survey_recovery_code",
        "survey_staff_session",
    ):
        op.drop_table(name)
    with op.batch_alter_table("survey_staff") as table:
        table.add_column(sa.Column("role", sa.String(length=20), nullable=False, server_default="executive"))
    for role in ("administrator", "executive", "audit_lead", "business_manager"):
        op.execute(f"UPDATE survey_staff SET role = '{role}' WHERE roles LIKE '%{role}%'")  # noqa: S608 — our own words
    with op.batch_alter_table("survey_staff") as table:
        table.alter_column("role", server_default=None)
        table.drop_constraint(op.f(_ROLES), type_="check")
        for column in ("totp_step", "totp_key", "last_seen_at", "suspended_at", "joined_at", "roles"):
            table.drop_column(column)
