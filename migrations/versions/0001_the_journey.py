"""Tables for agencies, audits, requests, returns, answers, links, emails and events.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Events are never changed or deleted (promises 3.10): the database itself refuses to.
SQLITE_TRIGGERS = """
CREATE TRIGGER survey_event_no_{verb} BEFORE {verb} ON survey_event
BEGIN SELECT RAISE(ABORT, 'event is append-only'); END
"""
POSTGRESQL_FUNCTION = """
CREATE FUNCTION survey_event_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'event is append-only'; END $$
"""
POSTGRESQL_TRIGGER = """
CREATE TRIGGER survey_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON survey_event
FOR EACH STATEMENT EXECUTE FUNCTION survey_event_append_only()
"""


POINTER = "fk_survey_return_current_revision_id"


def _pointer() -> list[sa.ForeignKeyConstraint]:
    """The foreign key from a return to its revision, on SQLite, which lets a table refer to a later one."""
    if op.get_bind().dialect.name != "sqlite":
        return []
    return [sa.ForeignKeyConstraint(["current_revision_id"], ["survey_revision.id"], name=POINTER)]


def upgrade() -> None:
    """Create the tables, and the triggers that refuse changes to events."""
    op.create_table(
        "survey_agency",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_agency")),
        sa.UniqueConstraint("name", name=op.f("uq_survey_agency_name")),
    )
    op.create_table(
        "survey_audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("theme", sa.String(length=200), nullable=False),
        sa.Column("terms_of_reference", sa.Text(), nullable=False),
        sa.Column("aim", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("key_message", sa.Text(), nullable=False),
        sa.Column("form_id", sa.String(length=80), nullable=False),
        sa.Column("form_definition", sa.Text(), nullable=False),
        sa.Column("issue_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("close_on", sa.Date(), nullable=True),
        sa.Column("chasers", sa.JSON(), nullable=False),
        sa.Column("escalate_from", sa.Integer(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_reason", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "issue_on <= due_on AND due_on <= close_on", name=op.f("ck_survey_audit_dates_in_order")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_audit")),
        sa.UniqueConstraint("title", name=op.f("uq_survey_audit_title")),
    )
    op.create_table(
        "survey_closed_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_survey_closed_day")),
    )
    op.create_table(
        "survey_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("object", sa.String(length=120), nullable=False),
        sa.Column("detail", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_event")),
    )
    op.create_index(op.f("ix_survey_event_at"), "survey_event", ["at"], unique=False)
    op.create_table(
        "survey_outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dedupe_key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("to_addr", sa.String(length=254), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("on_doubt", sa.String(length=10), nullable=False),
        sa.Column("message_id", sa.String(length=120), nullable=False),
        sa.Column("date_header", sa.String(length=60), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(length=40), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_code", sa.Integer(), nullable=True),
        sa.Column("last_text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("on_doubt IN ('hold','resend')", name=op.f("ck_survey_outbox_on_doubt")),
        sa.CheckConstraint(
            "state IN ('queued','sending','sent','failed','doubtful','cancelled','expired')",
            name=op.f("ck_survey_outbox_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_outbox")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_survey_outbox_dedupe_key")),
        sa.UniqueConstraint("message_id", name=op.f("uq_survey_outbox_message_id")),
    )
    op.create_index("ix_survey_outbox_due", "survey_outbox", ["state", "not_before"], unique=False)
    op.create_index(
        op.f("ix_survey_outbox_handed_over_at"), "survey_outbox", ["handed_over_at"], unique=False
    )
    op.create_index("ix_survey_outbox_subject", "survey_outbox", ["kind", "subject_id"], unique=False)
    op.create_table(
        "survey_staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_staff")),
        sa.UniqueConstraint("email", name=op.f("uq_survey_staff_email")),
    )
    op.create_table(
        "survey_switches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("last_tick_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tick_owner", sa.String(length=40), nullable=False),
        sa.Column("tick_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mail_paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mail_held", sa.Boolean(), nullable=False),
        sa.Column("mail_reason", sa.String(length=500), nullable=False),
        sa.Column("mail_failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mail_failures", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_survey_switches_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_switches")),
    )
    op.create_table(
        "survey_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("pseudonym", sa.String(length=60), nullable=False),
        sa.Column("age_months", sa.Integer(), nullable=True),
        sa.Column("unborn", sa.Boolean(), nullable=False),
        sa.Column("gender", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=80), nullable=False),
        sa.Column("plan", sa.String(length=80), nullable=False),
        sa.Column("sibling_group", sa.String(length=40), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "NOT (unborn AND age_months IS NOT NULL)", name=op.f("ck_survey_case_unborn_has_no_age")
        ),
        sa.CheckConstraint(
            "age_months IS NULL OR age_months BETWEEN 0 AND 300", name=op.f("ck_survey_case_age")
        ),
        sa.ForeignKeyConstraint(["audit_id"], ["survey_audit.id"], name=op.f("fk_survey_case_audit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_case")),
        sa.UniqueConstraint("audit_id", "pseudonym", name=op.f("uq_survey_case_audit_id")),
    )
    op.create_index(op.f("ix_survey_case_audit_id"), "survey_case", ["audit_id"], unique=False)
    op.create_table(
        "survey_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("telephone", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role IN ('lead','deputy','escalation')", name=op.f("ck_survey_contact_role")),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["survey_agency.id"], name=op.f("fk_survey_contact_agency_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_contact")),
        sa.UniqueConstraint("agency_id", "email", name=op.f("uq_survey_contact_agency_id")),
    )
    op.create_index(op.f("ix_survey_contact_agency_id"), "survey_contact", ["agency_id"], unique=False)
    op.create_table(
        "survey_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["audit_id"], ["survey_audit.id"], name=op.f("fk_survey_grant_audit_id")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["survey_contact.id"], name=op.f("fk_survey_grant_contact_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_grant")),
        sa.UniqueConstraint("audit_id", "contact_id", name=op.f("uq_survey_grant_audit_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_survey_grant_public_id")),
    )
    op.create_index(op.f("ix_survey_grant_audit_id"), "survey_grant", ["audit_id"], unique=False)
    op.create_index(op.f("ix_survey_grant_contact_id"), "survey_grant", ["contact_id"], unique=False)
    op.create_table(
        "survey_involvement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["survey_agency.id"], name=op.f("fk_survey_involvement_agency_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["survey_case.id"], name=op.f("fk_survey_involvement_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_involvement")),
        sa.UniqueConstraint("case_id", "agency_id", name=op.f("uq_survey_involvement_case_id")),
    )
    op.create_index(
        op.f("ix_survey_involvement_agency_id"), "survey_involvement", ["agency_id"], unique=False
    )
    op.create_index(op.f("ix_survey_involvement_case_id"), "survey_involvement", ["case_id"], unique=False)
    op.create_table(
        "survey_audit_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("grant_id", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["survey_agency.id"], name=op.f("fk_survey_audit_request_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["survey_audit.id"], name=op.f("fk_survey_audit_request_audit_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["survey_case.id"], name=op.f("fk_survey_audit_request_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["survey_grant.id"], name=op.f("fk_survey_audit_request_grant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_audit_request")),
        sa.UniqueConstraint("case_id", "agency_id", name=op.f("uq_survey_audit_request_case_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_survey_audit_request_public_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_survey_audit_request_reference")),
    )
    op.create_index(
        op.f("ix_survey_audit_request_agency_id"), "survey_audit_request", ["agency_id"], unique=False
    )
    op.create_index(
        "ix_survey_audit_request_audit", "survey_audit_request", ["audit_id", "withdrawn_at"], unique=False
    )
    op.create_index(
        op.f("ix_survey_audit_request_grant_id"), "survey_audit_request", ["grant_id"], unique=False
    )
    op.create_table(
        "survey_return",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("current_revision_id", sa.Integer(), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("nil_reason", sa.String(length=20), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("late_allowed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "nil_reason = '' OR returned_at IS NOT NULL", name=op.f("ck_survey_return_nil_is_returned")
        ),
        *_pointer(),
        sa.ForeignKeyConstraint(
            ["request_id"], ["survey_audit_request.id"], name=op.f("fk_survey_return_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_return")),
        sa.UniqueConstraint("request_id", name=op.f("uq_survey_return_request_id")),
    )
    op.create_table(
        "survey_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.String(length=40), nullable=False),
        sa.Column("seen_version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("grant_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('save','submit','nil','clash','late')", name=op.f("ck_survey_revision_kind")
        ),
        sa.ForeignKeyConstraint(["grant_id"], ["survey_grant.id"], name=op.f("fk_survey_revision_grant_id")),
        sa.ForeignKeyConstraint(
            ["return_id"], ["survey_return.id"], name=op.f("fk_survey_revision_return_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_revision")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_survey_revision_submission_id")),
    )
    op.create_index("ix_survey_revision_return", "survey_revision", ["return_id", "id"], unique=False)
    op.create_table(
        "survey_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=80), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("option", sa.String(length=80), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["survey_revision.id"], name=op.f("fk_survey_answer_revision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_answer")),
        sa.UniqueConstraint(
            "revision_id", "question", "item", "option", name=op.f("uq_survey_answer_revision_id")
        ),
    )
    op.create_index("ix_survey_answer_counted", "survey_answer", ["question", "item", "option"], unique=False)

    op.create_table(
        "survey_chased_slot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["survey_audit.id"], name=op.f("fk_survey_chased_slot_audit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_chased_slot")),
        sa.UniqueConstraint(
            "audit_id", "due_on", "working_days", name=op.f("uq_survey_chased_slot_audit_id")
        ),
    )

    op.execute(
        "INSERT INTO survey_switches (id, tick_owner, mail_held, mail_reason, mail_failures) "
        "VALUES (1, '', false, '', 0)"
    )
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(SQLITE_TRIGGERS.format(verb=verb))
    else:
        op.create_foreign_key(POINTER, "survey_return", "survey_revision", ["current_revision_id"], ["id"])
        op.execute(POSTGRESQL_FUNCTION)
        op.execute(POSTGRESQL_TRIGGER)


def downgrade() -> None:
    """Drop the tables."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(POINTER, "survey_return", type_="foreignkey")
    op.drop_table("survey_chased_slot")
    op.drop_index("ix_survey_answer_counted", table_name="survey_answer")
    op.drop_table("survey_answer")
    op.drop_index("ix_survey_revision_return", table_name="survey_revision")
    op.drop_table("survey_revision")
    op.drop_table("survey_return")
    op.drop_index(op.f("ix_survey_audit_request_grant_id"), table_name="survey_audit_request")
    op.drop_index("ix_survey_audit_request_audit", table_name="survey_audit_request")
    op.drop_index(op.f("ix_survey_audit_request_agency_id"), table_name="survey_audit_request")
    op.drop_table("survey_audit_request")
    op.drop_index(op.f("ix_survey_involvement_case_id"), table_name="survey_involvement")
    op.drop_index(op.f("ix_survey_involvement_agency_id"), table_name="survey_involvement")
    op.drop_table("survey_involvement")
    op.drop_index(op.f("ix_survey_grant_contact_id"), table_name="survey_grant")
    op.drop_index(op.f("ix_survey_grant_audit_id"), table_name="survey_grant")
    op.drop_table("survey_grant")
    op.drop_index(op.f("ix_survey_contact_agency_id"), table_name="survey_contact")
    op.drop_table("survey_contact")
    op.drop_index(op.f("ix_survey_case_audit_id"), table_name="survey_case")
    op.drop_table("survey_case")
    op.drop_table("survey_switches")
    op.drop_table("survey_staff")
    op.drop_index("ix_survey_outbox_subject", table_name="survey_outbox")
    op.drop_index(op.f("ix_survey_outbox_handed_over_at"), table_name="survey_outbox")
    op.drop_index("ix_survey_outbox_due", table_name="survey_outbox")
    op.drop_table("survey_outbox")
    op.drop_index(op.f("ix_survey_event_at"), table_name="survey_event")
    op.drop_table("survey_event")
    op.drop_table("survey_closed_day")
    op.drop_table("survey_audit")
    op.drop_table("survey_agency")

    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION survey_event_append_only()")
