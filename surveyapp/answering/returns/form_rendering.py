"""What a contact's form page shows, as plain values: it is also drawn when the database is away."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from flask import current_app, render_template

from surveyapp.answering.access.code_prompt import CodePrompt
from surveyapp.answering.access.notice import Notice
from surveyapp.answering.access.page_signature import page_signature
from surveyapp.answering.enquiry_queries import enquiries_of
from surveyapp.answering.models import Enquiry, Return
from surveyapp.answering.returns.answers_in_words import AnsweredQuestion, answers_in_words, differences
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.answering.returns.progress_queries import references_by_request
from surveyapp.answering.returns.queries import FormContents, revision_answers
from surveyapp.defining.answer_form import AnswerForm, answer_form
from surveyapp.defining.definition import AuditForm, Question
from surveyapp.defining.shown_questions import is_answered
from surveyapp.foundation import clock
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.web.access import LINK_IDLE_LIMIT
from surveyapp.foundation.words.dates_and_lists import clock_time, day_in_words
from surveyapp.issuing.models import AuditRequest

# How many forms a process remembers, to show typed text again while the database is away.
MOST_REMEMBERED = 500


@dataclass(frozen=True)
class FormPage:
    """One form as it is shown: whose, with which answers, as which version."""

    public_id: str
    form: AnswerForm
    press: ButtonPress
    mark: str
    audit: str = ""
    agency: str = ""
    case: str = ""
    # What the agency itself calls its file, once a code was given.
    own_reference: str = ""
    due: str = ""
    status: str = ""
    returned: str = ""
    notice: Notice | None = None
    # Who passed it to whoever reads the page, and whether it goes back to them to be checked.
    passer: str = ""
    sends_back: bool = False
    may_pass: bool = False
    # Two texts: the question's heading, what is in the form, what is in the other, and what the other is.
    differences: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = field(default_factory=list)
    other_text: str = "Saved now"
    # The ids of kept texts: the one in the form, and one shown beside it.
    continues: str = ""
    looked_at: str = ""
    # The link is asked for again: the cookie that proved it has gone.
    asks_link: bool = False
    link_error: str = ""
    # The code is asked for: this device has not given it, or has lost its proof.
    code: CodePrompt | None = None
    can_save: bool = True
    # How long this browser keeps its links while nothing is saved.
    idle_minutes: int = int(LINK_IDLE_LIMIT.total_seconds() // 60)
    # What was asked about this request, and what was answered.
    enquiries: list[Enquiry] = field(default_factory=list)

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
    audit, due = audit_request.audit, audit_request.due_day
    returned = day_in_words(local_day(kept.returned_at)) if kept and kept.returned_at else ""
    passed = audit_request.open_delegation
    return FormPage(
        public_id=audit_request.public_id,
        form=form,
        press=ButtonPress.fresh(kept),
        mark=page_signature(audit_request.public_id),
        audit=audit.title,
        agency=audit_request.agency.name,
        case=audit_request.case.pseudonym,
        own_reference=references_by_request([audit_request]).get(audit_request.id, ""),
        due=day_in_words(due) if due else "",
        status=status,
        returned=returned,
        enquiries=enquiries_of(audit_request),
        passer=passed.passer if passed else "",
        sends_back=passed is not None and passed.sends_back,
        may_pass=can_be_delegated(audit_request, kept, now=clock.now()),
    )


def can_be_delegated(audit_request: AuditRequest, kept: Return | None, *, now: datetime) -> bool:
    """Whether a contact may pass this to a colleague: not returned, not closed, not passed to them."""
    returned = kept is not None and kept.returned_at is not None
    return not returned and audit_request.open_delegation is None and not audit_request.audit.is_closed(now)


def form_page_as_opened(
    audit_request: AuditRequest, kept: Return | None, found: FormContents, form: AnswerForm, *, now: datetime
) -> FormPage:
    """The form as it opens, with what was typed and never saved in it, or beside it."""
    saved, shown = found.saved, found.revision
    status = f"Saved {spoken_moment(saved.created_at, now=now)}" if saved else ""
    page = form_page(audit_request, kept, form, status=status)
    if shown is not None and found.opens_with_autosave:
        page = replace(
            page,
            status="",
            continues=shown.submission_id,
            notice=Notice(
                f"What you typed {spoken_moment(shown.created_at, now=now)} was kept, and is in the form below.",
                "Nobody has pressed Save since. Go on from here.",
            ),
        )
    return _with_text_beside(page, audit_request, found, now=now) if found.beside else page


def _with_text_beside(
    page: FormPage, audit_request: AuditRequest, found: FormContents, *, now: datetime
) -> FormPage:
    definition, kind = audit_request.audit.form, audit_request.agency.kind
    mine = form_answers_in_words(audit_request, page.form)
    compared = (
        (each, differences(mine, answers_in_words(definition, kind, revision_answers(each))))
        for each in found.beside
    )
    told = next(((each, both) for each, both in compared if both), None)
    if told is None:
        return page
    beside, both = told
    moment = spoken_moment(beside.created_at, now=now)
    return replace(
        page,
        looked_at=beside.submission_id,
        differences=both,
        other_text=f"Typed {moment}",
        notice=Notice(
            f"This was open on another page too. What was typed there {moment} was not saved.",
            "It is below, beside what is in the form. Copy what you need into the form, then press Save.",
        ),
    )


def render_form_page(page: FormPage) -> str:
    """Draw a form page."""
    errors = page.form.errors or page.link_error or (page.code and page.code.error)
    return render_template("survey/answering/returns/form.html", page=page, form=page.form, errors=errors)


def form_answers_in_words(audit_request: AuditRequest, form: AnswerForm) -> list[AnsweredQuestion]:
    """What a form page answers, in words."""
    return answers_in_words(audit_request.audit.form, audit_request.agency.kind, form.given(everything=True))


def spoken_moment(moment: datetime, *, now: datetime) -> str:
    """Say a moment as one speaks of it: today at 2:32pm."""
    day = local_day(moment)
    return f"{'today' if day == local_day(now) else 'on ' + day_in_words(day)} at {clock_time(moment)}"


def _remember(audit_request: AuditRequest) -> None:
    # Definitions only, no answers. The page that says that the database is away cannot ask the database
    # which questions the text belongs to (promises D1, D3).
    known: dict[str, tuple[AuditForm, str]] = current_app.extensions.setdefault("survey_forms_shown", {})
    known.pop(audit_request.public_id, None)
    known[audit_request.public_id] = (audit_request.audit.form, audit_request.agency.kind)
    while len(known) > MOST_REMEMBERED:
        known.pop(next(iter(known)))


def remembered_form(public_id: str) -> type[AnswerForm] | None:
    """The web form that this process has shown at this address, if it has."""
    known: dict[str, tuple[AuditForm, str]] = current_app.extensions.get("survey_forms_shown", {})
    return answer_form(*known[public_id]) if public_id in known else None
