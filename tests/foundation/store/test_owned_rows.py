"""The rows that belong to a row are counted and deleted with it, and those that only mention it are found."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from surveyapp.concluding.models import Recommendation
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.owned_rows import delete_with_owned_rows, mentions, owned_rows
from surveyapp.planning.models import Audit, Case, Involvement
from tests.row_maker import Maker


def test_rows_are_counted_through_further_rows_and_deleted_with_no_others(
    make: Maker, session: Session
) -> None:
    agencies = [make.agency(), make.agency()]
    audit = make.audit(cases=3, agencies=agencies, issued=False)
    make.audit(cases=2, agencies=agencies, issued=False)
    assert owned_rows(audit) == {"survey_case": 3, "survey_involvement": 6}
    with transaction():
        delete_with_owned_rows(audit)
    counts = [session.scalar(select(func.count()).select_from(model)) for model in (Audit, Case, Involvement)]
    assert counts == [1, 2, 4]


def test_a_row_of_another_audit_that_mentions_it_is_no_part_of_it(make: Maker, session: Session) -> None:
    audit, later = make.audit(issued=False), make.audit(issued=False)
    earlier = Recommendation(audit_id=audit.id, position=1, text="Ask earlier")
    session.add(earlier)
    session.flush()
    assert mentions(audit) == set()
    repeated = Recommendation(audit_id=later.id, position=1, text="Ask earlier", repeated_from_id=earlier.id)
    session.add(repeated)
    session.commit()
    assert mentions(audit) == {"survey_recommendation"}
    assert owned_rows(audit)["survey_recommendation"] == 1
