"""The day on which the executive next reviews an action plan.

Revision ID: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, empty for every audit so far."""
    op.add_column("survey_conclusion", sa.Column("review_on", sa.Date(), nullable=True))


def downgrade() -> None:
    """Drop the column; the days are lost."""
    with op.batch_alter_table("survey_conclusion") as conclusion:
        conclusion.drop_column("review_on")
