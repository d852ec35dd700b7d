"""The contact's form page: its values and its rendering.

Rendering runs no query, so that the page can be shown while the database is unavailable.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from flask import render_template

from surveyapp.answering.access.code_prompt import CodePrompt
from surveyapp.answering.access.notice import Notice
from surveyapp.answering.access.page_signature import page_signature
from surveyapp.answering.concerns.queries import is_told_by_request, told_in_words
from surveyapp.answering.enquiry_queries import enquiries_of
from surveyapp.answering.keyed_in import keyed_in
from surveyapp.answering.models import REOPENING_REASONS, Enquiry, Return
from surveyapp.answering.returns.answers_in_words import AnsweredQuestion, answers_in_words, differences
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.answering.returns.progress_queries import references_by_request
from surveyapp.answering.returns.queries import FormContents, revision_answers
from surveyapp.answering.returns.remembered_forms import remember_form
from surveyapp.defining.answer_form import AnswerForm
from surveyapp.defining.definition import Question
from surveyapp.defining.shown_questions import is_answered, shown_question_ids, unanswered_questions
from surveyapp.foundation import clock
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.web.access import LINK_IDLE_LIMIT, minutes_left_of_visit
from surveyapp.foundation.words.dates_and_lists import clock_time, day_in_words
from surveyapp.issuing.models import AuditRequest


@dataclass(frozen=True)
class FormProgress:
    """How many of the questions asked are answered, the first that is not, and the ids of those answered."""

    answered: int
    asked: int
    next_unanswered: Question | None
    answered_ids: set[str]


@dataclass(frozen=True)
class FormPage:
    """One form page: whose form it is, its answers and the version of the return it shows."""

    public_id: str
    form: AnswerForm
    press: ButtonPress
    mark: str
    audit: str = ""
    agency: str = ""
    case: str = ""
    # The agency's own reference for its file, once a code was given.
    own_reference: str = ""
    due: str = ""
    status: str = ""
    returned: str = ""
    # That staff keyed it in, in a sentence; and why they ask for a correction, with what they wrote.
    keyed_in: str = ""
    correction: tuple[str, str] | None = None
    notice: Notice | None = None
    # Who delegated it to the reader of the page, and whether it goes back to them to be checked.
    passer: str = ""
    sends_back: bool = False
    may_pass: bool = False
    # The text in the form as its writer reads and copies it, on a page that did not simply store it.
    own_text: str = ""
    # Where two versions differ: the question's heading, the answer in the form, and the answer in the other.
    differences: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = field(default_factory=list)
    other_text: str = "Saved now"
    # Whether a Save puts the answers that differ in the place of the saved ones, on the page of a clash.
    takes_place: bool = False
    save_words: str = "Save my text"
    # Ids of autosaves: of the text in the form, and of the text shown beside it.
    continues: str = ""
    looked_at: str = ""
    # Whether the link is asked for again, because the browser no longer holds it.
    asks_link: bool = False
    link_error: str = ""
    # The box for the code, if this browser has not given it.
    code: CodePrompt | None = None
    can_save: bool = True
    # Minutes for which this browser keeps its links while it is not used.
    idle_minutes: int = int(LINK_IDLE_LIMIT.total_seconds() // 60)
    # Minutes after which it lets go of them in any case, counted from when the page was shown.
    visit_minutes: int = field(default_factory=minutes_left_of_visit)
    # Enquiries about this request, with their answers.
    enquiries: list[Enquiry] = field(default_factory=list)
    # Whether the partnership has been told of a concern, in words.
    told: str = ""

    @property
    def progress(self) -> FormProgress:
        """How many questions are answered, for the bar and for the list beside the form."""
        answers = self.form.given(everything=True)
        asked = shown_question_ids(self.form.questions, answers)
        unanswered = unanswered_questions(self.form.questions, answers)
        answered = {answer.question for answer in answers if is_answered((answer,))}
        return FormProgress(
            len(asked) - len(unanswered), len(asked), unanswered[0] if unanswered else None, answered
        )


def form_page(
    audit_request: AuditRequest, audit_return: Return | None, form: AnswerForm, *, status: str = ""
) -> FormPage:
    """The form page of a request that this browser may open."""
    remember_form(audit_request)
    audit, due = audit_request.audit, audit_request.due_day
    returned = (
        day_in_words(local_day(audit_return.returned_at)) if audit_return and audit_return.returned_at else ""
    )
    delegation, keyed = audit_request.open_delegation, keyed_in(audit_return)
    return FormPage(
        public_id=audit_request.public_id,
        form=form,
        press=ButtonPress.fresh(audit_return),
        mark=page_signature(audit_request.public_id),
        audit=audit.title,
        agency=audit_request.agency.name,
        case=audit_request.case.pseudonym,
        own_reference=references_by_request([audit_request]).get(audit_request.id, ""),
        due=day_in_words(due) if due else "",
        status=status,
        returned=returned,
        keyed_in=keyed.in_words if keyed else "",
        correction=correction_in_words(audit_return),
        enquiries=enquiries_of(audit_request),
        told=told_in_words(is_told=is_told_by_request([audit_request.id]).get(audit_request.id)),
        passer=delegation.passer if delegation else "",
        sends_back=delegation is not None and delegation.sends_back,
        may_pass=can_be_delegated(audit_request, audit_return, now=clock.now()),
    )


def correction_in_words(audit_return: Return | None) -> tuple[str, str] | None:
    """Why staff opened a return for correction, in words, and what they wrote; None if they did not."""
    if audit_return is None or not audit_return.waits_for_correction:
        return None
    return REOPENING_REASONS[audit_return.reopening_reason], audit_return.reopening_note or ""


def can_be_delegated(audit_request: AuditRequest, audit_return: Return | None, *, now: datetime) -> bool:
    """Whether a contact may delegate a request: it is not returned, not closed and not delegated to them."""
    returned = audit_return is not None and audit_return.returned_at is not None
    return not returned and audit_request.open_delegation is None and not audit_request.audit.is_closed(now)


def form_page_as_opened(
    audit_request: AuditRequest,
    audit_return: Return | None,
    contents: FormContents,
    form: AnswerForm,
    *,
    now: datetime,
) -> FormPage:
    """The form page as it opens, with any unsaved text in it or beside it. `now` is UTC."""
    saved, revision = contents.saved, contents.revision
    status = f"Saved {spoken_moment(saved.created_at, now=now)}" if saved else ""
    page = form_page(audit_request, audit_return, form, status=status)
    if revision is not None and contents.opens_with_autosave:
        typed = spoken_moment(revision.created_at, now=now)
        page = replace(
            page,
            status="",
            continues=revision.submission_id,
            notice=Notice(
                f"What you typed {typed} was kept, and is in the form below.",
                "Nobody has pressed Save since. Go on from here.",
            ),
        )
    return _with_text_beside(page, audit_request, contents, now=now) if contents.beside else page


def _with_text_beside(
    page: FormPage, audit_request: AuditRequest, contents: FormContents, *, now: datetime
) -> FormPage:
    definition, kind = audit_request.audit.form, audit_request.agency.kind
    mine = form_answers_in_words(audit_request, page.form)
    compared = (
        (revision, differences(mine, answers_in_words(definition, kind, revision_answers(revision))))
        for revision in contents.beside
    )
    beside, differing = next(
        ((revision, differing) for revision, differing in compared if differing), (None, [])
    )
    if beside is None:
        return page
    moment = spoken_moment(beside.created_at, now=now)
    return replace(
        page,
        looked_at=beside.submission_id,
        differences=differing,
        other_text=f"Typed {moment}",
        notice=Notice(
            f"This was open on another page too. What was typed there {moment} was not saved.",
            "It is below, beside what is in the form. Copy what you need into the form, then press Save.",
        ),
    )


def render_form_page(page: FormPage) -> str:
    """The HTML of a form page."""
    errors = page.form.errors or page.link_error or (page.code and page.code.error)
    return render_template("survey/answering/returns/form.html", page=page, form=page.form, errors=errors)


def form_answers_in_words(audit_request: AuditRequest, form: AnswerForm) -> list[AnsweredQuestion]:
    """The answers in a form page, as people read them."""
    return answers_in_words(audit_request.audit.form, audit_request.agency.kind, form.given(everything=True))


def own_text(audit_request: AuditRequest, form: AnswerForm) -> str:
    """The answered questions in a form page as plain text, to be read and copied; empty if there is none."""
    answered = (answer for answer in form_answers_in_words(audit_request, form) if answer.lines)
    return "\n\n".join("\n".join((answer.heading, *answer.lines)) for answer in answered)


def spoken_moment(moment: datetime, *, now: datetime) -> str:
    """A moment (UTC) as people say it, in UK time: “today at 2:32pm”."""
    day = local_day(moment)
    return f"{'today' if day == local_day(now) else 'on ' + day_in_words(day)} at {clock_time(moment)}"
