"""Pages for refusals, HTTP errors, expired forms and a database out of reach."""

from flask import current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from surveyapp.foundation.errors import CouldNotSave, SurveyError
from surveyapp.foundation.store.db import session

# Retry-After while the database is busy.
RETRY_SECONDS = "10"


def show_refusal(error: SurveyError) -> ResponseReturnValue:
    """The page for a refusal: what happened, and the way on."""
    title = error.message.removesuffix(".")
    return render_template("survey/problem.html", title=title, text=error.way_on), error.status


def show_database_busy(error: Exception) -> ResponseReturnValue:
    """The page for a busy, full or unreachable database, made without reading it (promises D1, D9)."""
    if not isinstance(error, CouldNotSave):
        session.rollback()
        current_app.logger.error("The database is out of reach: %s", getattr(error, "orig", error))
    is_reading = request.method in {"GET", "HEAD"}
    title = "This page cannot be shown just now" if is_reading else "Could not save just now"
    text = (
        "Reload it in a moment."
        if is_reading
        else "Nothing was changed. Go back and press the button in a moment."
    )
    response = make_response(render_template("survey/problem.html", title=title, text=text), 503)
    response.headers["Retry-After"] = RETRY_SECONDS
    return response


# Title and text of the page for each HTTP status.
PROBLEMS = {
    400: ("That could not be read", "Go back and try again."),
    401: ("Sign in to see this", "This page is for the partnership’s staff."),
    403: ("This page is not open to your role", "Ask the person who runs surveyapp if you need it."),
    404: ("There is no such page here", "Check the address, or go back to the start."),
    405: ("This address does not take that", "Go back and use the buttons on the page."),
    413: (
        "That is too much to take at once",
        "Nothing was stored. What was saved before is kept; send a shorter text.",
    ),
    415: ("That is not what a form sends", "Nothing was stored. Use the form on the page."),
}


def show_http_problem(error: HTTPException) -> ResponseReturnValue:
    """The page for an HTTP error, with a way on."""
    title, text = PROBLEMS.get(error.code or 500, ("Something went wrong", "Try again in a moment."))
    return render_template("survey/problem.html", title=title, text=text), error.code or 500


def show_expired_form(_error: CSRFError) -> ResponseReturnValue:
    """The page for an expired CSRF token, when no typed text could be lost."""
    title = "This page had been open too long"
    return render_template(
        "survey/problem.html",
        title=title,
        text="Nothing was changed. Go back, reload the page and press again.",
    ), 400
