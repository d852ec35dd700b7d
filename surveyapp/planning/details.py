"""The details of an audit that staff enter, on a page or in a set-up file, and digests of them."""

from dataclasses import asdict, dataclass, fields
from datetime import date

from surveyapp.foundation.store.edit_conflicts import row_digest
from surveyapp.planning.models import DEFAULT_CHASERS, Audit


@dataclass(frozen=True)
class AuditDetails:
    """The details of a planned audit; days are UK days, chasers working days from the due date."""

    title: str
    form_id: str
    theme: str = ""
    theme_reason: str = ""
    # One of EMPHASES.
    emphasis: str = ""
    period_reviewed: str = ""
    audit_lead: str = ""
    terms_of_reference: str = ""
    aim: str = ""
    authority: str = ""
    key_message: str = ""
    issue_on: date | None = None
    due_on: date | None = None
    close_on: date | None = None
    chasers: tuple[int, ...] = DEFAULT_CHASERS
    escalate_from: int | None = None
    # None: as soon as the audit holds any agency's own reference.
    ask_for_code: bool | None = None


def stored_details(audit: Audit) -> AuditDetails:
    """The stored details of an audit."""
    stored = {field.name: getattr(audit, field.name) for field in fields(AuditDetails)}
    return AuditDetails(**{**stored, "chasers": tuple(sorted(audit.chasers))})


def value_digest(value: object) -> str:
    """The digest of one value; a list counts without its order."""
    return row_digest(value=sorted(value) if isinstance(value, list | tuple) else value)


def details_digests(details: AuditDetails) -> str:
    """The digest of each detail, as a page carries them."""
    return join_digests({name: value_digest(value) for name, value in asdict(details).items()})


def join_digests(digests: dict[str, str]) -> str:
    """Digests in one line, to be read by `split_digests`."""
    return " ".join(f"{name}:{mark}" for name, mark in digests.items())


def split_digests(text: str) -> dict[str, str]:
    """The digests that a page carried, by the name of the detail; other names are left out."""
    names = {field.name for field in fields(AuditDetails)}
    pairs = (pair.partition(":") for pair in text.split())
    return {name: mark for name, _, mark in pairs if name in names}
