"""Learning briefs to look at: four earlier audits with theirs, and a draft for the demonstration audit."""

import json
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import select

from surveyapp.agencies.queries import agencies_by_name
from surveyapp.answering.models import Return
from surveyapp.answering.returns.operations import ButtonPress, return_audit
from surveyapp.brief.brief import BriefText, FoundAndNeeded, LearningTheme, Resource
from surveyapp.brief.library.queries import resource_named
from surveyapp.brief.operations import add_to_library, keep_brief_flags, release_brief, save_brief_draft
from surveyapp.brief.queries import brief_overview, saved_brief
from surveyapp.closing.operations import close_returns
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.clock import utc_moment
from surveyapp.foundation.mail.outbox import mark_as_sent
from surveyapp.foundation.store.db import session, transaction
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.operations import issue_requests
from surveyapp.planning.models import Audit
from surveyapp.planning.operations import set_up_audit
from surveyapp.planning.queries import audit_titled
from surveyapp.planning.setup.setup_file import read_set_up

ACTOR = "demonstration"
AIM = (
    "To see whether agencies keep good standards when they work together, and whether each answers soundly "
    "and steadily, as the law, good practice and the partnership’s own policies ask."
)
# Every agency is asked about each third child, so that nobody stands for one child alone.
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
    return tomllib.loads((files("surveyapp.commands") / "demonstration_briefs.toml").read_text("utf-8"))


def titles_with_briefs() -> tuple[str, ...]:
    """The audits that have a brief in the demonstration, the earliest first."""
    return tuple(each["audit"] for each in _file()["briefs"])


def load_briefs(*, now: datetime) -> int:
    """Load the library and the briefs that are not there yet, each with its audit; how many came new.

    The demonstration audit's own is loaded where that audit is. Commits as it goes; `now` is UTC.
    """
    with transaction():
        for each in _file()["resources"]:
            if resource_named(each["name"]) is None:
                add_to_library(Resource(**each), actor=ACTOR, now=now)
    return sum(_load(each, now) for each in _file()["briefs"])


def _load(said: Mapping[str, Any], now: datetime) -> bool:
    with transaction():
        audit = audit_titled(said["audit"])
        if audit is None and "days" in said:
            audit = _add_earlier_audit(said)
        if audit is None or saved_brief(audit.id) is not None:
            return False
        at = audit.closed_at + timedelta(days=21) if audit.closed_at else now
        _write(audit, said, at)
    return True


def _add_earlier_audit(said: Mapping[str, Any]) -> Audit:
    """An earlier audit: planned, issued, answered and closed in its own days."""
    issue_on, due_on, close_on = (date.fromisoformat(each) for each in said["days"])
    begun = utc_moment(issue_on, time(10))
    audit = set_up_audit(read_set_up(_set_up_file(said), "earlier.yaml"), actor=ACTOR, now=begun)
    issue_requests(audit, actor=ACTOR, now=begun)
    asked = select(AuditRequest).where(AuditRequest.audit_id == audit.id).order_by(AuditRequest.id)
    answers = _answers(audit)
    for audit_request in session.scalars(asked).all():
        press = ButtonPress(f"demonstration-{audit_request.public_id}", 0)
        return_audit(audit_request, answers, press, now=utc_moment(due_on, time(11)))
    close_returns(audit, actor=ACTOR, now=utc_moment(close_on, time(9)))
    # Nobody is written to about an audit of years ago.
    theirs = select(AuditRequest.grant_id).where(AuditRequest.audit_id == audit.id)
    mark_as_sent("request", theirs, at=begun)
    mark_as_sent("receipt", select(Return.id).join(AuditRequest).where(AuditRequest.audit_id == audit.id))
    return audit


def _set_up_file(said: Mapping[str, Any]) -> bytes:
    known = agencies_by_name()
    issue_on, due_on, close_on = said["days"]
    agencies, children = said["agencies"], said["children"]
    document = {
        **{name: said[name] for name in ("audit", "form", "theme")},
        "aim": AIM,
        "issue_on": issue_on,
        "due_on": due_on,
        "close_on": close_on,
        "agencies": [
            {
                "name": name,
                "kind": _AGENCY_KINDS[name],
                "contacts": [] if name.casefold() in known else [_contact(name)],
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
                    each for place, each in enumerate(agencies) if (place + number) % _EVERY_NTH_CHILD == 0
                ],
            }
            for number, (age, gender, category, plan, needs) in enumerate(children)
        ],
    }
    return json.dumps(document, ensure_ascii=False).encode()


def _contact(name: str) -> dict[str, str]:
    mailbox = "".join(each for each in name.lower() if each.isalpha() and each.isascii())
    return {"name": "Audit lead", "email": f"audits@{mailbox}.example", "role": "lead"}


def _answers(audit: Audit) -> tuple[GivenAnswer, ...]:
    """The first answer to the first questions that have answers: these briefs quote no figure."""
    chosen = [each for each in audit.form.questions if each.kind == "choice" and not each.show_if][:2]
    return tuple(GivenAnswer(each.id, option=each.answers[0].value) for each in chosen)


def _write(audit: Audit, said: Mapping[str, Any], at: datetime) -> None:
    resources = [found.id for each in said["resources"] if (found := resource_named(each)) is not None]
    save_brief_draft(audit.id, _brief_content(said), resources, seen=0, actor=ACTOR, now=at)
    if "approver" not in said:
        return
    who = {"approver": said["approver"], "actor": ACTOR}
    picture = brief_overview(audit.id, now=at)
    keep_brief_flags(audit.id, {each.mark: said["reason"] for each in picture.findings}, **who, now=at)
    release_brief(audit.id, seen=picture.content, **who, now=at)


def _brief_content(said: Mapping[str, Any]) -> BriefText:
    return BriefText(
        audited_on=said.get("audited_on"),
        cohort=said["cohort"],
        discussed=said.get("discussed"),
        shows_splits=said.get("shows_splits", False),
        question=said.get("question", ""),
        worries=tuple(said["worries"]),
        good_practice=tuple(said["good_practice"]),
        callouts=tuple(said["callouts"]),
        themes=tuple(LearningTheme(each["title"], tuple(each["points"])) for each in said["themes"]),
        pairs=tuple(
            FoundAndNeeded(each["title"], tuple(each.get("found", ())), tuple(each["needed"]))
            for each in said["pairs"]
        ),
    )
