"""The time of reading typed text grows with its length and no faster, whatever the text holds.

Otherwise one post from somebody without an account could stop the program for everybody.
"""

import logging
import re
import time
from collections.abc import Callable
from contextlib import suppress
from statistics import median
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from surveyapp.answering.access.forms import CodeForm
from surveyapp.checks.flags import split_sentences
from surveyapp.checks.small_number_patterns import ALL_BUT, COUNT, COUNT_ALONE, FRACTION, SHARE
from surveyapp.collating.comparison.pasted_rows import read_rows
from surveyapp.collating.filters import Filters
from surveyapp.collating.question_comments import search_words
from surveyapp.defining.form_checks import check_form
from surveyapp.defining.kinds.registry import QUESTION_KINDS
from surveyapp.defining.rules.double_barrelled import asks_two_things
from surveyapp.foundation.documents.emphasis import text_runs
from surveyapp.foundation.normal_form import normal_form
from surveyapp.foundation.personal_details.finder import find_personal_details
from surveyapp.foundation.personal_details.text_words import folded_word
from surveyapp.foundation.tables.csv_reader import csv_text
from surveyapp.foundation.web.base import SurveyForm
from surveyapp.foundation.web.fields import AddressField, DayField
from surveyapp.foundation.web.log_redaction import LinkRedactor
from surveyapp.foundation.words.clean_text import clean_line, clean_text, has_letter_or_digit, name_key
from surveyapp.foundation.words.email_addresses import (
    address_problem,
    clean_address,
    is_address,
    unlisted_domain,
)
from surveyapp.foundation.words.typed_dates import read_date
from surveyapp.gathering.quotes.redaction import identifying_wordings, redact_words
from surveyapp.issuing.links import token_in
from surveyapp.planning.cases.ages import read_age
from surveyapp.planning.cases.pseudonyms import identifier_kind, pseudonym_range
from surveyapp.planning.days.chaser_fields import ChaserOffsetsField
from surveyapp.planning.setup.setup_values import as_day
from surveyapp.report.parts import parts_from_text
from surveyapp.standalone.sign_in import safe_next_path
from tests.defining.forms_at_hand import RETURNED_ON, feature

# Time is measured, so these run with the slow tests and not beside everything else.
pytestmark = pytest.mark.slow

CHARACTERS = 10_000
MOST_GROWTH = 2.5
# In seconds of one processor: below it, a measurement tells nothing about growth.
TOO_SHORT_TO_COMPARE = 0.01
FEWEST_TRIES, MOST_TRIES = 2, 25

# What a text is made of by repeating it; those before and after an “|” fill half of the text each.
UNITS = {
    "one mark": "\u0301",
    "two marks in disorder": "\u0301\u0316",
    "marks in disorder by halves": "\u0301|\u0316",
    "marks that fall apart into two": "\u0344|\u0f73",
    "marks and invisible characters": "\u0301\u200b\u0316",
    "letters of several marks": "\u1f82",
    "letters that grow when folded": "\u0390",
    "halfwidth marks": "\uff9e",
    "one letter": "a",
    "one capital": "A",
    "accented letters": "é",
    "Chinese": "安",
    "letters and hyphens": "a-",
    "letters and full stops": "a.",
    "names": "Lola-Mae O’Brien’s ",
    "spaces": " ",
    "spaces, then a letter": " |a",
    "blank lines": " \n",
    "tabs": "\t",
    "digits": "1",
    "digits and spaces": "1 ",
    "dates": "1/2/2020 born ",
    "counts": "two of the three children ",
    "at signs": "@",
    "addresses": "a@b.",
    "percent codes": "%25",
    "percent signs": "%",
    "an address without end": "a.|@",
    "commas": ",",
    "quotes": '"',
    "brackets": "[…] ",
    "marks for bold": "**a ",
    "dashes": "-",
    "letters of a link": "abcd234",
    "quoted lines": "ab2\n> ",
    "angle brackets": "<",
    "mappings": "a: ",
    "lists": "[a, ",
}


class TypedForm(SurveyForm):
    """One field of each kind that reads more than plain text."""

    address = AddressField()
    day = DayField()
    chasers = ChaserOffsetsField()


def form_with(text: str) -> None:
    for form in (TypedForm, CodeForm):
        names = [field.name for field in form(MultiDict())]
        form(MultiDict((name, text) for name in names)).validate()


def question_kinds_with(text: str) -> None:
    for name, kind in QUESTION_KINDS.items():
        if name in {"date", "number", "short_text", "long_text", "text", "contact"}:
            question = feature(name).questions[0]
            value: Any = (text, text, text) if name == "contact" else text
            kind.given(question, value)
            kind.problems(question, value, returned_on=RETURNED_ON)


def counts_in(text: str) -> None:
    # They look for many wordings at each word, so a fifth of the text takes long enough.
    for sentence in split_sentences("block", "Heading", text[: len(text) // 5]):
        for pattern in (COUNT, COUNT_ALONE, ALL_BUT, SHARE, FRACTION):
            for _ in pattern.finditer(sentence.text):
                pass


READERS: dict[str, Callable[[str], object]] = {
    "asks_two_things": asks_two_things,
    "csv_text": lambda text: csv_text(text.encode()),
    "clean_text": clean_text,
    "clean_line": clean_line,
    "name_key": name_key,
    "normal_form NFKC": lambda text: normal_form("NFKC", text),
    "normal_form NFKD": lambda text: normal_form("NFKD", text),
    "has_letter_or_digit": has_letter_or_digit,
    "clean_address": clean_address,
    "is_address": is_address,
    "address_problem": address_problem,
    "unlisted_domain": lambda text: unlisted_domain(text, ("police.uk",)),
    "find_personal_details": find_personal_details,
    "folded_word": folded_word,
    "redact_words": lambda text: redact_words(text, [text[:100]]),
    "identifying_wordings": identifying_wordings,
    "a form": form_with,
    "question kinds": question_kinds_with,
    "read_age": read_age,
    "read_date": read_date,
    "as_day": as_day,
    "identifier_kind": identifier_kind,
    "pseudonym_range": lambda text: pseudonym_range(text, text),
    "filters": lambda text: Filters.from_address(lambda _name: [text]),
    "many filters": lambda text: Filters.from_address(lambda _name: list(text)),
    "search_words": search_words,
    "read_rows": read_rows,
    "token_in": token_in,
    "safe_next_path": lambda text: safe_next_path(f"/{text}"),
    "a log line": lambda text: LinkRedactor().filter(logging.makeLogRecord({"msg": text})),
    "a form file": lambda text: check_form(text, "form.yaml"),
    "parts_from_text": parts_from_text,
    "text_runs": text_runs,
    "counts of children": counts_in,
}


def text_of(unit: str, characters: int) -> str:
    halves = unit.split("|")
    return "".join(half * (characters // len(halves) // len(half)) for half in halves)


def seconds(read: Callable[[str], object], text: str) -> float:
    begun = time.process_time()
    with suppress(ValueError):
        read(text)
    return time.process_time() - begun


def grows_faster_than_its_text(read: Callable[[str], object], unit: str) -> bool:
    """Whether twice the text takes more than 2.5 times as long, in the best of several tries and in most.

    On a loaded machine one try says little, but most of many do.
    """
    once, twice = text_of(unit, CHARACTERS), text_of(unit, 2 * CHARACTERS)
    best_once = best_twice = float("inf")
    growths = []
    for attempt in range(1, MOST_TRIES + 1):
        for_twice, for_once = seconds(read, twice), seconds(read, once)
        best_twice, best_once = min(best_twice, for_twice), min(best_once, for_once)
        if best_twice < TOO_SHORT_TO_COMPARE:
            return False
        growths.append(for_twice / max(for_once, TOO_SHORT_TO_COMPARE / 1000))
        if attempt >= FEWEST_TRIES and best_twice <= MOST_GROWTH * best_once:
            return False
    return median(growths) > MOST_GROWTH


@pytest.mark.parametrize("reader", READERS)
def test_twice_the_text_takes_no_more_than_about_twice_as_long(app: Flask, reader: str) -> None:
    with app.test_request_context():
        slow = [name for name, unit in UNITS.items() if grows_faster_than_its_text(READERS[reader], unit)]
    assert not slow, f"{reader} takes too long over: {', '.join(slow)}."


def test_the_measure_finds_a_reader_that_takes_the_square_of_the_time() -> None:
    assert grows_faster_than_its_text(lambda text: [text.count("b") for _ in text[::10]], "a")


@pytest.mark.parametrize(
    "page", ["/sign-in", "/fresh-link/", "/start/", "/returns/aaaaaaaaaaaaaaaaaaaaaaaa/"]
)
@pytest.mark.parametrize("unit", ["\u0301|\u0316", "\u0301", "%FF", "%", "%41", "a."])
def test_a_post_of_a_stranger_takes_no_longer_than_its_length_explains(
    app: Flask, page: str, unit: str
) -> None:
    browser = app.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/fresh-link/").text)
    assert token is not None

    def post(text: str) -> None:
        value = text if unit.startswith("%") else quote(text)
        body = "&".join(f"{name}={value}" for name in ("email", "password", "token", "pasted-link", "code"))
        data = f"csrf_token={token[1]}&{body}"
        answer = browser.post(page, data=data, content_type="application/x-www-form-urlencoded")
        assert unit.startswith("%") or "open too long" not in answer.text

    assert not grows_faster_than_its_text(post, unit)
