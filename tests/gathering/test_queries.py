"""What later steps read of an audit's voices: counts by return, and everything in its order."""

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
    """Two themes, and all four comments judged: the first return names the first theme twice."""
    said = (("strength", {0}), ("concern", {0}), ("concern", {0, 1}), ("", set[int]()))
    with transaction():
        themes = [
            add_theme(audit, name, actor=MANAGER, now=MONDAY_MORNING) for name in ("Supervision", "Fathers")
        ]
        judge_comments(
            audit,
            [
                CommentJudgement(
                    each.request_id,
                    each.question.id,
                    each.digest,
                    judgement,
                    frozenset(themes[n].id for n in places),
                )
                for each, (judgement, places) in zip(comments_to_read(audit).shown, said, strict=True)
            ],
            actor=MANAGER,
            now=MONDAY_MORNING,
        )


def test_a_theme_is_counted_by_returns_out_of_those_with_answers(said: Audit) -> None:
    read_all(said)
    supervision, fathers = theme_counts(said.id)
    assert supervision.theme.name == "Supervision"
    # Four returns came in with answers: the nil one is in no denominator.
    assert (supervision.strength, supervision.concern) == (Share(1, 4), Share(2, 4))
    assert supervision.mentioned == Share(2, 4), "a return that says both is one return"
    assert (fathers.strength, fathers.concern, fathers.mentioned) == (Share(0, 4), Share(1, 4), Share(1, 4))


def test_what_was_withdrawn_counts_no_longer(said: Audit, make: Maker, session: Session) -> None:
    read_all(said)
    make.requests(said)[0].withdrawn_at = MONDAY_MORNING
    session.commit()
    supervision, fathers = theme_counts(said.id)
    assert (supervision.strength, supervision.concern) == (Share(0, 3), Share(1, 3))
    assert fathers.mentioned == Share(0, 3)


@pytest.mark.slow
def test_quotes_of_practitioners_and_parents_are_in_no_share(said: Audit, session: Session) -> None:
    read_all(said)
    workshop = Workshop(audit_id=said.id, title="Workshop", held_on=date(2026, 12, 1))
    session.add(workshop)
    session.flush()
    quote(session, said, "practitioner", workshop_id=workshop.id, themes=[themes_of(said.id)[1]])
    assert theme_counts(said.id)[1].mentioned == Share(1, 4)


def test_comments_are_counted_by_question_beside_its_shares(said: Audit) -> None:
    read_all(said)
    assert judgements_by_question(said.id) == {
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


def test_quotes_go_by_question_and_source_and_name_no_agency_unless_told(
    said: Audit, session: Session
) -> None:
    read_all(said)
    reads = {each.audit_request.agency.name: each.id for each in session.query(ReadComment)}
    workshop = Workshop(audit_id=said.id, title="Workshop", held_on=date(2026, 12, 1))
    family = FamilyContact(case_id=said.cases[0].id, state="offered")
    session.add_all([workshop, family])
    session.flush()
    parent = quote(session, said, "parent", family_contact_id=family.id)
    later = quote(session, said, "practitioner", "strengths_or_concerns", workshop_id=workshop.id)
    last = quote(session, said, "auditor", "strengths_or_concerns", read_comment_id=reads["Police"])
    first = quote(
        session, said, "auditor", "supervision", read_comment_id=reads["Police"], names_agency_kind=True
    )
    assert [each.id for each in quotes_of(said.id)] == [first.id, last.id, later.id, parent.id]
    assert [each.attribution for each in quotes_of(said.id)] == [
        "Auditor, Police",
        "Auditor",
        "Practitioner",
        "Parent",
    ]
    assert [each.id for each in quotes_of(said.id, "supervision")] == [first.id]
    assert [each.id for each in quotes_of(said.id, "")] == [parent.id]


def test_the_rest_comes_in_order_and_of_this_audit_alone(said: Audit, make: Maker, session: Session) -> None:
    other = make.audit(cases=1, agencies=1)
    agency = make.requests(said)[0].agency
    for title, day, audit in (("Later", 9, said), ("Earlier", 2, said), ("Elsewhere", 1, other)):
        held = Workshop(audit_id=audit.id, title=title, held_on=date(2026, 12, day))
        held.attendances = [Attendance(agency_id=agency.id, people=3)]
        session.add(held)
    for case in reversed(said.cases):
        family = FamilyContact(case_id=case.id, agency_id=agency.id, state="declined")
        family.notes = [FamilyNote(area="ended", text=f"{case.pseudonym} said")]
        session.add(family)
    session.add(FamilyContact(case_id=other.cases[0].id, state="offered"))
    session.add(
        Narrative(audit_id=said.id, kind="practitioner", case_id=said.cases[0].id, text="From the front line")
    )
    session.add(Narrative(audit_id=said.id, kind="case_example", text="A child"))
    session.add(Narrative(audit_id=other.id, kind="case_example", text="Not here"))
    session.commit()
    assert [(each.title, each.attendances[0].people) for each in workshops_of(said.id)] == [
        ("Earlier", 3),
        ("Later", 3),
    ]
    assert [(each.case.pseudonym, each.notes[0].text) for each in families_of(said.id)] == [
        ("Child 1", "Child 1 said"),
        ("Child 2", "Child 2 said"),
    ]
    assert [each.kind for each in narratives_of(said.id)] == ["case_example", "practitioner"]
