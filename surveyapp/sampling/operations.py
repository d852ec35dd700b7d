"""Operations on a sample: read the list, choose, exchange children by hand, make cases of the chosen."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any, cast

from sqlalchemy import Table, delete, insert, select, update

from surveyapp.foundation.errors import FieldRefused, Refused
from surveyapp.foundation.store.db import session, update_rows
from surveyapp.foundation.store.digests import digest_of
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.clean_text import name_key
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.cases.details import CaseDetails
from surveyapp.planning.cases.operations import add_cases_unlogged, remove_case
from surveyapp.planning.errors import AlreadyIssued
from surveyapp.planning.locks import lock_audit
from surveyapp.planning.models import Audit, Case
from surveyapp.sampling.children import ListedChild
from surveyapp.sampling.choosing import choose_sample
from surveyapp.sampling.criteria import Criteria
from surveyapp.sampling.models import ExportHead, Sampling, SamplingChild
from surveyapp.sampling.population import Population
from surveyapp.sampling.queries import latest_sampling, sample_of, sampling_of
from surveyapp.sampling.sample import Sample, StoredChild

USUAL_SIZE, LARGEST_SIZE = 15, 500
LARGEST_SEED = 999_999_999


class NoList(Refused):
    """There is no list to choose from yet."""

    way_on = "Choose the file of the export first."


class CasesMade(Refused):
    """The list cannot be replaced any more, since cases were made of it."""

    way_on = "Remove these cases on the page of cases first."


def store_population(  # noqa: PLR0913 — each is one thing the press brings
    audit: Audit,
    population: Population,
    *,
    listed_on: date,
    keep: Mapping[str, str],
    actor: str,
    now: datetime,
) -> Sample:
    """Store a list as it was on a UK day in the place of an earlier one, and choose a sample from it.

    `keep` says what a head means from now on, by its key. The rules, the size and the seed are those of the
    sampling before, of any audit, as far as the list knows them. Raises AlreadyIssued and CasesMade.
    """
    _lock_before_issue(audit)
    earlier = latest_sampling()
    before, size = (
        (Criteria.from_stored(earlier.criteria), earlier.size) if earlier else (Criteria(), USUAL_SIZE)
    )
    _remove_list_before(audit)
    criteria = _known_to(before, population.children.values())
    sampling = Sampling(
        audit_id=audit.id,
        listed_on=listed_on,
        file_digest=digest_of(population.fingerprint),
        heads=dict(population.heads),
        left_out=list(population.left_out),
        read_by=actor,
        read_at=now,
        criteria=criteria.stored(),
        size=size,
        seed=int(f"{listed_on:%Y%m%d}"),
        selected_by="",
        consulted="",
    )
    session.add(sampling)
    session.flush()
    listed = {number: StoredChild(number, child) for number, child in population.children.items()}
    sample = _chosen_again(Sample(sampling, listed))
    # Into the table and not the model, which would look at each of ten thousand rows twice.
    rows = [_row(sampling.id, child) for child in sample.children.values()]
    session.execute(insert(cast("Table", SamplingChild.__table__)), rows)
    for head, name in keep.items():
        session.merge(ExportHead(head_key=head, column_name=name))
    read = counted(len(listed), "child", "children")
    record_event(actor, "read_list", f"audit {audit.id}", read, now=now)
    return sample


def _remove_list_before(audit: Audit) -> None:
    """Remove the list that was read before, if any. Raises CasesMade."""
    before = sampling_of(audit)
    if before is None:
        return
    cases = select(SamplingChild.case_id).where(
        SamplingChild.sampling_id == before.id, SamplingChild.case_id.is_not(None)
    )
    if session.scalar(cases.limit(1)) is not None:
        raise CasesMade("The audit has cases from the list that was read before.")
    session.execute(delete(SamplingChild).where(SamplingChild.sampling_id == before.id))
    session.delete(before)
    session.flush()


def _row(sampling_id: int, stored: StoredChild) -> dict[str, Any]:
    child = stored.listed
    return {
        "sampling_id": sampling_id,
        "number": stored.number,
        "age_months": child.age.months,
        "unborn": child.age.unborn,
        "gender": child.gender,
        "category": child.category,
        "plan": child.plan,
        "began_on": child.began_on,
        "interval_months": child.interval,
        "plans": child.plans,
        "sibling_group": child.sibling_group,
        "is_chosen": stored.is_chosen,
        "left_out_by": "",
    }


def _known_to(criteria: Criteria, children: Iterable[ListedChild]) -> Criteria:
    """The rules that a list can answer: without a period, which is another each time."""
    listed = list(children)
    plans, categories = {child.plan for child in listed}, {child.category for child in listed}
    return replace(
        criteria,
        only_repeat=criteria.only_repeat and any(child.is_repeat for child in listed),
        longest_interval=criteria.longest_interval
        if any(child.interval is not None for child in listed)
        else None,
        began_from=None,
        began_until=None,
        plans=tuple(plan for plan in criteria.plans if plan in plans),
        categories=tuple(category for category in criteria.categories if category in categories),
    )


def change_rules(  # noqa: PLR0913 — likewise
    audit: Audit, criteria: Criteria, *, size: int, seed: int, actor: str, now: datetime
) -> Sample:
    """Choose again by other rules, size (1 to 500) or seed; children left out by hand stay left out.

    Raises NoList, AlreadyIssued, and FieldRefused if nobody meets the rules.
    """
    _lock_before_issue(audit)
    sampling = _sample(audit).sampling
    sampling.criteria, sampling.size, sampling.seed = criteria.stored(), size, seed
    session.flush()
    sample = _choose(audit)
    if not sample.eligible:
        raise FieldRefused("size", "Nobody on the list meets these rules: loosen one of them")
    record_event(
        actor, "chose_sample", f"audit {audit.id}", counted(len(sample.chosen), "child", "children"), now=now
    )
    return sample


def exchange(  # noqa: PLR0913 — likewise
    audit: Audit, *, out: int, into: int, reason: str, actor: str, now: datetime
) -> Sample:
    """Leave a chosen child out by hand, for a reason that is kept, and take an eligible one instead.

    Raises FieldRefused for a child who may not take the place, NoList and AlreadyIssued.
    """
    _lock_before_issue(audit)
    sample = _sample(audit)
    if out not in sample.children or not sample.children[out].is_chosen:
        raise FieldRefused("into", "This child is not in the sample any more: go back to the sample")
    if into not in {child.number for child in sample.candidates(out)}:
        raise FieldRefused("into", "Choose a child from the list")
    _mark(sample.sampling, out, is_chosen=False, left_out_reason=reason, left_out_by=actor)
    _mark(sample.sampling, into, is_chosen=True)
    record_event(actor, "exchanged_in_sample", f"audit {audit.id}", f"{out} for {into}", now=now)
    return _sample(audit)


def put_back(audit: Audit, number: int, *, actor: str, now: datetime) -> bool:
    """Take back that a child was left out by hand; False if nobody had left the child out."""
    _lock_before_issue(audit)
    sample = _sample(audit)
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
    _lock_before_issue(audit)
    sample = _sample(audit)
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


def remove_list(audit: Audit, *, actor: str, now: datetime) -> None:
    """Remove the list and the sample; cases made of it stay. Raises NoList."""
    lock_audit(audit)
    sampling = _sample(audit).sampling
    session.execute(delete(SamplingChild).where(SamplingChild.sampling_id == sampling.id))
    session.delete(sampling)
    record_event(actor, "removed_list", f"audit {audit.id}", now=now)


def _lock_before_issue(audit: Audit) -> None:
    lock_audit(audit)
    if audit.is_issued:
        raise AlreadyIssued("The audit has been issued, so its sample stays as it was chosen.")


def _sample(audit: Audit) -> Sample:
    sample = sample_of(audit)
    if sample is None:
        raise NoList("No list has been read for this audit.")
    return sample


def _mark(sampling: Sampling, number: int, **values: Any) -> None:  # noqa: ANN401 — columns of any type
    row = select(SamplingChild).where(
        SamplingChild.sampling_id == sampling.id, SamplingChild.number == number
    )
    child = session.scalars(row).one()
    for name, value in values.items():
        setattr(child, name, value)
    session.flush()


def _choose(audit: Audit) -> Sample:
    """Choose by the stored rules, and mark those chosen; four statements whatever the size of the list."""
    sample = _chosen_again(_sample(audit))
    rows = update(SamplingChild).where(SamplingChild.sampling_id == sample.sampling.id)
    numbers = [child.number for child in sample.chosen]
    update_rows(rows.where(SamplingChild.is_chosen).values(is_chosen=False))
    update_rows(rows.where(SamplingChild.number.in_(numbers)).values(is_chosen=True))
    return sample


def _chosen_again(sample: Sample) -> Sample:
    """The same list with the children whom the method chooses."""
    numbers = frozenset(
        choose_sample(
            {number: child.listed for number, child in sample.eligible.items()},
            size=sample.sampling.size,
            seed=sample.sampling.seed,
            one_of_siblings=sample.criteria.one_of_siblings,
        )
    )
    children = {
        number: child
        if child.is_chosen == (number in numbers)
        else replace(child, is_chosen=number in numbers)
        for number, child in sample.children.items()
    }
    return Sample(sample.sampling, children)
