"""Tables of what came back about emails, and of the mailbox in which it is looked for.

Revision ID: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both tables."""
    op.create_table(
        "survey_bounce",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_as", sa.String(length=20), nullable=False),
        sa.CheckConstraint("kind IN ('bounce','away')", name=op.f("ck_survey_bounce_kind")),
        sa.CheckConstraint(
            "settled_as IN ('','not_delivered','arrived')", name=op.f("ck_survey_bounce_settled_as")
        ),
        sa.ForeignKeyConstraint(["mail_id"], ["survey_outbox.id"], name=op.f("fk_survey_bounce_mail_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_bounce")),
        sa.UniqueConstraint("mail_id", "kind", name=op.f("uq_survey_bounce_mail_id")),
    )
    op.create_table(
        "survey_bounce_mailbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(length=40), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("validity", sa.BigInteger(), nullable=False),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_survey_bounce_mailbox_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_bounce_mailbox")),
    )


def downgrade() -> None:
    """Drop both tables; emails that came back are noted by hand again."""
    op.drop_table("survey_bounce_mailbox")
    op.drop_table("survey_bounce")
