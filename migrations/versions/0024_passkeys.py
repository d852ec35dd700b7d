"""Passkeys of staff, and the name that an organisation’s identity provider has for each of them.

Revision ID: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the column."""
    op.create_table(
        "survey_passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("uses", sa.BigInteger(), nullable=False),
        sa.Column("device", sa.String(length=60), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["survey_staff.id"], name=op.f("fk_survey_passkey_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_survey_passkey_credential_id")),
    )
    op.create_index("ix_survey_passkey_staff_id", "survey_passkey", ["staff_id"])
    op.add_column("survey_staff", sa.Column("oidc_subject", sa.String(length=255), nullable=True))


def downgrade() -> None:
    """Drop them: everybody signs in with a password again."""
    op.drop_column("survey_staff", "oidc_subject")
    op.drop_table("survey_passkey")
