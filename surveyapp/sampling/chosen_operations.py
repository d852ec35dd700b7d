"""Operations on the children chosen: exchange one by hand, put one back on the list, make cases of them."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from surveyapp.foundation.errors import FieldRefused
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.clean_text import name_key
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.cases.details import CaseDetails
from surveyapp.planning.cases.operations import add_cases_unlogged, remove_case
from surveyapp.planning.models import Audit, Case
from surveyapp.sampling.models import Sampling, SamplingChild
from surveyapp.sampling.operations import lock_before_issue, sample_of_list
from surveyapp.sampling.sample import Sample


def exchange(  # noqa: PLR0913 — likewise
    audit: Audit, *, out: int, into: int, reason: str, actor: str, now: datetime
) -> Sample:
    """Leave a chosen child out by hand, for a reason that is kept, and take an eligible one instead.

    Raises FieldRefused for a child who may not take the place, NoList and AlreadyIssued.
    """
    lock_before_issue(audit)
    sample = sample_of_list(audit)
    if out not in sample.children or not sample.children[out].is_chosen:
        raise FieldRefused("into", "This child is not in the sample any more: go back to the sample")
    if into not in {child.number for child in sample.candidates(out)}:
        raise FieldRefused("into", "Choose a child from the list")
    _mark(sample.sampling, out, is_chosen=False, left_out_reason=reason, left_out_by=actor)
    _mark(sample.sampling, into, is_chosen=True)
    record_event(actor, "exchanged_in_sample", f"audit {audit.id}", f"{out} for {into}", now=now)
    return sample_of_list(audit)


def put_back(audit: Audit, number: int, *, actor: str, now: datetime) -> bool:
    """Take back that a child was left out by hand; False if nobody had left the child out."""
    lock_before_issue(audit)
    sample = sample_of_list(audit)
    child = sample.children.get(number)
    if child is None or not child.left_out_reason:
        return False
    _mark(sample.sampling, number, left_out_reason=None, left_out_by="")
    record_event(actor, "put_back_on_list", f"audit {audit.id}", str(number), now=now)
    return True


def make_cases(audit: Audit, *, consulted: str, actor: str, now: datetime) -> int:
    """Make the children chosen the audit’s cases, and return how many were added.

    Cases of children who are not chosen any more are removed. Pseudonyms are numbered on in an order of their
    own. `consulted` says with whom the sample was chosen. Raises NoList and AlreadyIssued.
    """
    lock_before_issue(audit)
    sample = sample_of_list(audit)
    gone = {child.case_id for child in sample.children.values() if child.case_id and not child.is_chosen}
    for case in [case for case in audit.cases if case.id in gone]:
        remove_case(case, actor=actor, now=now)
    session.flush()
    new = sorted(
        (child for child in sample.chosen if child.case_id is None),
        key=lambda child: sha256(f"pseudonym {sample.sampling.seed}:{child.number}".encode()).digest(),
    )
    names = _next_names(audit.cases, len(new))
    details = [
        CaseDetails(
            name,
            age=child.listed.age,
            gender=child.listed.gender,
            category=child.listed.category,
            plan=child.listed.plan,
            sibling_group=child.listed.sibling_group,
        )
        for name, child in zip(names, new, strict=True)
    ]
    cases = add_cases_unlogged(audit, details, now=now) if details else []
    for child, case in zip(new, cases, strict=True):
        _mark(sample.sampling, child.number, case_id=case.id)
    sampling = sample.sampling
    sampling.selected_by, sampling.consulted, sampling.selected_at = actor, consulted, now
    record_event(actor, "selected_sample", f"audit {audit.id}", counted(len(sample.chosen), "case"), now=now)
    return len(cases)


def _next_names(cases: Iterable[Case], number: int) -> list[str]:
    """The next pseudonyms “Child 1”, “Child 2” and so on, without those that other cases have."""
    taken = {name_key(case.pseudonym) for case in cases}
    names: list[str] = []
    candidate = 0
    while len(names) < number:
        candidate += 1
        if name_key(f"Child {candidate}") not in taken:
            names.append(f"Child {candidate}")
    return names


def _mark(sampling: Sampling, number: int, **values: Any) -> None:  # noqa: ANN401 — columns of any type
    row = select(SamplingChild).where(
        SamplingChild.sampling_id == sampling.id, SamplingChild.number == number
    )
    child = session.scalars(row).one()
    for name, value in values.items():
        setattr(child, name, value)
    session.flush()
