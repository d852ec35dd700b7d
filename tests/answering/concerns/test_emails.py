"""The email about a concern matches concern.txt and holds no details."""

from pathlib import Path

from sqlalchemy.orm import Session

from surveyapp.answering.concerns.emails import CONCERN
from surveyapp.foundation.mail.compose import render_email
from tests.answering.concerns.raised_concerns import RAISED, concern_on, save
from tests.row_maker import Maker

HERE = Path(__file__).parent


def test_the_email_matches_concern_txt_and_holds_no_details(make: Maker, session: Session) -> None:
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
    assert CONCERN.lock(concern.id) is first.grant
    assert CONCERN.word(999, "audits@partnership.example") is None
