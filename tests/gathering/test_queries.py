"""Queries over an audit's voices that later steps use."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.words.shares import Share
from surveyapp.gathering.comments.comments_to_read import comments_to_read
from surveyapp.gathering.comments.operations import CommentJudgement, judge_comments
from surveyapp.gathering.models import (
    Attendance,
    FamilyContact,
    FamilyNote,
    Narrative,
    Quote,
    ReadComment,
    Workshop,
)
from surveyapp.gathering.queries import (
    families_of,
    judgements_by_question,
    narratives_of,
    quotes_of,
    theme_counts,
    themes_of,
    workshops_of,
)
from surveyapp.gathering.themes.operations import add_theme
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.gathering.conftest import MANAGER
from tests.row_maker import Maker


def read_all(audit: Audit) -> None:
    """Add two themes and judge all four comments; the first return mentions the first theme twice."""
    judgements = (("strength", {0}), ("concern", {0}), ("concern", {0, 1}), ("", set[int]()))
    with transaction():
        themes = [
            add_theme(audit, name, actor=MANAGER, now=MONDAY_MORNING) for name in ("Supervision", "Fathers")
        ]
        judge_comments(
            audit,
            [
                CommentJudgement(
                    comment.request_id,
                    comment.question.id,
                    comment.digest,
                    judgement,
                    frozenset(themes[n].id for n in places),
                )
                for comment, (judgement, places) in zip(
                    comments_to_read(audit).shown, judgements, strict=True
                )
            ],
            actor=MANAGER,
            now=MONDAY_MORNING,
        )


def test_a_theme_is_counted_by_returns_out_of_those_with_answers(commented_audit: Audit) -> None:
    read_all(commented_audit)
    supervision, fathers = theme_counts(commented_audit.id)
    assert supervision.theme.name == "Supervision"
    # Four returns came in with answers: the nil one is in no denominator.
    assert (supervision.strength, supervision.concern) == (Share(1, 4), Share(2, 4))
    assert supervision.mentioned == Share(2, 4), "a return that says both is one return"
    assert (fathers.strength, fathers.concern, fathers.mentioned) == (Share(0, 4), Share(1, 4), Share(1, 4))


def test_withdrawn_returns_are_not_counted(commented_audit: Audit, make: Maker, session: Session) -> None:
    read_all(commented_audit)
    make.requests(commented_audit)[0].withdrawn_at = MONDAY_MORNING
    session.commit()
    supervision, fathers = theme_counts(commented_audit.id)
    assert (supervision.strength, supervision.concern) == (Share(0, 3), Share(1, 3))
    assert fathers.mentioned == Share(0, 3)


@pytest.mark.slow
def test_quotes_of_practitioners_and_parents_are_in_no_share(
    commented_audit: Audit, session: Session
) -> None:
    read_all(commented_audit)
    workshop = Workshop(audit_id=commented_audit.id, title="Workshop", held_on=date(2026, 12, 1))
    session.add(workshop)
    session.flush()
    quote(
        session,
        commented_audit,
        "practitioner",
        workshop_id=workshop.id,
        themes=[themes_of(commented_audit.id)[1]],
    )
    assert theme_counts(commented_audit.id)[1].mentioned == Share(1, 4)


def test_comments_are_counted_by_question(commented_audit: Audit) -> None:
    read_all(commented_audit)
    assert judgements_by_question(commented_audit.id) == {
        "strengths_or_concerns": (0, 1, 2),
        "supervision": (1, 1, 2),
    }


def quote(session: Session, audit: Audit, source: str, question: str = "", **place: object) -> Quote:
    made = Quote(
        audit_id=audit.id,
        source=source,
        question=question,
        original="o",
        printed="p",
        chosen_at=MONDAY_MORNING,
        **place,
    )
    session.add(made)
    session.commit()
    return made


def test_quotes_are_sorted_by_question_and_source_and_name_an_agency_kind_only_if_set(
    commented_audit: Audit, session: Session
) -> None:
    read_all(commented_audit)
    reads = {read.audit_request.agency.name: read.id for read in session.query(ReadComment)}
    workshop = Workshop(audit_id=commented_audit.id, title="Workshop", held_on=date(2026, 12, 1))
    family = FamilyContact(case_id=commented_audit.cases[0].id, state="offered")
    session.add_all([workshop, family])
    session.flush()
    parent = quote(session, commented_audit, "parent", family_contact_id=family.id)
    later = quote(session, commented_audit, "practitioner", "strengths_or_concerns", workshop_id=workshop.id)
    last = quote(
        session, commented_audit, "auditor", "strengths_or_concerns", read_comment_id=reads["Police"]
    )
    first = quote(
        session,
        commented_audit,
        "auditor",
        "supervision",
        read_comment_id=reads["Police"],
        names_agency_kind=True,
    )
    assert [quote.id for quote in quotes_of(commented_audit.id)] == [first.id, last.id, later.id, parent.id]
    assert [quote.attribution for quote in quotes_of(commented_audit.id)] == [
        "Auditor, Police",
        "Auditor",
        "Practitioner",
        "Parent",
    ]
    assert [quote.id for quote in quotes_of(commented_audit.id, "supervision")] == [first.id]
    assert [quote.id for quote in quotes_of(commented_audit.id, "")] == [parent.id]


def test_workshops_families_and_narratives_are_sorted_and_of_one_audit(
    commented_audit: Audit, make: Maker, session: Session
) -> None:
    other = make.audit(cases=1, agencies=1)
    agency = make.requests(commented_audit)[0].agency
    for title, day, audit in (
        ("Later", 9, commented_audit),
        ("Earlier", 2, commented_audit),
        ("Elsewhere", 1, other),
    ):
        held = Workshop(audit_id=audit.id, title=title, held_on=date(2026, 12, day))
        held.attendances = [Attendance(agency_id=agency.id, people=3)]
        session.add(held)
    for case in reversed(commented_audit.cases):
        family = FamilyContact(case_id=case.id, agency_id=agency.id, state="declined")
        family.notes = [FamilyNote(area="ended", text=f"{case.pseudonym} said")]
        session.add(family)
    session.add(FamilyContact(case_id=other.cases[0].id, state="offered"))
    session.add(
        Narrative(
            audit_id=commented_audit.id,
            kind="practitioner",
            case_id=commented_audit.cases[0].id,
            text="From the front line",
        )
    )
    session.add(Narrative(audit_id=commented_audit.id, kind="case_example", text="A child"))
    session.add(Narrative(audit_id=other.id, kind="case_example", text="Not here"))
    session.commit()
    assert [
        (workshop.title, workshop.attendances[0].people) for workshop in workshops_of(commented_audit.id)
    ] == [
        ("Earlier", 3),
        ("Later", 3),
    ]
    assert [(family.case.pseudonym, family.notes[0].text) for family in families_of(commented_audit.id)] == [
        ("Child 1", "Child 1 said"),
        ("Child 2", "Child 2 said"),
    ]
    assert [narrative.kind for narrative in narratives_of(commented_audit.id)] == [
        "case_example",
        "practitioner",
    ]
