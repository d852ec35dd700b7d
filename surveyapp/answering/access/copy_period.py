"""How long contacts can read their own copies after returns have closed, and whom they ask afterwards."""

from datetime import date, datetime, timedelta

from surveyapp.answering.models import Return
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.settings import settings
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit


class CopyEnded(SurveyError):
    """The contact's own copy can no longer be read; `way_on` says whom to ask for it."""

    status = 410

    def __init__(self, audit_request: AuditRequest, last_day: date) -> None:
        """Name the last day, and the reference by which the partnership finds the return."""
        ours = settings()
        super().__init__(
            f"You could read this copy until {day_in_words(last_day)}.",
            way_on=(
                f"To ask for it, ring {ours.contact_name} on {ours.contact_telephone}, or write to "
                f"{ours.contact_email}. The reference is {audit_request.reference}."
            ),
        )


def last_copy_day(audit: Audit, audit_return: Return | None = None) -> date | None:
    """The last UK day on which a contact can read their own copy; None if the audit has no closing day.

    It is `SURVEY_COPY_DAYS` after the day of the close, or after the day on which staff allowed this return
    to come in late or opened it for correction. An audit that is reopened begins anew with its next close.
    """
    allowed_at = (audit_return.late_allowed_at, audit_return.reopened_at) if audit_return else ()
    moments = [moment for moment in (audit.answers_end_at, *allowed_at) if moment]
    return local_day(max(moments)) + timedelta(days=settings().copy_days) if moments else None


def copy_has_ended(audit: Audit, audit_return: Return | None = None, *, now: datetime) -> bool:
    """Whether the last day has passed at `now` (UTC); never while returns are open."""
    last_day = last_copy_day(audit, audit_return)
    return audit.is_closed(now) and last_day is not None and local_day(now) > last_day


def check_copy(audit_request: AuditRequest, audit_return: Return | None, *, now: datetime) -> None:
    """Raise CopyEnded if what is stored for a request can no longer be read by its contact."""
    last_day = last_copy_day(audit_request.audit, audit_return)
    if last_day is not None and copy_has_ended(audit_request.audit, audit_return, now=now):
        raise CopyEnded(audit_request, last_day)
