"""A column for an enquiry about several cases, asked in one press.

Revision ID: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_NAME = "fk_survey_enquiry_asked_with_id"


def upgrade() -> None:
    """Add the column; every enquiry so far is about one case."""
    with op.batch_alter_table("survey_enquiry") as table:
        table.add_column(sa.Column("asked_with_id", sa.Integer(), nullable=True))
        table.create_foreign_key(_NAME, "survey_enquiry", ["asked_with_id"], ["id"])
    op.create_index("ix_survey_enquiry_asked_with_id", "survey_enquiry", ["asked_with_id"])


def downgrade() -> None:
    """Drop the column."""
    op.drop_index("ix_survey_enquiry_asked_with_id", table_name="survey_enquiry")
    with op.batch_alter_table("survey_enquiry") as table:
        table.drop_constraint(_NAME, type_="foreignkey")
        table.drop_column("asked_with_id")
