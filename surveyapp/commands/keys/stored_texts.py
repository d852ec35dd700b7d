"""Every column of encrypted texts, of all steps: a command loads no pages, so this loads their tables."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, LargeBinary, column, func, inspect, literal, select, table

from surveyapp.answering.models import Answer
from surveyapp.brief.models import SavedBrief
from surveyapp.calling.models import Call
from surveyapp.chasing.models import ChaserChoice
from surveyapp.checks.proposals.models import ReleaseProposal
from surveyapp.concluding.models import Finding
from surveyapp.foundation.bounces.models import Bounce
from surveyapp.foundation.store.db import Base, engine, read_transaction, session
from surveyapp.foundation.store.encrypted_text import encrypted_columns, place_of
from surveyapp.foundation.store.text_cipher import PREFIX_BYTES
from surveyapp.gathering.models import Quote
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit
from surveyapp.report.models import SavedReport
from surveyapp.report.release.models import ReportRelease
from surveyapp.sampling.models import SamplingChild

# One table of each file that has encrypted texts; the standalone app loads those of its accounts itself.
OF_EACH_STEP: tuple[type[Base], ...] = (
    Audit,
    AuditRequest,
    Answer,
    SamplingChild,
    Call,
    ChaserChoice,
    Bounce,
    Quote,
    Finding,
    SavedReport,
    ReportRelease,
    ReleaseProposal,
    SavedBrief,
)


def columns_of_texts() -> list[Column[Any]]:
    """Every column of encrypted texts, in the order of tables."""
    return encrypted_columns()


def texts_elsewhere(prefixes: Sequence[bytes]) -> dict[str, int]:
    """How many values of other columns of our tables begin with one of these, as a text of a key does.

    There are none, unless the database has a column that this program does not know: of a newer release, or
    of the standalone app's accounts, where a host looks. Keyed by “table.column”.
    """
    known, counts = {place_of(known) for known in columns_of_texts()}, dict[str, int]()
    begins = [literal(prefix, LargeBinary) for prefix in prefixes]
    with read_transaction():
        for place in _binary_columns():
            table_name, name = place.split(".")
            value = column(name, LargeBinary)
            same = func.substr(value, 1, PREFIX_BYTES).in_(begins)
            count = select(func.count()).select_from(table(table_name, value)).where(same)
            if place not in known and (found := session.scalar(count)):
                counts[place] = found
    return counts


def _binary_columns() -> list[str]:
    """The columns of our tables that hold bytes, as the database has them."""
    inspector = inspect(engine())
    return [
        f"{name}.{found['name']}"
        for name in sorted(inspector.get_table_names())
        if name.startswith("survey_")
        for found in inspector.get_columns(name)
        if isinstance(found["type"], LargeBinary)
    ]
