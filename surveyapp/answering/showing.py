"""What a contact's form page shows, as plain values: it is also drawn when the database is away."""

from dataclasses import dataclass, field
from datetime import datetime

from flask import current_app, render_template

from surveyapp.answering.forms import NotInvolvedForm
from surveyapp.answering.models import Return
from surveyapp.answering.operations import Press
from surveyapp.answering.own import page_mark
from surveyapp.answering.reading import Said, said
from surveyapp.defining.asking import is_answered
from surveyapp.defining.compiling import AnswerForm, answer_form
from surveyapp.defining.definition import AuditForm, Question
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.wording import clock_time, day_in_words
from surveyapp.issuing.models import AuditRequest

# How many forms a process remembers, to show typed text again while the database is away.
MOST_REMEMBERED = 500


@dataclass(frozen=True)
class Notice:
    """Something that happened to what was typed: what, and what to do."""

    title: str
    text: str


@dataclass(frozen=True)
class FormPage:
    """One form as it is shown: whose, with which answers, as which version."""

    public_id: str
    form: AnswerForm
    press: Press
    mark: str
    audit: str = ""
    agency: str = ""
    case: str = ""
    due: str = ""
    status: str = ""
    returned: str = ""
    notice: Notice | None = None
    # Two people wrote: the question, mine, theirs.
    differences: list[tuple[Question, tuple[str, ...], tuple[str, ...]]] = field(default_factory=list)
    # The link is asked for again: the cookie that proved it has gone.
    asks_link: bool = False
    link_error: str = ""
    can_save: bool = True

    @property
    def questions(self) -> list[tuple[Question, bool]]:
        """Each question, and whether it is answered, for the list beside the form."""
        given = self.form.given(everything=True)
        done = {
            each.id
            for each in self.form.questions
            if is_answered(one for one in given if one.question == each.id)
        }
        return [(each, each.id in done) for each in self.form.questions]


def form_page(
    audit_request: AuditRequest, kept: Return | None, form: AnswerForm, *, status: str = ""
) -> FormPage:
    """The form of a request of one's own."""
    _remember(audit_request)
    audit = audit_request.audit
    returned = day_in_words(local_day(kept.returned_at)) if kept and kept.returned_at else ""
    return FormPage(
        public_id=audit_request.public_id,
        form=form,
        press=Press.fresh(kept),
        mark=page_mark(audit_request.public_id),
        audit=audit.title,
        agency=audit_request.agency.name,
        case=audit_request.case.pseudonym,
        due=day_in_words(audit.due_on) if audit.due_on else "",
        status=status,
        returned=returned,
    )


def show_form(page: FormPage) -> str:
    """Draw a form page."""
    errors = page.form.errors or page.link_error
    return render_template("survey/answering/form.html", page=page, form=page.form, errors=errors)


@dataclass(frozen=True)
class NotInvolvedPage:
    """The page that asks why an agency has nothing to audit, as it is shown; whose, once that is proved."""

    public_id: str
    form: NotInvolvedForm
    press: Press
    mark: str
    audit_request: AuditRequest | None = None
    notice: Notice | None = None
    asks_link: bool = False
    link_error: str = ""
    can_save: bool = True


def show_not_involved(page: NotInvolvedPage) -> str:
    """Draw the page that asks for the reason."""
    return render_template(
        "survey/answering/not_involved.html",
        page=page,
        form=page.form,
        audit_request=page.audit_request,
        errors=page.form.errors or page.link_error,
    )


def form_of_request(audit_request: AuditRequest) -> type[AnswerForm]:
    """The web form of a request: the audit's frozen form, for this kind of agency."""
    return answer_form(audit_request.audit.form, audit_request.agency.kind)


def said_in(audit_request: AuditRequest, form: AnswerForm) -> list[Said]:
    """What a form page answers, in words."""
    return said(audit_request.audit.form, audit_request.agency.kind, form.given(everything=True))


def when(moment: datetime, *, now: datetime) -> str:
    """Say a moment as one speaks of it: today at 2:32pm."""
    day = local_day(moment)
    return f"{'today' if day == local_day(now) else 'on ' + day_in_words(day)} at {clock_time(moment)}"


def _remember(audit_request: AuditRequest) -> None:
    # Definitions only, no answers. The page that says that the database is away cannot ask the database
    # which questions the text belongs to (PROMISES D1, D3).
    known: dict[str, tuple[AuditForm, str]] = current_app.extensions.setdefault("survey_forms_shown", {})
    known.pop(audit_request.public_id, None)
    known[audit_request.public_id] = (audit_request.audit.form, audit_request.agency.kind)
    while len(known) > MOST_REMEMBERED:
        known.pop(next(iter(known)))


def remembered_form(public_id: str) -> type[AnswerForm] | None:
    """The web form that this process has shown at this address, if it has."""
    known: dict[str, tuple[AuditForm, str]] = current_app.extensions.get("survey_forms_shown", {})
    return answer_form(*known[public_id]) if public_id in known else None
