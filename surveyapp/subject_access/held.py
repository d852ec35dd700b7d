"""All that is held about one case: what each agency answered, and every other text that is linked to it."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from surveyapp.answering.models import Concern, Enquiry, Return, Revision
from surveyapp.answering.returns.answers_in_words import AnsweredQuestion, answers_in_words, nil_in_words
from surveyapp.answering.returns.queries import revision_answers
from surveyapp.defining.definition import AuditForm
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.store.db import session
from surveyapp.foundation.words.dates_and_lists import day_in_words, moment_in_words
from surveyapp.foundation.words.shares import counted
from surveyapp.gathering.models import (
    FAMILY_AREAS,
    FAMILY_STATES,
    NARRATIVES,
    FamilyContact,
    Narrative,
    Quote,
    ReadComment,
)
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Case


@dataclass(frozen=True)
class HeldText:
    """One text about a child: what it is, and its words."""

    what: str
    text: str


@dataclass(frozen=True)
class HeldReturn:
    """What one agency answered: how it stands, its answers, and texts of earlier versions."""

    agency: str
    reference: str
    state: str
    answers: tuple[AnsweredQuestion, ...]
    nil: tuple[str, str]
    earlier: tuple[HeldText, ...]


@dataclass(frozen=True)
class HeldAboutCase:
    """All that is held about one case. `elsewhere` are texts that are linked to it but are no return."""

    case: Case
    returns: tuple[HeldReturn, ...]
    elsewhere: tuple[HeldText, ...]


def held_about(case: Case) -> HeldAboutCase:
    """Read all that is linked to a case, withdrawn requests and drafts too."""
    definition = form_of(case.audit)
    requests = session.scalars(
        select(AuditRequest)
        .where(AuditRequest.case_id == case.id)
        .order_by(AuditRequest.id)
        .options(joinedload(AuditRequest.agency))
    ).all()
    references = {involvement.agency_id: involvement.own_reference or "" for involvement in case.involvements}
    returns = [
        _held_return(request, definition, references.get(request.agency_id, "")) for request in requests
    ]
    return HeldAboutCase(
        case, tuple(returns), (*_about_requests(case), *_from_families(case), *_chosen(case))
    )


def _held_return(request: AuditRequest, definition: AuditForm, reference: str) -> HeldReturn:
    audit_return = session.scalar(select(Return).where(Return.request_id == request.id))
    revisions = (
        session.scalars(
            select(Revision)
            .where(Revision.return_id == audit_return.id)
            .order_by(Revision.id)
            .options(selectinload(Revision.answers))
        ).all()
        if audit_return
        else []
    )
    current = next(
        (each for each in revisions if audit_return and each.id == audit_return.current_revision_id),
        revisions[-1] if revisions else None,
    )
    answers = revision_answers(current)
    shown = {answer.text for answer in answers}
    earlier = dict.fromkeys(
        (f"Saved {moment_in_words(revision.created_at)}, under {answer.question}", answer.text)
        for revision in revisions
        for answer in revision.answers
        if answer.text and answer.text not in shown
    )
    return HeldReturn(
        request.agency.name,
        reference,
        _state(request, audit_return, len(revisions)),
        tuple(answers_in_words(definition, request.agency.kind, answers)),
        nil_in_words(answers),
        tuple(HeldText(what, text) for what, text in earlier),
    )


def _state(request: AuditRequest, audit_return: Return | None, versions: int) -> str:
    """How a return stands, in a sentence or two."""
    if audit_return and audit_return.returned_at:
        state = f"Returned {moment_in_words(audit_return.returned_at)}."
    else:
        state = "Begun and not returned." if versions else "Not begun."
    if request.withdrawn_at:
        state += f" The request was withdrawn on {day_in_words(local_day(request.withdrawn_at))}."
    return f"{state} {counted(versions, 'version is', 'versions are')} stored." if versions > 1 else state


def _about_requests(case: Case) -> Iterator[HeldText]:
    """Concerns and enquiries, and reasons that staff wrote."""
    of_case = select(AuditRequest.id).where(AuditRequest.case_id == case.id)
    for concern in session.scalars(
        select(Concern).where(Concern.request_id.in_(of_case)).order_by(Concern.id)
    ):
        agency = concern.audit_request.agency.name
        told = ", ".join(filter(None, (concern.told_whom, concern.told_when)))
        yield HeldText(f"Current practice concern of {agency}: whom they told, and when", told or "Not said")
        if concern.outcome:
            yield HeldText(f"Outcome of the concern of {agency}", concern.outcome)
    for enquiry in session.scalars(
        select(Enquiry).where(Enquiry.request_id.in_(of_case)).order_by(Enquiry.id)
    ):
        yield HeldText(f"Question from {enquiry.audit_request.agency.name}", enquiry.text)
        if enquiry.answer:
            yield HeldText("The answer to it", enquiry.answer)
    for request, note in session.execute(
        select(AuditRequest, Return.reopening_note)
        .outerjoin(Return, Return.request_id == AuditRequest.id)
        .where(AuditRequest.case_id == case.id)
        .order_by(AuditRequest.id)
    ):
        if request.withdrawn_reason:
            yield HeldText(
                f"Why the request to {request.agency.name} was withdrawn", request.withdrawn_reason
            )
        if note:
            yield HeldText(f"Why {request.agency.name} was asked to correct its return", note)


def _from_families(case: Case) -> Iterator[HeldText]:
    """Talks with the child's family: the offer, the notes and the telephone number."""
    talks = select(FamilyContact).where(FamilyContact.case_id == case.id).order_by(FamilyContact.id)
    for talk in session.scalars(talks):
        held = f", held on {day_in_words(talk.held_on)}" if talk.held_on else ""
        yield HeldText("Talk with the family", f"{FAMILY_STATES[talk.state]}{held}")
        if talk.telephone:
            yield HeldText("Telephone number of the family", talk.telephone)
        for note in talk.notes:
            yield HeldText(f"Note of the talk: {FAMILY_AREAS.get(note.area, note.area).lower()}", note.text)


def _chosen(case: Case) -> Iterator[HeldText]:
    """What was chosen for the report: quotes from returns and talks, and longer texts about the case."""
    of_case = select(AuditRequest.id).where(AuditRequest.case_id == case.id)
    comments = select(ReadComment.id).where(ReadComment.request_id.in_(of_case))
    talks = select(FamilyContact.id).where(FamilyContact.case_id == case.id)
    quotes = select(Quote).where(or_(Quote.read_comment_id.in_(comments), Quote.family_contact_id.in_(talks)))
    for quote in session.scalars(quotes.order_by(Quote.id)):
        yield HeldText("Quote chosen for the report, as it is printed", quote.printed)
    narratives = select(Narrative).where(Narrative.case_id == case.id).order_by(Narrative.id)
    for narrative in session.scalars(narratives):
        yield HeldText(NARRATIVES[narrative.kind], narrative.text)
