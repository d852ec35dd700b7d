"""Whether the database was restored from a backup and waits for a person to let mail go on.

Revision ID: 0035
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nothing waits."""
    op.add_column(
        "survey_switches", sa.Column("restored_backup_at", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    """Drop the column; a restored database holds mail by the older program’s own switch."""
    op.execute(
        sa.text(
            "UPDATE survey_switches SET mail_held = :held, mail_reason = 'a backup was restored'"
            " WHERE restored_backup_at IS NOT NULL"
        ).bindparams(sa.bindparam("held", value=True, type_=sa.Boolean()))
    )
    with op.batch_alter_table("survey_switches") as switches:
        switches.drop_column("restored_backup_at")
