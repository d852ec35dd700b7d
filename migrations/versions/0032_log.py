"""Indexes with which the log is narrowed to a person, a kind of event, or what it is about.

Revision ID: 0032
"""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_COLUMNS = ("actor", "action", "object")


def upgrade() -> None:
    """Add an index for each, in the order of time."""
    for column in _COLUMNS:
        op.create_index(f"ix_survey_event_{column}", "survey_event", [column, "at"])


def downgrade() -> None:
    """Drop them; the log is narrowed by reading all of it again."""
    for column in _COLUMNS:
        op.drop_index(f"ix_survey_event_{column}", table_name="survey_event")
