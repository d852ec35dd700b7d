"""Agencies with different answers about children, for the tests across agencies."""

import re
from html import unescape

from surveyapp.agencies.models import Agency
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.planning.models import Audit
from tests.row_maker import Maker

NAMES = {"Health": "health", "Police": "police", "Schools": "school", "Youth": "youth"}


def four_agencies(make: Maker) -> list[Agency]:
    """Health, Police, Schools and Youth."""
    return [make.agency(name, kind=kind) for name, kind in NAMES.items()]


def say(make: Maker, audit: Audit, case: str, question: str, **answers: str) -> None:
    """Return the audit of one case for each agency named, with its one answer; an empty one is a blank."""
    for audit_request in make.requests(audit):
        option = answers.get(audit_request.agency.name)
        if audit_request.case.pseudonym == case and option is not None:
            make.returned(audit_request, (GivenAnswer(question, option=option),) if option else ())


def text_of(page: str) -> str:
    """The words of a page's main part, with single spaces."""
    main = re.search(r"<main.*</main>", page, re.DOTALL)
    assert main
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main[0])).split())
