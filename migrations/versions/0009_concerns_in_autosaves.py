"""A column for the concern ticked in an autosave of which the partnership has not been told.

Revision ID: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; ticks that only autosave kept until now are told at the next tick of the worker."""
    op.add_column("survey_revision", sa.Column("concern_since", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_survey_revision_concern_since", "survey_revision", ["concern_since"])
    op.execute(
        "UPDATE survey_revision SET concern_since = created_at WHERE kind = 'autosave'"
        " AND EXISTS (SELECT 1 FROM survey_answer WHERE survey_answer.revision_id = survey_revision.id"
        " AND survey_answer.question = 'current-concern' AND survey_answer.item = 'raised')"
        " AND NOT EXISTS (SELECT 1 FROM survey_return JOIN survey_concern"
        " ON survey_concern.request_id = survey_return.request_id"
        " WHERE survey_return.id = survey_revision.return_id)"
    )


def downgrade() -> None:
    """Drop the column."""
    op.drop_index("ix_survey_revision_concern_since", table_name="survey_revision")
    op.drop_column("survey_revision", "concern_since")
