"""The conclusions in an archive: complete, with quotes as printed, and no addresses."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from surveyapp.concluding.models import ActionUpdate, Conclusion
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.gathering.models import (
    Attendance,
    FamilyContact,
    FamilyNote,
    Narrative,
    Quote,
    ReadComment,
    ReadCommentTheme,
    Workshop,
)
from surveyapp.planning.models import Audit
from tests.archive.test_archive import archived
from tests.concluding.example_conclusions import acted, found, recommended, themed
from tests.conftest import MONDAY_MORNING
from tests.exports.opened_files import json_of
from tests.row_maker import Maker

pytestmark = pytest.mark.slow

COMMENT = GivenAnswer("supervision", item="comment", text="Ann Lee sees her every week.")


def concluded_audit(make: Maker, session: Session) -> Audit:
    """An audit with one of each thing that is gathered and concluded."""
    audit = make.audit(cases=1, agencies=2)
    request = make.requests(audit)[0]
    make.returned(request, (GivenAnswer("supervision", option="yes"), COMMENT))
    (theme,) = themed(audit, "Voice of the child")
    read = ReadComment(
        request_id=request.id,
        question="supervision",
        item="comment",
        digest="x",
        judgement="strength",
        read_at=MONDAY_MORNING,
    )
    workshop = Workshop(
        audit_id=audit.id,
        held_on=date(2026, 11, 20),
        title="Workshop",
        notes="Much was said.",
        suggestions="A template.",
        attendances=[Attendance(agency_id=request.agency_id, people=4)],
    )
    talk = FamilyContact(
        case_id=audit.cases[0].id,
        agency_id=request.agency_id,
        state="done",
        held_on=date(2026, 11, 21),
        caller="Cara Caller",
        telephone="07700 900123",
        notes=[FamilyNote(area="ended", text="Nobody told us.")],
    )
    session.add_all(
        [
            read,
            workshop,
            talk,
            Conclusion(audit_id=audit.id, re_audit_on=date(2027, 11, 1), review_on=date(2027, 4, 12)),
        ]
    )
    session.flush()
    session.add(ReadCommentTheme(read_comment_id=read.id, theme_id=theme.id))
    quote = Quote(
        audit_id=audit.id,
        source="practitioner",
        question="supervision",
        original="Secret Name sees her every week.",
        printed="[…] sees her every week.",
        workshop_id=workshop.id,
        chosen_at=MONDAY_MORNING,
        themes=[theme],
    )
    session.add_all([quote, Narrative(audit_id=audit.id, kind="practitioner", text="I saw the family.")])
    session.commit()
    finding = found(
        audit,
        "Nobody **asks** her.",
        challenge="How is it known?",
        questions=("supervision",),
        themes=(theme.id,),
        quotes=(quote.id,),
    )
    recommended(audit, finding_id=finding.id, repeated_from_elsewhere="Case audit, 2014")
    action = acted(audit, finding_id=finding.id, agency_id=request.agency_id)
    session.add(
        ActionUpdate(
            action_id=action.id,
            at=MONDAY_MORNING,
            actor="staff 1",
            status="under_way",
            evidence="Six of ten.",
        )
    )
    session.commit()
    return audit


def test_everything_gathered_and_concluded_is_in_the_json(make: Maker, session: Session) -> None:
    audit = concluded_audit(make, session)
    files = archived(audit)
    assert list(files).index("conclusions.json") == list(files).index("report.docx") - 1
    said: dict[str, Any] = json_of(files["conclusions.json"])
    assert (said["version"], said["title"]) == (1, audit.title)
    assert (said["read_at"], said["re_audit_on"]) == ("2026-11-30T09:00:00+00:00", "2027-11-01")
    assert said["review_on"] == "2027-04-12"
    (quote,) = said["quotes"]
    assert said["findings"] == [
        {
            "number": 1,
            "text": "Nobody **asks** her.",
            "challenge": "How is it known?",
            "questions": ["supervision"],
            "themes": ["Voice of the child"],
            "quotes": [quote["id"]],
        }
    ]
    (recommendation,) = said["recommendations"]
    assert (recommendation["number"], recommendation["finding"], recommendation["repeats"]) == (
        1,
        1,
        "Case audit, 2014",
    )
    (action,) = said["actions"]
    assert (action["finding"], action["due_on"], action["status"]) == (1, "2026-12-18", "open")
    (update,) = action["updates"]
    assert update == {
        "at": "2026-11-30T09:00:00+00:00",
        "who": "staff 1",
        "status": "under_way",
        "status_words": "Under way",
        "evidence": "Six of ten.",
    }
    assert said["themes"] == [
        {"name": "Voice of the child", "returns": 1, "mentioned": 1, "strength": 1, "concern": 0}
    ]
    (workshop,) = said["workshops"]
    assert (workshop["id"], workshop["suggestions"]) == (quote["workshop"], "A template.")
    assert [attendance["people"] for attendance in workshop["came"]] == [4]
    (talk,) = said["talks"]
    assert (talk["case"], talk["held_on"]) == ("Child 1", "2026-11-21")
    assert talk["said"] == [{"area": "ended", "text": "Nobody told us."}]
    assert said["narratives"] == [{"kind": "practitioner", "case": None, "text": "I saw the family."}]


def test_no_file_has_originals_of_quotes_or_addresses(make: Maker, session: Session) -> None:
    files = archived(concluded_audit(make, session))
    assert b"sees her every week." in files["conclusions.json"]
    for name, content in files.items():
        for secret in ("Secret Name", "07700 900123", "Cara Caller", "head@partnership.example"):
            assert secret.encode() not in content, f"{secret} in {name}"
    said = " ".join(files["README.txt"].decode().split())
    assert "A quote stands as it prints" in said
    # The comment itself is exported with its return.
    assert b"Ann Lee sees her every week." in files["returns.csv"]


def test_the_readme_says_if_nothing_is_concluded(make: Maker) -> None:
    files = archived(make.audit(cases=1, agencies=1))
    assert "conclusions.json" not in files
    assert b"There is no conclusions.json: nothing has been gathered" in files["README.txt"]
