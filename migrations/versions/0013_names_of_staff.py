"""Names of the people who sign in to the standalone app, and the earlier names that events keep.

Revision ID: 0013
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# Names that events give to contacts, to strangers and to the program.
_NAMES_OF_OTHERS = re.compile(r"worker|command|stranger|grant \d+")


def upgrade() -> None:
    """Name each account after its address, and say that “staff 1” of earlier events was this person."""
    op.create_table(
        "survey_former_name",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("known_as", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_survey_former_name"),
    )
    op.create_index("ix_survey_former_name_name_key", "survey_former_name", ["name_key"])
    op.create_index("ix_survey_former_name_known_as", "survey_former_name", ["known_as"])
    with op.batch_alter_table("survey_staff") as table:
        table.add_column(sa.Column("name", sa.String(length=200), nullable=False, server_default=""))
        table.add_column(sa.Column("name_key", sa.String(length=200), nullable=False, server_default=""))
    _name_accounts()
    with op.batch_alter_table("survey_staff") as table:
        table.alter_column("name", server_default=None)
        table.alter_column("name_key", server_default=None)
        table.create_unique_constraint("uq_survey_staff_name_key", ["name_key"])


def _name_accounts() -> None:
    connection = op.get_bind()
    taken: set[str] = set()
    accounts = connection.execute(sa.text("SELECT id, email FROM survey_staff ORDER BY id")).all()
    for number, email in accounts:
        name = _name_from(email)
        if not name or name.casefold() in taken or _NAMES_OF_OTHERS.fullmatch(name.casefold()):
            name = f"{name or 'Member of staff'} ({number})"
        key = name.casefold()
        taken.add(key)
        connection.execute(
            sa.text("UPDATE survey_staff SET name = :name, name_key = :key WHERE id = :number"),
            {"name": name, "key": key, "number": number},
        )
        connection.execute(
            sa.text(
                "INSERT INTO survey_former_name (name, name_key, known_as) VALUES (:earlier, :earlier, :name)"
            ),
            {"earlier": f"staff {number}", "name": name},
        )


def _name_from(email: str) -> str:
    """The name in an address, such as “Ann Lee” in ann.lee@partnership.example; empty if there is none."""
    words = re.split(r"[^a-z]+", email.partition("@")[0].lower())
    return " ".join(word.capitalize() for word in words if word)[:100]


def downgrade() -> None:
    """Drop the names; the log keeps those of events since."""
    with op.batch_alter_table("survey_staff") as table:
        table.drop_constraint("uq_survey_staff_name_key", type_="unique")
        table.drop_column("name_key")
        table.drop_column("name")
    op.drop_index("ix_survey_former_name_known_as", table_name="survey_former_name")
    op.drop_index("ix_survey_former_name_name_key", table_name="survey_former_name")
    op.drop_table("survey_former_name")
