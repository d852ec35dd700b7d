"""The pages that add, change, move and remove a recommendation."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.concluding.conclusions_in_words import repeated_in_words
from surveyapp.concluding.edit_conflicts import recommendation_digest
from surveyapp.concluding.form_saving import save_form
from surveyapp.concluding.models import Recommendation
from surveyapp.concluding.queries import earlier_recommendations, findings_by_number, recommendation_by_id
from surveyapp.concluding.recommendations import operations
from surveyapp.concluding.recommendations.forms import RecommendationForm
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.web.fields import posted_number
from surveyapp.planning.models import Audit


def add_recommendation(audit_id: int) -> ResponseReturnValue:
    """Add a recommendation."""
    audit = session.get_one(Audit, audit_id)
    form, status = RecommendationForm(), 200
    if form.is_submitted():
        status = save_form(
            form,
            lambda: operations.add_recommendation(
                audit, form.details(), actor=acting_staff().name, now=clock.now()
            ),
        )
        if not status:
            return _redirect_to_conclusions(audit_id, "The recommendation is added.")
    return _page(audit, form), status


def change_recommendation(audit_id: int, recommendation_id: int) -> ResponseReturnValue:
    """Change a recommendation."""
    recommendation = recommendation_by_id(audit_id, recommendation_id)
    form, status = RecommendationForm(), 200
    if form.is_submitted():
        status = save_form(
            form,
            lambda: operations.change_recommendation(
                recommendation,
                form.details(),
                seen=form.seen.data or "",
                actor=acting_staff().name,
                now=clock.now(),
            ),
        )
        if not status:
            return _redirect_to_conclusions(audit_id, f"{recommendation.name} is saved.")
    else:
        form.show(recommendation)
    is_conflict = status == 409  # noqa: PLR2004 — the status of an edit conflict
    if is_conflict:
        form.seen.data = recommendation_digest(recommendation)
    return _page(recommendation.audit, form, recommendation, is_conflict=is_conflict), status


def move_recommendation(audit_id: int, recommendation_id: int) -> ResponseReturnValue:
    """Give a recommendation another number."""
    recommendation = recommendation_by_id(audit_id, recommendation_id)
    to = posted_number(request.form.get("to"), otherwise=recommendation.position)
    with transaction():
        operations.move_recommendation(recommendation, to=to, actor=acting_staff().name, now=clock.now())
    return _redirect_to_conclusions(audit_id, f"It is {recommendation.name.lower()} now.")


def remove_recommendation(audit_id: int, recommendation_id: int) -> ResponseReturnValue:
    """Remove a recommendation on which nothing depends."""
    recommendation = recommendation_by_id(audit_id, recommendation_id)
    with transaction():
        operations.remove_recommendation(recommendation, actor=acting_staff().name, now=clock.now())
    return _redirect_to_conclusions(
        audit_id, "The recommendation is removed, and the others are numbered anew."
    )


def _redirect_to_conclusions(audit_id: int, words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for("survey.concluding.show_conclusions", audit_id=audit_id), 303)


def _page(
    audit: Audit,
    form: RecommendationForm,
    recommendation: Recommendation | None = None,
    *,
    is_conflict: bool = False,
) -> str:
    form.offering(findings_by_number(audit.id), earlier_recommendations(audit))
    return render_template(
        "survey/concluding/recommendation_form.html",
        audit=audit,
        recommendation=recommendation,
        repeated=repeated_in_words(recommendation) if recommendation and is_conflict else "",
        form=form,
        theirs=is_conflict,
        errors=form.errors if request.method == "POST" else {},
    )
