"""For contacts: codes by email, colleagues, enquiries, concerns, autosaved revisions and own references.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ROLES = ("lead", "deputy", "escalation"), ("lead", "deputy", "escalation", "colleague")
KINDS = (
    ("save", "submit", "nil", "clash", "late"),
    ("autosave", "save", "submit", "nil", "clash", "late"),
)


def _allow(table: str, column: str, values: tuple[str, ...]) -> None:
    """Replace the check constraint of a column so that it allows only these values."""
    name = f"ck_{table}_{column}"
    listed = ",".join(f"'{value}'" for value in values)
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(op.f(name), type_="check")
        batch.create_check_constraint(op.f(name), f"{column} IN ({listed})")


def upgrade() -> None:
    """Add the columns and tables, the role “colleague” and the revision kind “autosave”."""
    op.add_column("survey_audit", sa.Column("ask_for_code", sa.Boolean(), nullable=True))
    op.add_column("survey_involvement", sa.Column("own_reference", sa.LargeBinary(), nullable=True))
    op.create_index(
        "ix_survey_involvement_own_reference",
        "survey_involvement",
        ["case_id"],
        postgresql_where=sa.text("own_reference IS NOT NULL"),
        sqlite_where=sa.text("own_reference IS NOT NULL"),
    )
    op.add_column("survey_audit_request", sa.Column("due_on", sa.Date(), nullable=True))
    op.add_column(
        "survey_return", sa.Column("kept_wordings", sa.JSON(), nullable=False, server_default=sa.text("'[]'"))
    )
    _allow("survey_contact", "role", ROLES[1])
    _allow("survey_revision", "kind", KINDS[1])
    op.create_table(
        "survey_passed_on",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("from_grant_id", sa.Integer(), nullable=False),
        sa.Column("to_grant_id", sa.Integer(), nullable=False),
        sa.Column("sends_back", sa.Boolean(), nullable=False),
        sa.Column("passed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "finished_at IS NULL OR taken_back_at IS NULL", name=op.f("ck_survey_passed_on_ends_once")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["survey_audit_request.id"], name=op.f("fk_survey_passed_on_request_id")
        ),
        sa.ForeignKeyConstraint(
            ["from_grant_id"], ["survey_grant.id"], name=op.f("fk_survey_passed_on_from_grant_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_grant_id"], ["survey_grant.id"], name=op.f("fk_survey_passed_on_to_grant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_passed_on")),
    )
    op.create_index("ix_survey_passed_on_request", "survey_passed_on", ["request_id", "id"])
    op.create_index(op.f("ix_survey_passed_on_from_grant_id"), "survey_passed_on", ["from_grant_id"])
    op.create_index(op.f("ix_survey_passed_on_to_grant_id"), "survey_passed_on", ["to_grant_id"])
    op.create_table(
        "survey_concern",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_whom", sa.LargeBinary(), nullable=True),
        sa.Column("told_when", sa.LargeBinary(), nullable=True),
        sa.Column("outcome", sa.LargeBinary(), nullable=True),
        sa.Column("was_referred", sa.Boolean(), nullable=True),
        sa.Column("outcome_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(outcome IS NULL) = (outcome_at IS NULL)", name=op.f("ck_survey_concern_outcome_has_its_time")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["survey_audit_request.id"], name=op.f("fk_survey_concern_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_concern")),
        sa.UniqueConstraint("request_id", name=op.f("uq_survey_concern_request_id")),
    )
    op.create_table(
        "survey_enquiry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.String(length=40), nullable=False),
        sa.Column("grant_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("wanted_on", sa.Date(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('question','more_time')", name=op.f("ck_survey_enquiry_kind")),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_survey_enquiry_answer_has_its_time")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["survey_audit_request.id"], name=op.f("fk_survey_enquiry_request_id")
        ),
        sa.ForeignKeyConstraint(["grant_id"], ["survey_grant.id"], name=op.f("fk_survey_enquiry_grant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_enquiry")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_survey_enquiry_submission_id")),
    )
    op.create_index(op.f("ix_survey_enquiry_request_id"), "survey_enquiry", ["request_id"])
    op.create_table(
        "survey_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("grant_id", sa.Integer(), nullable=False),
        sa.Column("random_id", sa.String(length=24), nullable=False),
        sa.Column("browser_id", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["grant_id"], ["survey_grant.id"], name=op.f("fk_survey_code_grant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_code")),
        sa.UniqueConstraint("random_id", name=op.f("uq_survey_code_random_id")),
    )
    op.create_index("ix_survey_code_grant", "survey_code", ["grant_id", "created_at"])


def downgrade() -> None:
    """Drop them; autosaved revisions are deleted, and colleagues become deputies who have left."""
    for table in ("survey_code", "survey_enquiry", "survey_concern", "survey_passed_on"):
        op.drop_table(table)
    op.execute(
        "DELETE FROM survey_answer WHERE revision_id IN"
        " (SELECT id FROM survey_revision WHERE kind = 'autosave')"
    )
    op.execute("DELETE FROM survey_revision WHERE kind = 'autosave'")
    # The older program does not know the role “colleague”, and must not ask them in the next audit.
    op.execute(
        "UPDATE survey_contact SET role = 'deputy', left_at = coalesce(left_at, CURRENT_TIMESTAMP)"
        " WHERE role = 'colleague'"
    )
    _allow("survey_revision", "kind", KINDS[0])
    _allow("survey_contact", "role", ROLES[0])
    op.drop_index("ix_survey_involvement_own_reference", "survey_involvement")
    for table, column in (
        ("survey_return", "kept_wordings"),
        ("survey_audit_request", "due_on"),
        ("survey_involvement", "own_reference"),
        ("survey_audit", "ask_for_code"),
    ):
        op.drop_column(table, column)
