"""The report of an audit: figures from the database as it is now, and the author’s own text."""

from datetime import datetime

from surveyapp.foundation.clock import local_day
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session
from surveyapp.foundation.words.dates_and_lists import document_day
from surveyapp.planning.models import Audit
from surveyapp.report.parts import Report, as_they_stood
from surveyapp.report.sections.inputs import ReportInputs
from surveyapp.report.sections.sections import all_sections

KICKER = "Multi-agency case audit report"


def report_of(audit_id: int, *, now: datetime, public: bool = False) -> Report:
    """The report of an audit as plain values, which can be written out without the database.

    In the public version, small numbers counted by the program are joined or left out. `now` is UTC. Raises
    NoResultFound for an unknown audit.
    """
    inputs = ReportInputs(session.get_one(Audit, audit_id), now=now, public=public)
    saved_report, audit = inputs.saved_report, inputs.audit
    chosen_day = saved_report.dated_on if saved_report else None
    closed = audit.is_closed(now)
    return Report(
        title=audit.title,
        kicker=KICKER,
        author=saved_report.author if saved_report else "",
        partnership=settings().partnership,
        day=document_day(chosen_day or local_day(now)),
        figures_as_of=as_they_stood(now) + ("." if closed else ", with returns still open."),
        returns=inputs.returns,
        sections=all_sections(inputs),
        is_day_chosen=chosen_day is not None,
    )
