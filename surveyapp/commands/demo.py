"""`survey demo` loads an audit to look at, with the figures of the report of February 2014."""

from functools import partial

import click
from flask.cli import with_appcontext

from surveyapp.commands.demonstration.audit import TITLE, is_loaded, load_demonstration
from surveyapp.commands.demonstration.briefs import load_briefs, titles_with_briefs
from surveyapp.commands.refusals import exit_refused, requires_current_schema
from surveyapp.foundation import clock
from surveyapp.foundation.mail.chosen_transport import stays_on_this_machine
from surveyapp.foundation.words.shares import counted
from surveyapp.tracking.queries import tally


@click.command("demo")
@with_appcontext
@requires_current_schema
def demo() -> None:
    """Load the demonstration audit: 15 cases, 90 requests, 77 returned. Twice is once.

    Says on stderr what it is about to do, since loading takes some seconds.
    """
    if not stays_on_this_machine():
        exit_refused(
            "The people of the demonstration are invented, so its email goes no further than this machine.",
            "Set SURVEY_MAIL_FOLDER to a folder, or MAIL_SERVER to one on this machine, then run it again.",
        )
    loaded = is_loaded()
    now = clock.now()
    say = partial(click.echo, err=True)
    if not loaded:
        say("Loading the demonstration. It takes ten seconds or so.")
    audit = load_demonstration(now=now, say=say)
    load_briefs(now=now, say=say)
    click.echo(f"{'Loaded already' if loaded else 'Loaded'}: “{TITLE}”, {tally(audit, now=now).in_words}.")
    earlier = counted(len(titles_with_briefs()) - 1, "earlier audit")
    click.echo(f"Beside it: {earlier} with their learning briefs, and a draft of this audit’s own brief.")
