"""Quotes whose words have left their comments."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from surveyapp.foundation.store.db import transaction
from surveyapp.gathering.quotes.operations import (
    change_quote,
)
from surveyapp.gathering.quotes.queries import outdated_quote_ids
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.gathering.conftest import MANAGER, commented
from tests.gathering.quotes.test_operations import FATHER, chosen
from tests.row_maker import Maker


def test_quotes_are_outdated_once_their_comment_is_corrected_or_withdrawn(
    commented_audit: Audit, make: Maker, session: Session
) -> None:
    quote = chosen(commented_audit)
    assert outdated_quote_ids(commented_audit, [quote]) == frozenset()
    make.now += timedelta(hours=1)
    make.corrected(make.requests(commented_audit)[0], commented("strengths_or_concerns", "The father came."))
    session.expire_all()
    assert outdated_quote_ids(commented_audit, [quote]) == {quote.id}
    with transaction():
        change_quote(
            commented_audit, quote, replace(FATHER, printed="Hardly"), actor=MANAGER, now=MONDAY_MORNING
        )
    assert (quote.original, quote.printed) == (FATHER.original, "Hardly")
    make.requests(commented_audit)[0].withdrawn_at = MONDAY_MORNING
    session.commit()
    assert outdated_quote_ids(commented_audit, [quote]) == {quote.id}
