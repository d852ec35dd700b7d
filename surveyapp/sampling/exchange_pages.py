"""The page on which a chosen child is left out by hand, and another takes the place."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from surveyapp.foundation.errors import FieldRefused, NotFound
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.web.access import actor_and_now
from surveyapp.foundation.web.fields import posted_number
from surveyapp.planning import queries as audits
from surveyapp.planning.models import Audit
from surveyapp.sampling import chosen_operations
from surveyapp.sampling.balance import Balance
from surveyapp.sampling.forms import ExchangeForm
from surveyapp.sampling.queries import sample_of
from surveyapp.sampling.sample import Sample, StoredChild

# So many are offered, those first who leave the sample best balanced.
MOST_OFFERED = 20


def exchange_child(audit_id: int, number: int) -> ResponseReturnValue:
    """Offer those who may take a child’s place, each with the balance that follows; a post exchanges them."""
    audit = audits.audit_by_id(audit_id)
    sample = sample_of(audit)
    child = sample.children.get(number) if sample else None
    if sample is None or child is None or not child.is_chosen:
        raise NotFound
    form = ExchangeForm()
    offered = offered_instead(sample, number)
    form.into.choices = [
        SelectChoice(str(other.number), _offer(other, balance)) for other, balance in offered
    ]
    if not form.validate_on_submit():
        return _page(audit, sample, child, form)
    try:
        with transaction():
            chosen_operations.exchange(
                audit,
                out=number,
                into=posted_number(form.into.data),
                reason=form.reason.data or "",
                **actor_and_now(),
            )
    except FieldRefused as error:
        form[error.field].errors = [error.message]
        return _page(audit, sample, child, form)
    flash(f"No {number} is left out, and No {form.into.data} is in the sample.", "success")
    return redirect(url_for("survey.sampling.show_sample", audit_id=audit_id), 303)


def offered_instead(sample: Sample, number: int) -> list[tuple[StoredChild, Balance]]:
    """Those who may take a child’s place with the balance that follows, the best balance first.

    Children with the same profile leave the same balance, which is computed once.
    """
    balances: dict[tuple[str, ...], Balance] = {}
    for other in sample.candidates(number):
        if other.listed.profile not in balances:
            balances[other.listed.profile] = sample.with_exchange(number, other.number)
    ranked = sorted(
        sample.candidates(number),
        key=lambda other: (balances[other.listed.profile].distance, other.number),
    )
    return [(other, balances[other.listed.profile]) for other in ranked[:MOST_OFFERED]]


def _offer(other: StoredChild, balance: Balance) -> str:
    return f"No {other.number}: {other.listed.in_words} (difference then {balance.distance})"


def _page(audit: Audit, sample: Sample, child: StoredChild, form: ExchangeForm) -> ResponseReturnValue:
    page = render_template(
        "survey/sampling/exchange.html",
        audit=audit,
        sample=sample,
        child=child,
        form=form,
        errors=form.errors,
    )
    return page, 422 if form.errors else 200
