from datetime import date

from sqlalchemy.orm import Session

from surveyapp.gathering.models import (
    Attendance,
    FamilyContact,
    Workshop,
)
from surveyapp.planning.models import Audit
from tests.report.report_readers import current_report, section_at, words_of


def test_workshops_and_family_talks_are_counted_without_names(audit: Audit, session: Session) -> None:
    agency = next(iter(audit.cases)).involvements[0].agency
    workshop = Workshop(audit_id=audit.id, held_on=date(2026, 2, 3), title="Learning event", notes="Secret")
    workshop.attendances = [Attendance(agency=agency, people=12)]
    talks = [
        FamilyContact(case=case, state=state, held_on=date(2026, 2, 4) if state == "done" else None)
        for case, state in zip(audit.cases, ("done", "declined"), strict=True)
    ]
    session.add_all([workshop, *talks])
    session.commit()
    methodology = section_at(current_report(audit), "Audit methodology")
    assert (
        "Learning event: a workshop held on Tuesday 3 February 2026. 12 people of 1 agency came."
        in words_of(methodology.sections[2].parts)
    )
    assert "2 families were offered a talk" in words_of(methodology.sections[3].parts)
    assert "1 talked with us. 1 declined." in words_of(methodology.sections[3].parts)
    assert "Secret" not in str(methodology)
