"""Flags figures of a single agency that are under the threshold, or leave so few (stories 4.9)."""

from collections.abc import Iterator

from surveyapp.checks.audit_facts import AuditFacts
from surveyapp.checks.flags import Flag, Sentence
from surveyapp.foundation.words.clean_text import name_key
from surveyapp.foundation.words.dates_and_lists import list_in_words
from surveyapp.foundation.words.late_pattern import LatePattern
from surveyapp.foundation.words.number_words import NUMBER, parse_number

_FIGURE = LatePattern(
    rf"(?P<count>{NUMBER})\s*(?:/|\s(?:out\s+)?of(?:\s+(?:the|its|their))?\s)\s*(?P<of>{NUMBER})"
    rf"|(?P<alone>{NUMBER})\s+(?:returns?|answers?|files?|records?)\b",
)


def agency_figure_flags(sentence: Sentence, facts: AuditFacts) -> Iterator[Flag]:
    """Flag small figures in a sentence that names an agency of the audit."""
    named = [
        organisation.name
        for organisation in facts.organisations
        if name_key(organisation.name) in name_key(sentence.text)
    ]
    # The list of organisations that audited has no figure of a single one.
    if not named or sentence.block == "organisations":
        return
    for match in _FIGURE.finditer(sentence.text):
        numbers = [parse_number(words) for words in (match["count"], match["of"], match["alone"]) if words]
        remainder = numbers[1] - numbers[0] if match["of"] else 0
        if any(0 < number < facts.threshold for number in (*numbers, remainder)):
            says = f"A figure of {list_in_words(named)} alone, under {facts.threshold}."
            yield sentence.flag("small_number", match[0], says)
