"""The choices of a filter, or of two together, part the returns: what they count adds up to the whole."""

from collections import Counter
from dataclasses import dataclass, fields
from itertools import combinations, product

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from surveyapp.collating.figures import Collation, QuestionFigures
from surveyapp.collating.figures_by_agency_kind import figures_by_kind
from surveyapp.collating.filters import NOT_RECORDED, Filters, filter_choices
from surveyapp.collating.queries import agencies_asked, collate
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.words.clean_text import clean_text
from surveyapp.planning.models import Audit
from tests.collating.example_audits import a_return, audit_of, counts_of
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

DRAWN = settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    # What fails is shown as it was drawn: to make it smaller takes minutes of a database’s time.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
KINDS = ("police", "health", "gp")
NAMES = [each.name for each in fields(Filters)]
# People write their own words too, and nobody keeps them from writing ours.
WORDS = st.sampled_from(["", "Female", "female", "neglect", NOT_RECORDED, "a, b & c=d", "Zoë’s"])
Said = list[tuple[GivenAnswer, ...] | None]


@dataclass(frozen=True)
class Child:
    """What is known of a child; nothing of it has to be."""

    age_months: int | None
    unborn: bool
    gender: str
    category: str
    plan: str


AGES = st.tuples(st.sampled_from([None, 0, 59, 60, 131, 132, 210, 300]), st.just(value=False))
CHILDREN = st.builds(
    lambda age, *words: Child(*age, *words), AGES | st.just((None, True)), WORDS, WORDS, WORDS
)
# Nine requests, some outstanding, of three children whom three agencies know.
RETURNS = st.lists(st.none() | a_return(), min_size=9, max_size=9)
THREE = st.lists(CHILDREN, min_size=3, max_size=3)


def audit_with(make: Maker, session: Session, said: Said, children: list[Child]) -> Audit:
    """An audit about these children, with what agencies said about them."""
    audit = audit_of(make, cases=3, kinds=KINDS)
    for case, child in zip(audit.cases, children, strict=True):
        case.age_months, case.unborn = child.age_months, child.unborn
        case.gender, case.category, case.plan = child.gender, child.category, child.plan
    session.commit()
    for audit_request, answers in zip(make.requests(audit), said, strict=True):
        if answers is not None:
            make.returned(audit_request, answers or (GivenAnswer("nothing", option="x"),))
    return audit


def choices_of(audit: Audit) -> dict[str, list[str]]:
    """What the pages let one choose for each filter; empty where there is nothing to choose between."""
    choices = filter_choices(audit.cases, agencies_asked(audit))
    found = {name: [value for value, _ in values] for name, values in choices.items()}
    return found | {"cases": [str(case.id) for case in audit.cases]}


def collated(audit: Audit, **chosen: str) -> Collation:
    """What the page shows whose address names these choices."""
    # As the page reads it: the choice goes through an address and comes back.
    filters = Filters.from_address(lambda name: [clean_text(chosen[name])] if name in chosen else [])
    return collate(audit, filters=filters, now=MONDAY_MORNING)


def counted(figures: QuestionFigures) -> Counter[object]:
    """Every count of a question by what it is of: each answer of each line, and what is no answer."""
    by_hand = counts_of(figures)
    found: Counter[object] = Counter({("answer", *answer): count for answer, count in by_hand.chosen.items()})
    found.update({"asked": figures.asked, "answered": figures.answered, "commented": figures.commented})
    found.update({"not asked": figures.not_asked, "not answered": figures.not_answered})
    return found


def assert_they_add_up(parts: list[Collation], whole: Collation) -> None:
    assert sum(part.returns for part in parts) == whole.returns
    for each in whole.questions:
        together = sum((counted(part.question(each.id)) for part in parts), start=Counter[object]())
        # Adding drops what is counted nought times.
        assert together == +counted(each), each.id


@pytest.mark.slow
@DRAWN
@given(said=RETURNS, children=THREE)
def test_each_filter_parts_the_returns_into_what_adds_up(
    make: Maker, session: Session, said: Said, children: list[Child]
) -> None:
    audit = audit_with(make, session, said, children)
    whole = collated(audit)
    for name, values in choices_of(audit).items():
        assert len(set(values)) == len(values), name
        if values:
            assert_they_add_up([collated(audit, **{name: value}) for value in values], whole)


@pytest.mark.slow
@settings(DRAWN, max_examples=8)
@given(said=RETURNS, children=THREE, names=st.sampled_from(list(combinations(NAMES, 2))))
def test_two_filters_together_part_them_too(
    make: Maker, session: Session, said: Said, children: list[Child], names: tuple[str, str]
) -> None:
    audit = audit_with(make, session, said, children)
    choices = choices_of(audit)
    named = [name for name in names if choices[name]]
    pairs = product(*(choices[name] for name in named))
    parts = [collated(audit, **dict(zip(named, pair, strict=True))) for pair in pairs]
    assert_they_add_up(parts, collated(audit))


@pytest.mark.slow
@settings(DRAWN, max_examples=3)
@given(said=RETURNS, children=THREE)
def test_figures_by_kind_of_agency_are_those_that_the_filter_gives(
    make: Maker, session: Session, said: Said, children: list[Child]
) -> None:
    audit = audit_with(make, session, said, children)
    whole = collated(audit)
    for each in whole.questions:
        for kind in figures_by_kind(audit, each.question, filters=Filters(), rule=whole.rule):
            alone = collated(audit, kinds=kind.kind).question(each.id)
            assert kind.figures == alone, (each.id, kind.kind)
