"""An audit’s findings, actions, quotes and workshops as JSON, without originals of quotes or addresses."""

import json
from datetime import date, datetime
from typing import IO, Any

from surveyapp.concluding.conclusions_in_words import questions_in_order, repeated_in_words
from surveyapp.concluding.models import Action, Finding, Recommendation
from surveyapp.concluding.queries import actions_of, conclusion_of, findings_of, recommendations_of
from surveyapp.defining.definition import AuditForm
from surveyapp.exports.snapshot import AuditSnapshot
from surveyapp.foundation.clock import local_timestamp
from surveyapp.gathering.models import FamilyContact, Narrative, Quote, Workshop
from surveyapp.gathering.queries import (
    ThemeCount,
    families_of,
    narratives_of,
    quotes_of,
    theme_counts,
    workshops_of,
)
from surveyapp.planning.models import Audit

# Raised when something is removed or changes its meaning, but not when something is added.
VERSION = 1
JsonObject = dict[str, Any]


def read_conclusions(audit: Audit, reading: AuditSnapshot) -> JsonObject | None:
    """Everything gathered and concluded, as plain values; None if there is nothing yet."""
    conclusion = conclusion_of(audit.id)
    parts = {
        "re_audit_on": _day(conclusion.re_audit_on) if conclusion else None,
        "review_on": _day(conclusion.review_on) if conclusion else None,
        "findings": [_finding(finding, reading.definition) for finding in findings_of(audit.id)],
        "recommendations": [
            _recommendation(recommendation) for recommendation in recommendations_of(audit.id)
        ],
        "actions": [_action(action) for action in actions_of(audit.id)],
        "themes": [_theme(counted) for counted in theme_counts(audit.id)],
        "quotes": [_quote(quote) for quote in quotes_of(audit.id)],
        "workshops": [_workshop(workshop) for workshop in workshops_of(audit.id)],
        "talks": [_talk(talk) for talk in families_of(audit.id)],
        "narratives": [_narrative(narrative) for narrative in narratives_of(audit.id)],
    }
    if not any(parts.values()):
        return None
    return {
        "version": VERSION,
        "title": reading.title,
        "read_at": _moment(reading.read_at),
        **parts,
    }


def write_conclusions(conclusions: JsonObject, output: IO[bytes]) -> None:
    """Write the conclusions as indented JSON."""
    output.write(json.dumps(conclusions, ensure_ascii=False, indent=1).encode() + b"\n")


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _moment(moment: datetime) -> str:
    return local_timestamp(moment)


def _finding(finding: Finding, form: AuditForm) -> JsonObject:
    return {
        "number": finding.position,
        "text": finding.text,
        "challenge": finding.challenge or None,
        "questions": questions_in_order(finding, form),
        "themes": [theme.name for theme in finding.themes],
        "quotes": [quote.id for quote in finding.quotes],
    }


def _recommendation(recommendation: Recommendation) -> JsonObject:
    return {
        "number": recommendation.position,
        "text": recommendation.text,
        "finding": recommendation.finding.position if recommendation.finding else None,
        "repeats": repeated_in_words(recommendation) or None,
    }


def _action(action: Action) -> JsonObject:
    return {
        "reference": action.reference,
        "finding": action.finding.position if action.finding else None,
        "recommendation": action.recommendation.position if action.recommendation else None,
        "what": action.what,
        "measure": action.measure,
        "owner": action.owner,
        "agency": action.agency.name if action.agency else None,
        "due_on": _day(action.due_on),
        "status": action.status,
        "status_words": action.status_words,
        "updates": [
            {
                "at": _moment(update.at),
                "who": update.actor,
                "status": update.status,
                "status_words": update.status_words,
                "evidence": update.evidence or None,
            }
            for update in action.updates
        ],
    }


def _theme(counted: ThemeCount) -> JsonObject:
    return {
        "name": counted.theme.name,
        "returns": counted.mentioned.of,
        "mentioned": counted.mentioned.count,
        "strength": counted.strength.count,
        "concern": counted.concern.count,
    }


def _quote(quote: Quote) -> JsonObject:
    """A quote as it is printed; `original` goes into no document (queries.quotes_of)."""
    return {
        "id": quote.id,
        "printed": quote.printed,
        "source": quote.source,
        "attribution": quote.attribution,
        "judgement": quote.judgement or None,
        "question": quote.question or None,
        "themes": [theme.name for theme in quote.themes],
        "request": quote.read_comment.audit_request.reference if quote.read_comment else None,
        "workshop": quote.workshop_id,
        "talk": quote.family_contact_id,
    }


def _workshop(workshop: Workshop) -> JsonObject:
    return {
        "id": workshop.id,
        "held_on": _day(workshop.held_on),
        "title": workshop.title,
        "scenarios": workshop.scenarios or None,
        "notes": workshop.notes or None,
        "suggestions": workshop.suggestions or None,
        "came": [
            {"agency": attendance.agency.name, "people": attendance.people}
            for attendance in workshop.attendances
        ],
    }


def _talk(talk: FamilyContact) -> JsonObject:
    """A talk offered to a family, without the caller and the telephone number."""
    return {
        "id": talk.id,
        "case": talk.case.pseudonym,
        "agency": talk.agency.name if talk.agency else None,
        "state": talk.state,
        "held_on": _day(talk.held_on),
        "said": [{"area": note.area, "text": note.text} for note in talk.notes],
    }


def _narrative(narrative: Narrative) -> JsonObject:
    return {
        "kind": narrative.kind,
        "case": narrative.case.pseudonym if narrative.case else None,
        "text": narrative.text,
    }
