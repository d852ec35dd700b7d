"""Loads four earlier audits with their learning briefs, and a draft brief for the demonstration audit."""

import json
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from sqlalchemy import select

from surveyapp.agencies.queries import agencies_by_name
from surveyapp.answering.models import Return
from surveyapp.answering.returns.operations import return_audit
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.brief.brief import BriefText, FoundAndNeeded, LearningTheme, Resource
from surveyapp.brief.library.operations import add_to_library
from surveyapp.brief.library.queries import resource_named
from surveyapp.brief.operations import keep_brief_flags, propose_brief, release_brief, save_brief_draft
from surveyapp.brief.queries import brief_overview, saved_brief
from surveyapp.closing.operations import close_returns
from surveyapp.commands.demonstration.audit import DEMONSTRATION_FILES, Say, say_nothing
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.clock import utc_moment
from surveyapp.foundation.mail.outbox import mark_as_sent
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.web.actor import EXECUTIVE
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.operations import issue_requests
from surveyapp.planning.audit_state_operations import mark_as_example
from surveyapp.planning.models import Audit
from surveyapp.planning.queries import audit_titled
from surveyapp.planning.setup.operations import set_up_audit
from surveyapp.planning.setup.setup_file import read_set_up

ACTOR = "demonstration"
AIM = (
    "To see whether agencies keep good standards when they work together, and whether each answers soundly "
    "and steadily, as the law, good practice and the partnership’s own policies ask."
)
# Every agency is asked about each third child, so that none is asked about one child only.
_EVERY_NTH_CHILD = 3
_AGENCY_KINDS = {
    "Harbour Medical Practice": "gp",
    "Wrenford Young Minds": "health",
    "Wrenford Community Health": "health",
    "Wrenford Hospitals": "health",
    "Wrenford Mental Health": "health",
    "Wrenford Police": "police",
    "Hilltop Primary School": "school",
    "Wrenford Youth Justice": "youth",
    "Wrenford Emergency Duty Team": "social_care",
    "Wrenford Children’s Social Care": "social_care",
    "Wrenford Early Help": "early_help",
    "Harbour Family Support": "voluntary",
}


@cache
def _file() -> Mapping[str, Any]:
    return tomllib.loads((files("surveyapp.commands.demonstration") / "briefs.toml").read_text("utf-8"))


def titles_with_briefs() -> tuple[str, ...]:
    """The titles of the audits that have a brief in the demonstration, earliest first."""
    return tuple(brief["audit"] for brief in _file()["briefs"])


def demonstration_agencies() -> frozenset[str]:
    """The names of the agencies that the demonstration makes."""
    file = yaml.safe_load((DEMONSTRATION_FILES / "audit.yaml").read_text("utf-8"))
    return frozenset((*_AGENCY_KINDS, *(agency["name"] for agency in file["agencies"])))


def demonstration_resources() -> frozenset[str]:
    """The names of the resources that the demonstration adds to the library."""
    return frozenset(resource["name"] for resource in _file()["resources"])


def load_briefs(*, now: datetime, say: Say = say_nothing) -> int:
    """Load the library and the missing briefs, each with its audit; returns how many briefs were new.

    The brief of the demonstration audit is loaded only if that audit is. Commits after each; `now` is UTC.
    `say` is told of each brief before it is loaded.
    """
    with transaction():
        for resource in _file()["resources"]:
            if resource_named(resource["name"]) is None:
                add_to_library(Resource(**resource), actor=ACTOR, now=now)
    return sum(_load(brief, now, say) for brief in _file()["briefs"])


def load_own_brief(*, now: datetime) -> bool:
    """Load the draft brief of the demonstration audit alone; False if it is there. `now` is UTC."""
    return any(_load(brief, now, say_nothing) for brief in _file()["briefs"] if "days" not in brief)


def _load(brief: Mapping[str, Any], now: datetime, say: Say) -> bool:
    with transaction():
        audit = audit_titled(brief["audit"])
        if audit is None or saved_brief(audit.id) is None:
            say(f"Adding the learning brief of “{brief['audit']}”{'' if audit else ', with its audit'}.")
        if audit is None and "days" in brief:
            audit = _add_earlier_audit(brief)
        if audit is None or saved_brief(audit.id) is not None:
            return False
        at = audit.closed_at + timedelta(days=21) if audit.closed_at else now
        _write(audit, brief, at)
    return True


def _add_earlier_audit(brief: Mapping[str, Any]) -> Audit:
    """Add an earlier audit: planned, issued, answered and closed on its own dates."""
    issue_on, due_on, close_on = (date.fromisoformat(day) for day in brief["days"])
    issued_at = utc_moment(issue_on, time(10))
    audit = set_up_audit(read_set_up(_set_up_file(brief), "earlier.yaml"), actor=ACTOR, now=issued_at)
    mark_as_example(audit)
    issue_requests(audit, actor=ACTOR, now=issued_at)
    requests = select(AuditRequest).where(AuditRequest.audit_id == audit.id).order_by(AuditRequest.id)
    answers = _answers(audit)
    for audit_request in session.scalars(requests).all():
        press = ButtonPress(f"demonstration-{audit_request.public_id}", 0)
        return_audit(audit_request, answers, press, now=utc_moment(due_on, time(11)))
    close_returns(audit, actor=ACTOR, now=utc_moment(close_on, time(9)))
    # No emails about an audit of years ago.
    grants = select(AuditRequest.grant_id).where(AuditRequest.audit_id == audit.id)
    mark_as_sent("request", grants, at=issued_at)
    mark_as_sent("receipt", select(Return.id).join(AuditRequest).where(AuditRequest.audit_id == audit.id))
    return audit


def _set_up_file(brief: Mapping[str, Any]) -> bytes:
    known = agencies_by_name()
    issue_on, due_on, close_on = brief["days"]
    agencies, children = brief["agencies"], brief["children"]
    document = {
        **{name: brief[name] for name in ("audit", "form", "theme")},
        "aim": AIM,
        "issue_on": issue_on,
        "due_on": due_on,
        "close_on": close_on,
        "agencies": [
            {
                "name": name,
                "kind": _AGENCY_KINDS[name],
                "contacts": [] if known.named(name) else [_contact(name)],
            }
            for name in agencies
        ],
        "cases": [
            {
                "case": f"Child {number + 1}",
                "age": age,
                "gender": gender,
                "category": category,
                "plan": plan,
                "needs": needs,
                "agencies": [
                    agency
                    for position, agency in enumerate(agencies)
                    if (position + number) % _EVERY_NTH_CHILD == 0
                ],
            }
            for number, (age, gender, category, plan, needs) in enumerate(children)
        ],
    }
    return json.dumps(document, ensure_ascii=False).encode()


def _contact(name: str) -> dict[str, str]:
    mailbox = "".join(letter for letter in name.lower() if letter.isalpha() and letter.isascii())
    return {"name": "Audit lead", "email": f"audits@{mailbox}.example", "role": "lead"}


def _answers(audit: Audit) -> tuple[GivenAnswer, ...]:
    """The first option of two questions; since these briefs quote no figure, any answers do."""
    choices = [question for question in audit.form.questions if question.kind == "choice"]
    always_shown = [question for question in choices if not question.show_if]
    return tuple(GivenAnswer(question.id, option=question.answers[0].value) for question in always_shown[:2])


def _write(audit: Audit, brief: Mapping[str, Any], written_at: datetime) -> None:
    resources = [resource.id for name in brief["resources"] if (resource := resource_named(name)) is not None]
    save_brief_draft(audit.id, _brief_content(brief), resources, seen=0, actor=ACTOR, now=written_at)
    if "approver" not in brief:
        return
    overview = brief_overview(audit.id, now=written_at)
    keep_brief_flags(
        audit.id, {flag.mark: brief["reason"] for flag in overview.findings}, actor=ACTOR, now=written_at
    )
    propose_brief(audit.id, seen=overview.content, actor=ACTOR, now=written_at)
    release_brief(audit.id, seen=overview.content, roles={EXECUTIVE}, actor=brief["approver"], now=written_at)


def _brief_content(brief: Mapping[str, Any]) -> BriefText:
    return BriefText(
        audited_on=brief.get("audited_on"),
        cohort=brief["cohort"],
        discussed=brief.get("discussed"),
        shows_splits=brief.get("shows_splits", False),
        question=brief.get("question", ""),
        worries=tuple(brief["worries"]),
        good_practice=tuple(brief["good_practice"]),
        callouts=tuple(brief["callouts"]),
        themes=tuple(LearningTheme(theme["title"], tuple(theme["points"])) for theme in brief["themes"]),
        pairs=tuple(
            FoundAndNeeded(pair["title"], tuple(pair.get("found", ())), tuple(pair["needed"]))
            for pair in brief["pairs"]
        ),
    )
