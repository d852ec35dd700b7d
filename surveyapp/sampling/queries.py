"""Queries on the sample of an audit and the list it is drawn from."""

from sqlalchemy import select

from surveyapp.foundation.store.db import session
from surveyapp.planning.cases.ages import Age
from surveyapp.planning.models import Audit, Case
from surveyapp.sampling.children import ListedChild
from surveyapp.sampling.models import ExportHead, Sampling, SamplingChild
from surveyapp.sampling.sample import Sample, StoredChild

_COLUMNS = (
    SamplingChild.number,
    SamplingChild.age_months,
    SamplingChild.unborn,
    SamplingChild.gender,
    SamplingChild.category,
    SamplingChild.plan,
    SamplingChild.began_on,
    SamplingChild.interval_months,
    SamplingChild.plans,
    SamplingChild.sibling_group,
    SamplingChild.is_chosen,
    SamplingChild.left_out_reason,
    SamplingChild.left_out_by,
    SamplingChild.case_id,
    Case.pseudonym,
)


def sampling_of(audit: Audit) -> Sampling | None:
    """How the sample of an audit is chosen; None while no list has been read."""
    return session.scalars(select(Sampling).where(Sampling.audit_id == audit.id)).one_or_none()


def sample_of(audit: Audit) -> Sample | None:
    """The sample of an audit with its whole list; None while no list has been read. Two statements."""
    sampling = sampling_of(audit)
    if sampling is None:
        return None
    # Columns and not rows of the class: a list has up to 10,000 children.
    rows = session.execute(
        select(*_COLUMNS)
        .outerjoin(Case, Case.id == SamplingChild.case_id)
        .where(SamplingChild.sampling_id == sampling.id)
        .order_by(SamplingChild.number)
    )
    children = {}
    for number, months, unborn, gender, category, plan, began, interval, plans, group, *decided in rows:
        is_chosen, reason, by, case_id, pseudonym = decided
        listed = ListedChild(Age(months, unborn), gender, category, plan, began, interval, plans, group)
        children[number] = StoredChild(number, listed, is_chosen, reason or "", by, case_id, pseudonym or "")
    return Sample(sampling, children)


def latest_sampling() -> Sampling | None:
    """The sampling with the list that was read last, of any audit: its rules are offered for the next."""
    return session.scalars(
        select(Sampling).order_by(Sampling.read_at.desc(), Sampling.id.desc()).limit(1)
    ).first()


def kept_heads() -> dict[str, str]:
    """The name of the column that staff said a head is, by the key of the head."""
    return {
        row.head_key: row.column_name
        for row in session.scalars(select(ExportHead).order_by(ExportHead.head_key))
    }
