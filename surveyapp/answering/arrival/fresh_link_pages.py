"""Pages for a link that does not work, and for asking for a fresh one."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.answering.access.contact_access import LinkNeeded
from surveyapp.answering.access.typed_text import typed_text
from surveyapp.answering.arrival.forms import FreshLinkForm
from surveyapp.answering.arrival.operations import want_link
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import transaction
from surveyapp.issuing.links import LinkUnknown

_RETURN_BUTTON = "survey_contact.answering.return_audit"


def unknown_link(error: LinkUnknown | LinkNeeded) -> tuple[str, int]:
    """Say that a link does not work or is not held by this browser, and offer a fresh one."""
    title, text = error.message.removesuffix("."), error.way_on
    if isinstance(error, LinkNeeded) and request.endpoint == _RETURN_BUTTON:
        title, text = "Not returned yet", f"{title}, then check your answers and return them. {text}"
    # A page of ours was posted: whoever has to open the link first can still copy what they typed.
    typed = typed_text() if isinstance(error, LinkNeeded) else ""
    return _link_page(title, text, FreshLinkForm(formdata=None), typed=typed), error.status


def _link_page(title: str, text: str, form: FreshLinkForm, *, typed: str = "") -> str:
    return render_template(
        "survey/answering/arrival/link.html",
        title=title,
        text=text,
        form=form,
        typed=typed,
        errors=form.errors,
    )


def ask_for_link() -> ResponseReturnValue:
    """Show where to ask for a fresh link."""
    return _link_page("Get your link again", "", FreshLinkForm(formdata=None))


def send_link() -> ResponseReturnValue:
    """Ask the worker to send a fresh link to the address, if it is on record.

    The page says the same either way, and takes as long: it does not look whether the address is on record.
    """
    form = FreshLinkForm()
    if not form.validate():
        return _link_page("Get your link again", "", form), 422
    with transaction():
        want_link(form.email.data or "", now=clock.now())
    return redirect(url_for("survey_contact.answering.link_sent"), 303)


def link_sent() -> ResponseReturnValue:
    """Say what happens next, whether or not the address is on record."""
    return render_template("survey/answering/arrival/link_sent.html")
