"""The checks of a brief read every sentence of it, and the addresses of its links."""

import pytest

from surveyapp.brief.brief import Resource
from surveyapp.brief.checks import brief_flags, brief_sentences
from surveyapp.brief.sections import assemble_brief
from surveyapp.checks.flags import CHECKS
from surveyapp.checks.personal_details import personal_detail_flags
from tests.brief.briefs import FACTS, brief
from tests.checks.flagged_points import PLAIN, flags_of


def test_the_address_of_a_resource_is_checked() -> None:
    link = Resource(
        "Toolkit", "a tool", "https://www.tools.example/reviews/Kayleigh-Thompson?nhs=943-476-5919"
    )
    made = assemble_brief(FACTS, PLAIN, resources=(link,))
    found = [flag.wording for flag in personal_detail_flags(brief_sentences(made), FACTS)]
    assert found == ["Kayleigh Thompson", "943 476 5919"]


def test_every_sentence_is_checked_once_in_reading_order() -> None:
    found = list(brief_sentences(brief()))
    assert found[0].block == "title"
    assert [sentence.text for sentence in found if sentence.block == "worries"][1] == "Neglect was not named"
    assert not any(sentence.block == "chart" for sentence in found)
    assert {flag.check for flag in brief_flags(brief(), FACTS)} <= set(CHECKS)


@pytest.mark.slow
def test_a_long_repetitive_text_raises_few_flags() -> None:
    words = "one of the ten children aged 12 to 13 years, 58 of 70 returns (82.9%) " * 600
    assert len(flags_of(words)) < 50
