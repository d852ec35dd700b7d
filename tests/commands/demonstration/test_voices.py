"""The demonstration's voices: read in part, quoted with their source, and identifying nobody."""

from collections import Counter

from surveyapp.foundation.personal_details.finder import find_personal_details
from surveyapp.gathering.comments.comment_index import changed_since_read, reading_progress
from surveyapp.gathering.families.operations import families_in_words
from surveyapp.gathering.queries import (
    families_of,
    judgements_by_question,
    narratives_of,
    quotes_of,
    theme_counts,
    workshops_of,
)
from surveyapp.gathering.quotes.operations import outdated_quote_ids
from surveyapp.planning.models import Audit


def test_most_comments_are_read_and_some_are_still_to_be_read(demonstrated: Audit) -> None:
    found = reading_progress(demonstrated)
    assert 0 < found.of - found.count < found.count
    assert changed_since_read(demonstrated) == frozenset()


def test_themes_are_counted_out_of_the_77_returns(demonstrated: Audit) -> None:
    counts = theme_counts(demonstrated.id)
    assert {each.mentioned.of for each in counts} == {77}
    used = {each.theme.name: each for each in counts if each.mentioned.count}
    assert len(used) >= 10
    voice = used["Voice of the child"]
    assert voice.strength.count
    assert voice.concern.count
    # As in 2014, most comments to the last question tell of good practice, and some of concerns.
    strengths, concerns, comments = judgements_by_question(demonstrated.id)["strengths_or_concerns"]
    assert strengths + concerns == comments
    assert strengths > concerns > 0
    assert max(voice.strength.count, voice.concern.count) <= voice.mentioned.count


def test_each_source_is_quoted_and_every_quote_is_still_in_its_comment(demonstrated: Audit) -> None:
    quotes = quotes_of(demonstrated.id)
    assert Counter(each.source for each in quotes) == {"auditor": 12, "practitioner": 2, "parent": 4}
    assert outdated_quote_ids(demonstrated, quotes) == frozenset()
    assert sum(each.original != each.printed for each in quotes) == 1
    assert all(each.themes for each in quotes)


def test_three_parents_took_part_as_in_2014(demonstrated: Audit) -> None:
    families = families_of(demonstrated.id)
    assert families_in_words(each.state for each in families) == (
        "5 families were offered a talk by telephone: 3 held, 1 declined and 1 agreed and not yet held."
    )
    assert all(each.telephone is None for each in families)


def test_it_has_a_workshop_a_case_example_and_a_practitioners_view(demonstrated: Audit) -> None:
    (workshop,) = workshops_of(demonstrated.id)
    assert sum(each.people for each in workshop.attendances) == 21
    assert [each.kind for each in narratives_of(demonstrated.id)] == ["case_example", "practitioner"]


def test_no_personal_details_are_found_in_it(demonstrated: Audit) -> None:
    (workshop,) = workshops_of(demonstrated.id)
    texts = [
        *(each.text for each in narratives_of(demonstrated.id)),
        *(each.printed for each in quotes_of(demonstrated.id)),
        *(note.text for each in families_of(demonstrated.id) for note in each.notes),
        workshop.scenarios or "",
        workshop.notes or "",
        workshop.suggestions or "",
    ]
    assert [found for text in texts for found in find_personal_details(text)] == []
