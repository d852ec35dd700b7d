"""The stored JSON of a brief is read back unchanged."""

import json

from surveyapp.brief.brief import BriefText
from surveyapp.brief.stored_json import page_as_json, page_from_json, texts_as_json, texts_from_json
from tests.brief.briefs import WRITTEN, brief


def test_a_stored_page_is_read_back_unchanged() -> None:
    assert page_from_json(page_as_json(brief())) == brief()


def test_stored_texts_are_read_back_and_have_no_days_or_numbers() -> None:
    kept = texts_as_json(WRITTEN)
    assert {"audited_on", "discussed", "question"}.isdisjoint(json.loads(kept))
    found = BriefText(
        audited_on=WRITTEN.audited_on,
        discussed=WRITTEN.discussed,
        shows_splits=WRITTEN.shows_splits,
        **texts_from_json(kept),
    )
    assert found == WRITTEN


def test_texts_stored_by_an_earlier_version_are_read_with_new_fields_empty() -> None:
    assert BriefText(**texts_from_json('{"worries": ["One"]}')) == BriefText(worries=("One",))
