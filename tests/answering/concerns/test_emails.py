"""The emails about a concern match their files and hold no details."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from surveyapp.answering.concerns.emails import CONCERN, CONCERN_TAKEN_BACK
from surveyapp.foundation.mail.compose import render_email
from tests.answering.concerns.raised_concerns import CALM, RAISED, concern_on, save
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

LATER = MONDAY_MORNING + timedelta(hours=1)
HERE = Path(__file__).parent


def test_the_emails_match_their_files_and_hold_no_details(make: Maker, session: Session) -> None:
    agency = make.agency("Northside Police", contact="audit@police.example")
    audit = make.audit(cases=1, agencies=[agency], title="Repeat Child Protection Plans, January 2027")
    first = make.requests(audit)[0]
    first.reference = "7K4-Q2B"
    session.commit()
    address = f"/audits/{audit.id}/concerns"
    save(first, RAISED, 0)
    concern = concern_on(session)
    assert concern is not None
    email = CONCERN.word(concern.id, "audits@partnership.example")
    assert email is not None
    worded = render_email(email)
    read = f"Subject: {worded.subject}\n\n{worded.text}".replace(
        f"http://127.0.0.1:5000{address}", "https://audits.example/audits/1/concerns"
    )
    assert read == (HERE / "concern.txt").read_text(encoding="utf-8")
    for hidden in ("Child 1", "Northside", "Lead", "safeguarding lead", "10am"):
        assert hidden not in worded.subject + worded.text + worded.html
    save(first, CALM, 1, now=LATER)
    taken_back = CONCERN_TAKEN_BACK.word(concern.id, "audits@partnership.example")
    assert taken_back is not None
    worded = render_email(taken_back)
    read = f"Subject: {worded.subject}\n\n{worded.text}".replace(
        f"http://127.0.0.1:5000{address}", "https://audits.example/audits/1/concerns"
    )
    assert read == (HERE / "concern_taken_back.txt").read_text(encoding="utf-8")
    assert CONCERN.lock(concern.id) is first.grant
    assert CONCERN.word(999, "audits@partnership.example") is None
