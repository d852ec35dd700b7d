"""Tables for voices: themes, read comments, quotes, workshops, talks with families and longer texts.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of gathering."""
    op.create_table(
        "survey_practice_theme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["survey_audit.id"], name=op.f("fk_survey_practice_theme_audit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_practice_theme")),
        sa.UniqueConstraint("audit_id", "name", name=op.f("uq_survey_practice_theme_audit_id")),
    )
    op.create_table(
        "survey_workshop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("scenarios", sa.LargeBinary(), nullable=True),
        sa.Column("notes", sa.LargeBinary(), nullable=True),
        sa.Column("suggestions", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["audit_id"], ["survey_audit.id"], name=op.f("fk_survey_workshop_audit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_workshop")),
    )
    op.create_index(op.f("ix_survey_workshop_audit_id"), "survey_workshop", ["audit_id"], unique=False)
    op.create_table(
        "survey_attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workshop_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.CheckConstraint("people > 0", name=op.f("ck_survey_attendance_people")),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["survey_agency.id"], name=op.f("fk_survey_attendance_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["survey_workshop.id"], name=op.f("fk_survey_attendance_workshop_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_attendance")),
        sa.UniqueConstraint("workshop_id", "agency_id", name=op.f("uq_survey_attendance_workshop_id")),
    )
    op.create_table(
        "survey_family_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("caller", sa.String(length=200), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("telephone", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(state = 'done') = (held_on IS NOT NULL)", name=op.f("ck_survey_family_contact_held_has_its_day")
        ),
        sa.CheckConstraint(
            "state IN ('offered','agreed','declined','done')", name=op.f("ck_survey_family_contact_state")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["survey_agency.id"], name=op.f("fk_survey_family_contact_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["survey_case.id"], name=op.f("fk_survey_family_contact_case_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_family_contact")),
    )
    op.create_index(
        op.f("ix_survey_family_contact_case_id"), "survey_family_contact", ["case_id"], unique=False
    )
    op.create_table(
        "survey_narrative",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=15), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("kind IN ('case_example','practitioner')", name=op.f("ck_survey_narrative_kind")),
        sa.ForeignKeyConstraint(["audit_id"], ["survey_audit.id"], name=op.f("fk_survey_narrative_audit_id")),
        sa.ForeignKeyConstraint(["case_id"], ["survey_case.id"], name=op.f("fk_survey_narrative_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_narrative")),
        sa.UniqueConstraint("audit_id", "kind", name=op.f("uq_survey_narrative_audit_id")),
    )
    op.create_table(
        "survey_family_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family_contact_id", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(length=10), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "area IN ('support','ended','repeat','impact')", name=op.f("ck_survey_family_note_area")
        ),
        sa.ForeignKeyConstraint(
            ["family_contact_id"],
            ["survey_family_contact.id"],
            name=op.f("fk_survey_family_note_family_contact_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_family_note")),
        sa.UniqueConstraint(
            "family_contact_id", "area", name=op.f("uq_survey_family_note_family_contact_id")
        ),
    )
    op.create_table(
        "survey_read_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=80), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("judgement", sa.String(length=10), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "judgement IN ('','strength','concern')", name=op.f("ck_survey_read_comment_judgement")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["survey_audit_request.id"], name=op.f("fk_survey_read_comment_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_read_comment")),
        sa.UniqueConstraint("request_id", "question", "item", name=op.f("uq_survey_read_comment_request_id")),
    )
    op.create_table(
        "survey_quote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=15), nullable=False),
        sa.Column("judgement", sa.String(length=10), nullable=False),
        sa.Column("question", sa.String(length=80), nullable=False),
        sa.Column("original", sa.LargeBinary(), nullable=False),
        sa.Column("printed", sa.LargeBinary(), nullable=False),
        sa.Column("names_agency_kind", sa.Boolean(), nullable=False),
        sa.Column("read_comment_id", sa.Integer(), nullable=True),
        sa.Column("workshop_id", sa.Integer(), nullable=True),
        sa.Column("family_contact_id", sa.Integer(), nullable=True),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("judgement IN ('','strength','concern')", name=op.f("ck_survey_quote_judgement")),
        sa.CheckConstraint(
            "source IN ('auditor','practitioner','parent')", name=op.f("ck_survey_quote_source")
        ),
        sa.CheckConstraint(
            "(read_comment_id IS NOT NULL AND workshop_id IS NULL AND family_contact_id IS NULL)"
            " OR (read_comment_id IS NULL AND workshop_id IS NOT NULL AND family_contact_id IS NULL)"
            " OR (read_comment_id IS NULL AND workshop_id IS NULL AND family_contact_id IS NOT NULL)",
            name=op.f("ck_survey_quote_comes_from_one_place"),
        ),
        sa.ForeignKeyConstraint(["audit_id"], ["survey_audit.id"], name=op.f("fk_survey_quote_audit_id")),
        sa.ForeignKeyConstraint(
            ["family_contact_id"],
            ["survey_family_contact.id"],
            name=op.f("fk_survey_quote_family_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["read_comment_id"], ["survey_read_comment.id"], name=op.f("fk_survey_quote_read_comment_id")
        ),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["survey_workshop.id"], name=op.f("fk_survey_quote_workshop_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_quote")),
    )
    op.create_index(op.f("ix_survey_quote_audit_id"), "survey_quote", ["audit_id"], unique=False)
    op.create_table(
        "survey_read_comment_theme",
        sa.Column("read_comment_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["read_comment_id"],
            ["survey_read_comment.id"],
            name=op.f("fk_survey_read_comment_theme_read_comment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["survey_practice_theme.id"], name=op.f("fk_survey_read_comment_theme_theme_id")
        ),
        sa.PrimaryKeyConstraint("read_comment_id", "theme_id", name=op.f("pk_survey_read_comment_theme")),
    )
    op.create_index(
        op.f("ix_survey_read_comment_theme_theme_id"), "survey_read_comment_theme", ["theme_id"], unique=False
    )
    op.create_table(
        "survey_quote_theme",
        sa.Column("quote_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["quote_id"], ["survey_quote.id"], name=op.f("fk_survey_quote_theme_quote_id")
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["survey_practice_theme.id"], name=op.f("fk_survey_quote_theme_theme_id")
        ),
        sa.PrimaryKeyConstraint("quote_id", "theme_id", name=op.f("pk_survey_quote_theme")),
    )
    op.create_index(op.f("ix_survey_quote_theme_theme_id"), "survey_quote_theme", ["theme_id"], unique=False)


def downgrade() -> None:
    """Drop the tables of gathering."""
    op.drop_table("survey_quote_theme")
    op.drop_table("survey_read_comment_theme")
    op.drop_table("survey_quote")
    op.drop_table("survey_read_comment")
    op.drop_table("survey_family_note")
    op.drop_table("survey_narrative")
    op.drop_table("survey_family_contact")
    op.drop_table("survey_attendance")
    op.drop_table("survey_workshop")
    op.drop_table("survey_practice_theme")
