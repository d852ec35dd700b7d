"""The sentence on families offered a talk."""

from surveyapp.gathering.families.talks_in_words import families_in_words


def test_the_sentence_counts_families_and_what_came_of_them() -> None:
    assert families_in_words([]) == "No family was offered a talk."
    states = ["done", "done", "done", "declined", "agreed", "offered"]
    assert families_in_words(states) == (
        "6 families were offered a talk by telephone: "
        "3 held, 1 declined, 1 agreed and not yet held and 1 open."
    )
    assert families_in_words(["done"]) == ("1 family was offered a talk by telephone: 1 held.")
