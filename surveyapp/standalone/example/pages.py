"""The pages of the example: load it, follow how it is loaded, and remove it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation import clock
from surveyapp.foundation.errors import FieldRefused
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.digests import digest_of
from surveyapp.foundation.web.access import actor_and_now, guard_staff
from surveyapp.foundation.web.base import prepare_blueprint
from surveyapp.navigation import navigation
from surveyapp.permissions import guard_roles
from surveyapp.standalone.example import operations
from surveyapp.standalone.example.forms import RemoveExampleForm
from surveyapp.standalone.example.queries import ExampleProgress, example_audits, example_progress, is_offered

bp = Blueprint("example", __name__, url_prefix="/example")
bp.before_request(guard_staff)
bp.before_request(guard_roles)
bp.context_processor(navigation)
prepare_blueprint(bp)


@bp.get("")
def show_example() -> ResponseReturnValue:
    """Say what the example is and offer it, or show how far it is loaded."""
    progress = example_progress(now=clock.now())
    return render_template(
        "survey/standalone/example.html", progress=progress, tag=_tag(progress), offered=is_offered()
    )


@bp.post("")
def load() -> ResponseReturnValue:
    """Have the worker load the example."""
    with transaction():
        operations.want_example(**actor_and_now())
    return redirect(url_for("example.show_example"), 303)


@bp.get("/live.json")
def follow() -> ResponseReturnValue:
    """Answer an open page: 304 while nothing has changed, else how far the example is."""
    progress = example_progress(now=clock.now())
    tag = _tag(progress)
    if request.if_none_match.contains(tag):
        return "", 304, {"ETag": f'"{tag}"'}
    part = render_template("survey/standalone/_example_progress.html", progress=progress)
    is_over = not progress.is_wanted or progress.has_failed
    return {"tag": tag, "over": is_over, "parts": {"example": part}}, {"ETag": f'"{tag}"'}


def _tag(progress: ExampleProgress) -> str:
    return digest_of(repr(progress))


@bp.route("/remove", methods=["GET", "POST"])
def remove() -> ResponseReturnValue:
    """Show what would be removed with the example; a post with the word removes it."""
    form = RemoveExampleForm()
    if form.validate_on_submit():
        try:
            with transaction():
                operations.remove_example(typed=form.word.data or "", **actor_and_now())
        except FieldRefused as error:
            form.word.errors = [error.message]
        else:
            flash("The example is removed.", "success")
            return redirect(url_for("survey.tracking.list_audits"), 303)
    page = render_template(
        "survey/standalone/remove_example.html",
        is_there=bool(example_audits()),
        goes=operations.what_goes(),
        form=form,
        errors=form.errors,
    )
    return page, 422 if form.errors else 200
