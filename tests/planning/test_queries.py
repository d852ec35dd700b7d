"""Queries on the lists of audits."""

from datetime import date

from sqlalchemy.orm import Session

from surveyapp.planning.queries import listed_audits
from tests.row_maker import Maker


def test_the_programme_has_the_latest_first_with_its_counts(make: Maker, session: Session) -> None:
    older, newer, undated = (make.audit(cases=2, agencies=3, issued=False, title=name) for name in "ABC")
    older.issue_on = date(2026, 1, 5)
    undated.issue_on = undated.due_on = undated.close_on = None
    session.commit()
    assert [(row.audit.title, row.cases, row.requests) for row in listed_audits()] == [
        ("C", 2, 6),
        ("B", 2, 6),
        ("A", 2, 6),
    ]
    assert newer.title == "B"
