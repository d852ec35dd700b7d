"""Removes the rows of an audit from the database, a batch at a time, so that a killed purge goes on.

Each function removes up to one batch of what it is named for, and returns whether there was any. They run in
the order of REMOVALS: what names other rows goes before them.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    delete,
    func,
    or_,
    select,
    update,
)

from surveyapp.agencies.models import Contact
from surveyapp.answering.models import Return
from surveyapp.brief.brief import BriefText
from surveyapp.brief.models import SavedBrief
from surveyapp.brief.stored_json import texts_as_json
from surveyapp.concluding.conclusions_in_words import title_with_year
from surveyapp.concluding.models import Recommendation
from surveyapp.foundation.bounces.models import Bounce
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import Base, after_commit, session, update_rows
from surveyapp.foundation.store.models import Outbox
from surveyapp.foundation.store.owned_rows import delete_with_owned_rows, owned_conditions
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.mailing.subjects import SUBJECTS
from surveyapp.planning.approval.models import Approval
from surveyapp.planning.models import Audit, Case
from surveyapp.retention.models import DRAFTS, EVERYTHING, RETURNS
from surveyapp.retention.schedule import FIGURES, SCHEDULE
from surveyapp.retention.schedule import RETURNS as RETURNS_CLASS

# So few that a batch takes well under a second, and others who write wait no longer.
REQUESTS_AT_ONCE = 100
# The database looks through all revisions for those of a grant, so these take longer each.
GRANTS_AT_ONCE = 10
ROWS_AT_ONCE = 500
# Emails that stay with the action plan.
_ACTION_MAIL = "action_due"
_UNSYNCHRONISED = {"synchronize_session": False}

Removal = Callable[[Audit], bool]


def rows_of_drafts() -> Select[Return]:
    """Select the drafts that were never returned and that nobody allowed to come in late."""
    return (
        select(Return)
        .join(AuditRequest, AuditRequest.id == Return.request_id)
        .where(Return.returned_at.is_(None), Return.late_allowed_at.is_(None))
    )


def about_audit(audit_id: int, *, with_actions: bool) -> ColumnElement[bool]:
    """A condition for the emails about an audit; those about actions of its plan only if wanted."""
    about = or_(*(subject.of(audit_id) for subject in SUBJECTS))
    return about if with_actions else and_(about, Outbox.kind != _ACTION_MAIL)


def removed_conditions(audit: Audit, kind: str) -> Mapping[Table, ColumnElement[bool]]:
    """For each table of which a purge of this kind removes rows, the condition for them; parents first."""
    if kind == DRAFTS:
        drafts = list(session.scalars(rows_of_drafts().where(AuditRequest.audit_id == audit.id)))
        own: ColumnElement[bool] = Return.id.in_([draft.id for draft in drafts])
        return {_table(Return): own, **(owned_conditions(*drafts) if drafts else {})}
    emails = about_audit(audit.id, with_actions=kind == EVERYTHING)
    own_rows = owned_conditions(audit)
    classes = (RETURNS_CLASS, FIGURES) if kind == EVERYTHING else (RETURNS_CLASS,)
    owned = {table: own for table, own in own_rows.items() if SCHEDULE[table.name].data_class in classes}
    if kind == EVERYTHING:
        owned = {_table(Audit): Audit.id == audit.id, **owned}
    mail_ids = select(Outbox.id).where(emails)
    return {**owned, _table(Outbox): emails, _table(Bounce): Bounce.mail_id.in_(mail_ids)}


def count_rows(conditions: Mapping[Table, ColumnElement[bool]]) -> dict[str, int]:
    """How many rows there are of each table, in the order of the schedule, without those that have none."""
    counts = {
        table.name: session.scalar(select(func.count()).select_from(table).where(condition)) or 0
        for table, condition in conditions.items()
    }
    return {name: counts[name] for name in SCHEDULE if counts.get(name)}


def kept_conditions(audit: Audit) -> Mapping[Table, ColumnElement[bool]]:
    """For each table of which rows stay after returns and keys are gone, the condition for them."""
    own = {_table(Audit): Audit.id == audit.id, **owned_conditions(audit)}
    return {table: rows for table, rows in own.items() if SCHEDULE[table.name].data_class is FIGURES}


def remove_drafts(audit: Audit) -> bool:
    """Remove drafts that were never returned."""
    drafts = rows_of_drafts().where(AuditRequest.audit_id == audit.id)
    return _remove(session.scalars(drafts.order_by(Return.id).limit(REQUESTS_AT_ONCE)).all())


def remove_emails(audit: Audit, *, with_actions: bool = False) -> bool:
    """Remove emails about the audit and what came back about them; the mail folder loses them too."""
    about = select(Outbox.id).where(about_audit(audit.id, with_actions=with_actions))
    ids = session.scalars(about.order_by(Outbox.id).limit(ROWS_AT_ONCE)).all()
    session.execute(delete(Bounce).where(Bounce.mail_id.in_(ids)), execution_options=_UNSYNCHRONISED)
    session.execute(delete(Outbox).where(Outbox.id.in_(ids)), execution_options=_UNSYNCHRONISED)
    if ids and (folder := settings().mail_folder):
        after_commit(partial(_empty_folder, Path(folder), ids))
    return bool(ids)


def remove_other_rows(audit: Audit) -> bool:
    """Remove what belongs to no request, link or case: quotes, talks, workshops, texts, the sample’s list."""
    own = owned_conditions(audit)
    removed = 0
    for table, rows in own.items():
        if SCHEDULE[table.name].data_class is RETURNS_CLASS:
            removed += _forget_own_kind(table, rows)
    for table in reversed(own):
        if SCHEDULE[table.name].data_class is RETURNS_CLASS and table not in _batched_tables():
            removed += _executed(delete(table).where(own[table]))
    return bool(removed)


def remove_requests(audit: Audit) -> bool:
    """Remove requests with their returns, concerns, questions and judgements."""
    requests = select(AuditRequest).where(AuditRequest.audit_id == audit.id)
    return _remove(session.scalars(requests.order_by(AuditRequest.id).limit(REQUESTS_AT_ONCE)).all())


def remove_grants(audit: Audit) -> bool:
    """Remove links with their codes, calls and choices about chasers."""
    grants = select(Grant).where(Grant.audit_id == audit.id)
    return _remove(session.scalars(grants.order_by(Grant.id).limit(GRANTS_AT_ONCE)).all())


def remove_cases(audit: Audit) -> bool:
    """Remove cases with their ticks and the agencies’ references."""
    cases = select(Case).where(Case.audit_id == audit.id)
    return _remove(session.scalars(cases.order_by(Case.id).limit(REQUESTS_AT_ONCE)).all())


def remove_colleagues(_audit: Audit) -> bool:
    """Remove colleagues to whom a case was passed once and who hold no link any more."""
    holds_one = select(Grant.id).where(Grant.contact_id == Contact.id).exists()
    colleagues = select(Contact).where(Contact.role == "colleague", ~holds_one)
    return _remove(session.scalars(colleagues.order_by(Contact.id).limit(ROWS_AT_ONCE)).all())


def remove_audit(audit: Audit) -> bool:
    """Remove the audit with all that is left of it; recommendations that repeat one of its own name it."""
    ours = select(Recommendation.id).where(Recommendation.audit_id == audit.id)
    update_rows(
        update(Recommendation)
        .where(Recommendation.repeated_from_id.in_(ours))
        .values(repeated_from_id=None, repeated_from_elsewhere=title_with_year(audit)[:200])
    )
    delete_with_owned_rows(audit)
    return True


def empty_texts(audit: Audit) -> None:
    """Empty the texts about children in rows that stay (EMPTIED_WITH_RETURNS); the audit’s are empty."""
    update_rows(
        update(Approval).where(Approval.audit_id == audit.id, Approval.subject == "sample").values(content={})
    )
    update_rows(
        update(SavedBrief).where(SavedBrief.audit_id == audit.id).values(texts=texts_as_json(BriefText()))
    )


_RETURNS_REMOVALS: tuple[Removal, ...] = (
    # First, while what emails are about is still there.
    remove_emails,
    remove_other_rows,
    remove_requests,
    remove_grants,
    remove_cases,
    remove_colleagues,
)
REMOVALS: Mapping[str, tuple[Removal, ...]] = {
    DRAFTS: (remove_drafts,),
    RETURNS: _RETURNS_REMOVALS,
    EVERYTHING: (partial(remove_emails, with_actions=True), *_RETURNS_REMOVALS),
}


def _remove(rows: Sequence[Base]) -> bool:
    if rows:
        delete_with_owned_rows(*rows)
    return bool(rows)


@cache
def _batched_tables() -> frozenset[Table]:
    """The tables whose rows go with requests, links or cases, in batches."""
    batched = {_table(root) for root in (AuditRequest, Grant, Case)}
    for table in Base.metadata.sorted_tables:
        parents = {key.column.table for key in table.foreign_keys if not key.parent.nullable}
        if parents & batched:
            batched.add(table)
    return frozenset(batched)


def _forget_own_kind(table: Table, rows: ColumnElement[bool]) -> int:
    """Forget which row of the same table a row mentions, since it may be in another batch."""
    removed = 0
    for key in table.foreign_keys:
        if key.column.table is table and key.parent.nullable:
            mentioning = and_(rows, key.parent.is_not(None))
            removed += _executed(update(table).where(mentioning).values({key.parent: None}))
    return removed


def _executed(statement: Any) -> int:  # noqa: ANN401 — a DELETE or an UPDATE
    result: Any = session.execute(statement, execution_options=_UNSYNCHRONISED)
    return int(result.rowcount)


def _empty_folder(folder: Path, mail_ids: Sequence[int]) -> None:
    for mail_id in mail_ids:
        (folder / f"{mail_id}.eml").unlink(missing_ok=True)


def _table(model: type[Base]) -> Table:
    return cast("Table", model.__table__)
