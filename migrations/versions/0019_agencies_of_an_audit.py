"""The agencies chosen for an audit, changes of its grid, and what agencies said of their involvement.

Revision ID: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), nullable=False)


def _key(column: str, table: str, name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_{name}_{column}"))


def upgrade() -> None:
    """Add the tables; the agencies with a tick are those chosen for an audit so far."""
    op.add_column(
        "survey_audit", sa.Column("involvement_asked_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("survey_audit", sa.Column("involvement_answer_by", sa.Date(), nullable=True))
    op.create_table(
        "survey_chosen_agency",
        _id(),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        _key("audit_id", "survey_audit", "survey_chosen_agency"),
        _key("agency_id", "survey_agency", "survey_chosen_agency"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_chosen_agency")),
        sa.UniqueConstraint("audit_id", "agency_id", name=op.f("uq_survey_chosen_agency_audit_id")),
    )
    op.create_index("ix_survey_chosen_agency_agency_id", "survey_chosen_agency", ["agency_id"])
    op.execute(
        "INSERT INTO survey_chosen_agency (audit_id, agency_id) "
        "SELECT DISTINCT survey_case.audit_id, survey_involvement.agency_id FROM survey_involvement "
        "JOIN survey_case ON survey_case.id = survey_involvement.case_id ORDER BY 1, 2"
    )
    op.create_table(
        "survey_grid_change",
        _id(),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("added", sa.JSON(), nullable=False),
        sa.Column("removed", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        _key("audit_id", "survey_audit", "survey_grid_change"),
        _key("agency_id", "survey_agency", "survey_grid_change"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_grid_change")),
    )
    op.create_index("ix_survey_grid_change_audit_id", "survey_grid_change", ["audit_id"])
    op.create_index("ix_survey_grid_change_agency_id", "survey_grid_change", ["agency_id"])
    op.create_table(
        "survey_involvement_answer",
        _id(),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        _key("case_id", "survey_case", "survey_involvement_answer"),
        _key("agency_id", "survey_agency", "survey_involvement_answer"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_involvement_answer")),
        sa.UniqueConstraint("case_id", "agency_id", name=op.f("uq_survey_involvement_answer_case_id")),
        sa.CheckConstraint(
            "answer IN ('known','not_known','relative_only')",
            name=op.f("ck_survey_involvement_answer_answer"),
        ),
    )
    op.create_index("ix_survey_involvement_answer_agency_id", "survey_involvement_answer", ["agency_id"])


def downgrade() -> None:
    """Drop the tables and the columns."""
    op.drop_table("survey_involvement_answer")
    op.drop_table("survey_grid_change")
    op.drop_table("survey_chosen_agency")
    op.drop_column("survey_audit", "involvement_answer_by")
    op.drop_column("survey_audit", "involvement_asked_at")
