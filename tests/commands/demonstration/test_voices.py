"""The demonstration's voices: read in part, quoted with their source, and identifying nobody."""

from collections import Counter

from surveyapp.foundation.personal_details.finder import find_personal_details
from surveyapp.gathering.comment_index import changed_since_read, reading_progress
from surveyapp.gathering.families.talks_in_words import families_in_words
from surveyapp.gathering.queries import (
    families_of,
    judgements_by_question,
    narratives_of,
    quotes_of,
    theme_counts,
    workshops_of,
)
from surveyapp.gathering.quotes.queries import outdated_quote_ids
from surveyapp.planning.models import Audit


def test_most_comments_are_read_and_some_are_still_to_be_read(demonstrated: Audit) -> None:
    progress = reading_progress(demonstrated)
    assert 0 < progress.of - progress.count < progress.count
    assert changed_since_read(demonstrated) == frozenset()


def test_themes_are_counted_out_of_the_77_returns(demonstrated: Audit) -> None:
    counts = theme_counts(demonstrated.id)
    assert {theme_count.mentioned.of for theme_count in counts} == {77}
    used = {theme_count.theme.name: theme_count for theme_count in counts if theme_count.mentioned.count}
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
    assert Counter(quote.source for quote in quotes) == {"auditor": 12, "practitioner": 2, "parent": 4}
    assert outdated_quote_ids(demonstrated, quotes) == frozenset()
    assert sum(quote.original != quote.printed for quote in quotes) == 1
    assert all(quote.themes for quote in quotes)


def test_three_parents_took_part_as_in_2014(demonstrated: Audit) -> None:
    families = families_of(demonstrated.id)
    assert families_in_words(family.state for family in families) == (
        "5 families were offered a talk by telephone: 3 held, 1 declined and 1 agreed and not yet held."
    )
    assert all(family.telephone is None for family in families)


def test_it_has_a_workshop_a_case_example_and_a_practitioners_view(demonstrated: Audit) -> None:
    (workshop,) = workshops_of(demonstrated.id)
    assert sum(attendance.people for attendance in workshop.attendances) == 21
    assert [narrative.kind for narrative in narratives_of(demonstrated.id)] == [
        "case_example",
        "practitioner",
    ]


def test_no_personal_details_are_found_in_it(demonstrated: Audit) -> None:
    (workshop,) = workshops_of(demonstrated.id)
    texts = [
        *(narrative.text for narrative in narratives_of(demonstrated.id)),
        *(quote.printed for quote in quotes_of(demonstrated.id)),
        *(note.text for family in families_of(demonstrated.id) for note in family.notes),
        workshop.scenarios or "",
        workshop.notes or "",
        workshop.suggestions or "",
    ]
    assert [detail for text in texts for detail in find_personal_details(text)] == []
