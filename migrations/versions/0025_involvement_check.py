"""The agencies that were asked which children they knew.

Revision ID: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_TABLE = "survey_checked_agency"


def upgrade() -> None:
    """Create the table."""
    keys = {"audit_id": "survey_audit", "agency_id": "survey_agency", "grant_id": "survey_grant"}
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(column, sa.Integer(), nullable=False) for column in keys),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_{_TABLE}_{column}"))
            for column, table in keys.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_TABLE}")),
        sa.UniqueConstraint("audit_id", "agency_id", name=op.f(f"uq_{_TABLE}_audit_id")),
    )
    op.create_index(f"ix_{_TABLE}_agency_id", _TABLE, ["agency_id"])
    op.create_index(f"ix_{_TABLE}_grant_id", _TABLE, ["grant_id"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table(_TABLE)
