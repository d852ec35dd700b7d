"""A report on an audit as the database stands: figures fresh, the author's paragraphs as written."""

from datetime import datetime

from surveyapp.foundation.clock import local_day
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session
from surveyapp.foundation.words.dates_and_lists import document_day, moment_in_words
from surveyapp.planning.models import Audit
from surveyapp.report.inputs import ReportInputs
from surveyapp.report.parts import Report
from surveyapp.report.sections import all_sections

KICKER = "Multi-agency case audit report"


def report_of(audit_id: int, *, now: datetime, public: bool = False) -> Report:
    """The report on an audit as plain values; nothing of the database is needed to write it out.

    For the public small numbers that the program would print are joined or left out. `now` is UTC. Raises
    NoResultFound where there is no such audit.
    """
    material = ReportInputs(session.get_one(Audit, audit_id), now=now, public=public)
    said, audit = material.report, material.audit
    closed = audit.is_closed(now)
    return Report(
        title=audit.title,
        kicker=KICKER,
        author=said.author if said else "",
        partnership=settings().partnership,
        day=document_day((said and said.dated_on) or local_day(now)),
        figures_as_of=f"Figures as they stood on {moment_in_words(now)}"
        + ("." if closed else ", with returns still open."),
        returns=material.returns,
        sections=all_sections(material),
    )
