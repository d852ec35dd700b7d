"""Operations on the list that a sample is chosen from: read it, choose by rules, remove it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, delete, insert, select, update

from surveyapp.foundation.errors import FieldRefused, Refused
from surveyapp.foundation.store.db import session, update_rows
from surveyapp.foundation.store.digests import digest_of
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.errors import AlreadyIssued
from surveyapp.planning.locks import lock_audit
from surveyapp.planning.models import Audit
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
    lock_before_issue(audit)
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
    lock_before_issue(audit)
    sampling = sample_of_list(audit).sampling
    sampling.criteria, sampling.size, sampling.seed = criteria.stored(), size, seed
    session.flush()
    sample = _choose(audit)
    if not sample.eligible:
        raise FieldRefused("size", "Nobody on the list meets these rules: loosen one of them")
    record_event(
        actor, "chose_sample", f"audit {audit.id}", counted(len(sample.chosen), "child", "children"), now=now
    )
    return sample


def remove_list(audit: Audit, *, actor: str, now: datetime) -> None:
    """Remove the list and the sample; cases made of it stay. Raises NoList."""
    lock_audit(audit)
    sampling = sample_of_list(audit).sampling
    session.execute(delete(SamplingChild).where(SamplingChild.sampling_id == sampling.id))
    session.delete(sampling)
    record_event(actor, "removed_list", f"audit {audit.id}", now=now)


def lock_before_issue(audit: Audit) -> None:
    """Lock an audit whose sample may still change. Raises AlreadyIssued."""
    lock_audit(audit)
    if audit.is_issued:
        raise AlreadyIssued("The audit has been issued, so its sample stays as it was chosen.")


def sample_of_list(audit: Audit) -> Sample:
    """The sample of an audit. Raises NoList."""
    sample = sample_of(audit)
    if sample is None:
        raise NoList("No list has been read for this audit.")
    return sample


def _choose(audit: Audit) -> Sample:
    """Choose by the stored rules, and mark those chosen; four statements whatever the size of the list."""
    sample = _chosen_again(sample_of_list(audit))
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
