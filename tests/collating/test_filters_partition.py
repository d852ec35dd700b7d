"""The counts under each choice of a filter, or of two filters, add up to those of all returns."""

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
    # A failing example is not shrunk, since that takes minutes with a database.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
KINDS = ("police", "health", "gp")
NAMES = [field.name for field in fields(Filters)]
# People type their own words, which may be those that the program stores itself.
WORDS = st.sampled_from(["", "Female", "female", "neglect", NOT_RECORDED, "a, b & c=d", "Zoë’s"])
ReturnedAnswers = list[tuple[GivenAnswer, ...] | None]


@dataclass(frozen=True)
class Child:
    """The recorded details of a child, any of which may be missing."""

    age_months: int | None
    unborn: bool
    gender: str
    category: str
    plan: str


AGES = st.tuples(st.sampled_from([None, 0, 59, 60, 131, 132, 210, 300]), st.just(value=False))
CHILDREN = st.builds(
    lambda age, *words: Child(*age, *words), AGES | st.just((None, True)), WORDS, WORDS, WORDS
)
# Nine requests, some outstanding: three children, each known to three agencies.
RETURNS = st.lists(st.none() | a_return(), min_size=9, max_size=9)
THREE = st.lists(CHILDREN, min_size=3, max_size=3)


def audit_with(make: Maker, session: Session, answers: ReturnedAnswers, children: list[Child]) -> Audit:
    """An audit about these children, with these answers; None leaves a request outstanding."""
    audit = audit_of(make, cases=3, kinds=KINDS)
    for case, child in zip(audit.cases, children, strict=True):
        case.age_months, case.unborn = child.age_months, child.unborn
        case.gender, case.category, case.plan = child.gender, child.category, child.plan
    session.commit()
    for audit_request, given_answers in zip(make.requests(audit), answers, strict=True):
        if given_answers is not None:
            make.returned(audit_request, given_answers or (GivenAnswer("nothing", option="x"),))
    return audit


def choices_of(audit: Audit) -> dict[str, list[str]]:
    """The choices that pages offer for each filter; empty where there is nothing to choose."""
    choices = filter_choices(audit.cases, agencies_asked(audit))
    values_by_name = {name: [value for value, _ in values] for name, values in choices.items()}
    return values_by_name | {"cases": [str(case.id) for case in audit.cases]}


def collated(audit: Audit, **chosen: str) -> Collation:
    """The collation of the page with these choices in its address."""
    filters = Filters.from_address(lambda name: [clean_text(chosen[name])] if name in chosen else [])
    return collate(audit, filters=filters, now=MONDAY_MORNING)


def counted(figures: QuestionFigures) -> Counter[object]:
    """Every count of a question: each option of each line, and asked, answered, commented and blank."""
    by_hand = counts_of(figures)
    counts: Counter[object] = Counter(
        {("answer", *answer): count for answer, count in by_hand.chosen.items()}
    )
    counts.update({"asked": figures.asked, "answered": figures.answered, "commented": figures.commented})
    counts.update({"not asked": figures.not_asked, "not answered": figures.not_answered})
    return counts


def assert_they_add_up(parts: list[Collation], whole: Collation) -> None:
    assert sum(part.returns for part in parts) == whole.returns
    for figures in whole.questions:
        together = sum((counted(part.question(figures.id)) for part in parts), start=Counter[object]())
        # Adding counters drops zero counts.
        assert together == +counted(figures), figures.id


@pytest.mark.slow
@DRAWN
@given(answers=RETURNS, children=THREE)
def test_the_counts_of_each_filter_add_up_to_the_whole(
    make: Maker, session: Session, answers: ReturnedAnswers, children: list[Child]
) -> None:
    audit = audit_with(make, session, answers, children)
    whole = collated(audit)
    for name, values in choices_of(audit).items():
        assert len(set(values)) == len(values), name
        if values:
            assert_they_add_up([collated(audit, **{name: value}) for value in values], whole)


@pytest.mark.slow
@settings(DRAWN, max_examples=8)
@given(answers=RETURNS, children=THREE, names=st.sampled_from(list(combinations(NAMES, 2))))
def test_the_counts_of_two_filters_add_up_to_the_whole(
    make: Maker, session: Session, answers: ReturnedAnswers, children: list[Child], names: tuple[str, str]
) -> None:
    audit = audit_with(make, session, answers, children)
    choices = choices_of(audit)
    named = [name for name in names if choices[name]]
    pairs = product(*(choices[name] for name in named))
    parts = [collated(audit, **dict(zip(named, pair, strict=True))) for pair in pairs]
    assert_they_add_up(parts, collated(audit))


@pytest.mark.slow
@settings(DRAWN, max_examples=3)
@given(answers=RETURNS, children=THREE)
def test_figures_by_kind_of_agency_equal_those_of_the_filter(
    make: Maker, session: Session, answers: ReturnedAnswers, children: list[Child]
) -> None:
    audit = audit_with(make, session, answers, children)
    whole = collated(audit)
    for figures in whole.questions:
        for kind in figures_by_kind(audit, figures.question, filters=Filters(), rule=whole.rule):
            alone = collated(audit, kinds=kind.kind).question(figures.id)
            assert kind.figures == alone, (figures.id, kind.kind)
