"""Storing a list, exchanging children by hand, and making cases of those chosen."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.foundation.errors import FieldRefused
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.planning.cases.operations import remove_case
from surveyapp.planning.errors import AlreadyIssued
from surveyapp.planning.models import Audit
from surveyapp.sampling import chosen_operations, operations
from surveyapp.sampling.criteria import Criteria
from surveyapp.sampling.models import SamplingChild
from surveyapp.sampling.queries import sample_of
from surveyapp.sampling.sample import BY_HAND, NOT_NEEDED, SIBLING_CHOSEN, Sample
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker
from tests.sampling.exports import LISTED_ON, export_of_2014, population_of

ANN: dict[str, Any] = {"actor": "Ann Lee", "now": MONDAY_MORNING}


def sample(audit: Audit) -> Sample:
    """The sample of an audit as it is stored."""
    found = sample_of(audit)
    assert found is not None
    return found


def test_fifteen_are_chosen_and_everybody_else_has_a_reason(audit: Audit) -> None:
    chosen = sample(audit)
    assert len(chosen.chosen) == 15
    assert chosen.balance.distance == 0
    groups = [child.listed.sibling_group for child in chosen.chosen if child.listed.sibling_group]
    assert len(groups) == len(set(groups))
    assert sum(chosen.standings.values()) == 202
    assert chosen.standings["Not a repeat plan"] == 168
    over = chosen.standings["More than 3 years between the plans"]
    assert over + len(chosen.eligible) == 34
    siblings = [child for child in chosen.eligible.values() if child.listed.sibling_group in groups]
    assert chosen.standings[SIBLING_CHOSEN] == len(siblings) - len(groups) > 0


def test_the_same_file_rules_and_seed_give_the_same_sample_in_another_audit(
    audit: Audit, make: Maker
) -> None:
    other = make.audit(cases=0, agencies=1, issued=False)
    with transaction():
        operations.store_population(
            other, population_of(export_of_2014()), listed_on=LISTED_ON, keep={}, **ANN
        )
    first, second = sample(audit), sample(other)
    assert second.criteria == first.criteria, "the rules of the sampling before are offered"
    assert [child.number for child in second.chosen] == [child.number for child in first.chosen]
    assert second.sampling.file_digest == first.sampling.file_digest


def test_an_exchange_keeps_its_reason_and_who_gave_it(audit: Audit, session: Session) -> None:
    before = sample(audit)
    out, into = before.chosen[0].number, before.candidates(before.chosen[0].number)[0].number
    expected = before.with_exchange(out, into).distance
    with transaction():
        chosen_operations.exchange(audit, out=out, into=into, reason="The file is with the court", **ANN)
    after = sample(audit)
    assert into in {child.number for child in after.chosen}
    assert after.balance.distance == expected
    left_out = after.children[out]
    assert after.standing(left_out) == BY_HAND
    assert (left_out.left_out_reason, left_out.left_out_by) == ("The file is with the court", "Ann Lee")
    stored = session.connection().exec_driver_sql(
        "SELECT left_out_reason FROM survey_sampling_child WHERE left_out_reason IS NOT NULL"
    )
    assert b"court" not in bytes(stored.scalar_one()), "the reason is encrypted"
    event = session.scalars(select(Event).where(Event.action == "exchanged_in_sample")).one()
    assert event.detail == f"{out} for {into}"
    with transaction():
        operations.change_rules(audit, after.criteria, size=15, seed=7, **ANN)
    assert not sample(audit).children[out].is_chosen, "who is left out by hand stays out"
    with transaction():
        assert chosen_operations.put_back(audit, out, **ANN)
        assert not chosen_operations.put_back(audit, out, **ANN)
    assert sample(audit).standing(sample(audit).children[out]) in {NOT_NEEDED, SIBLING_CHOSEN}


def test_only_an_eligible_child_takes_the_place_of_a_chosen_one(audit: Audit) -> None:
    now = sample(audit)
    chosen, excluded = (
        now.chosen[0].number,
        next(number for number in now.children if number not in now.eligible),
    )
    for out, into in ((chosen, excluded), (chosen, now.chosen[1].number), (excluded, chosen), (chosen, 9999)):
        with pytest.raises(FieldRefused), transaction():
            chosen_operations.exchange(audit, out=out, into=into, reason="x", **ANN)


def test_the_chosen_become_cases_in_an_order_of_their_own(audit: Audit, session: Session) -> None:
    with transaction():
        assert chosen_operations.make_cases(audit, consulted="Mo Khan", **ANN) == 15
    events = session.scalars(select(Event.action).order_by(Event.id)).all()
    assert events == ["read_list", "chose_sample", "selected_sample"], "one act is one event"
    made = sample(audit)
    assert made.are_cases
    assert (made.sampling.selected_by, made.sampling.consulted) == ("Ann Lee", "Mo Khan")
    assert made.sampling.selected_at == MONDAY_MORNING
    assert [case.pseudonym for case in audit.cases] == [f"Child {number}" for number in range(1, 16)]
    by_name = {case.pseudonym: case for case in audit.cases}
    for child in made.chosen:
        case = by_name[child.pseudonym]
        assert (case.age_months, case.gender, case.category, case.plan, case.sibling_group) == (
            child.listed.age.months,
            child.listed.gender,
            child.listed.category,
            child.listed.plan,
            child.listed.sibling_group,
        )
    names = [int(child.pseudonym.removeprefix("Child ")) for child in made.chosen]
    assert names != sorted(names)
    rows = population_of(export_of_2014()).rows
    in_file = [
        int(child.pseudonym[6:]) for child in sorted(made.chosen, key=lambda child: rows[child.number])
    ]
    assert in_file != sorted(in_file)


def test_cases_follow_a_later_exchange_until_the_issue(audit: Audit, session: Session) -> None:
    with transaction():
        chosen_operations.make_cases(audit, consulted="", **ANN)
    made = sample(audit)
    out = made.chosen[0]
    with transaction():
        chosen_operations.exchange(
            audit, out=out.number, into=made.candidates(out.number)[0].number, reason="x", **ANN
        )
    assert not sample(audit).are_cases
    with transaction():
        assert chosen_operations.make_cases(audit, consulted="", **ANN) == 1
    assert sample(audit).are_cases
    assert len(audit.cases) == 15
    with transaction():
        remove_case(audit.cases[0], **ANN)
    assert not sample(audit).are_cases, "a case removed by hand is told from a chosen child with a case"
    with pytest.raises(operations.CasesMade), transaction():
        operations.store_population(
            audit, population_of(export_of_2014()), listed_on=LISTED_ON, keep={}, **ANN
        )
    audit.issued_at = MONDAY_MORNING
    session.commit()
    for act in (
        lambda: chosen_operations.make_cases(audit, consulted="", **ANN),
        lambda: chosen_operations.put_back(audit, 1, **ANN),
        lambda: operations.change_rules(audit, Criteria(), size=1, seed=1, **ANN),
        lambda: chosen_operations.exchange(audit, out=1, into=2, reason="x", **ANN),
    ):
        with pytest.raises(AlreadyIssued), transaction():
            act()


def test_rules_that_nobody_meets_are_refused_and_not_stored(audit: Audit) -> None:
    before = sample(audit).criteria
    with pytest.raises(FieldRefused, match="Nobody on the list meets these rules"), transaction():
        operations.change_rules(audit, Criteria(categories=("none",)), size=15, seed=1, **ANN)
    assert sample(audit).criteria == before


def test_a_removed_list_leaves_nothing_but_the_cases(audit: Audit, session: Session) -> None:
    with transaction():
        chosen_operations.make_cases(audit, consulted="", **ANN)
        operations.remove_list(audit, **ANN)
    assert sample_of(audit) is None
    assert session.scalars(select(SamplingChild)).all() == []
    assert len(audit.cases) == 15


def test_a_large_list_takes_no_more_statements_than_a_small_one(
    make: Maker, queries: Callable[[int], AbstractContextManager[list[str]]]
) -> None:
    numbers = []
    for plans in (40, 400):
        audit = make.audit(cases=0, agencies=1, issued=False)
        population = population_of(export_of_2014(plans=plans))
        with queries(20) as statements, transaction():
            operations.store_population(audit, population, listed_on=LISTED_ON, keep={}, **ANN)
        with queries(3):
            sample(audit)
        numbers.append(len(statements))
    assert numbers[1] <= numbers[0] + 1
