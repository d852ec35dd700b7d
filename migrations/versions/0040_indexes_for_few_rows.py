"""Indexes that find requests with more time, and the rows that refer to one that a purge deletes.

Revision ID: 0040
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_GIVEN = sa.text("due_on IS NOT NULL")


def upgrade() -> None:
    """Add the indexes."""
    op.create_index(
        "ix_survey_audit_request_due_later",
        "survey_audit_request",
        ["audit_id", "withdrawn_at"],
        sqlite_where=_GIVEN,
        postgresql_where=_GIVEN,
    )
    op.create_index("ix_survey_return_current_revision_id", "survey_return", ["current_revision_id"])
    op.create_index("ix_survey_revision_grant_id", "survey_revision", ["grant_id"])


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_survey_revision_grant_id", "survey_revision")
    op.drop_index("ix_survey_return_current_revision_id", "survey_return")
    op.drop_index("ix_survey_audit_request_due_later", "survey_audit_request")
