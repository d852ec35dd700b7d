"""The standalone app: a Flask app with its own database, mail and sign-in that hosts surveyapp."""

import logging
import sys
from datetime import datetime
from functools import partial
from importlib.util import find_spec
from types import TracebackType
from typing import Any

from flask import Flask, Response, g, has_request_context, request, url_for
from flask.typing import ResponseReturnValue
from flask_mail import Mail
from flask_sqlalchemy import SQLAlchemy
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix

from surveyapp.commands import survey_group
from surveyapp.commands.late_group import ListedCommand
from surveyapp.extension import add_survey, warn_of_files, warn_of_settings
from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.loopback import is_loopback
from surveyapp.foundation.private_files import keep_new_files_private
from surveyapp.foundation.store.engine_listeners import install_listeners
from surveyapp.foundation.web.base import add_headers, template_context
from surveyapp.foundation.web.compression import compress_page
from surveyapp.foundation.web.late_pages import LatePages, when_pages_are_needed
from surveyapp.foundation.web.problem_pages import show_http_problem
from surveyapp.foundation.web.serving import is_serving
from surveyapp.permissions import may_open
from surveyapp.standalone.configuration import configure, is_https, use_keys
from surveyapp.standalone.example.wish import is_awaited, is_wanted
from surveyapp.standalone.links.emails import MAIL_KINDS
from surveyapp.standalone.links.operations import send_wanted_passwords
from surveyapp.standalone.sessions.operations import end_all_sessions
from surveyapp.standalone.sign_in import STAFF_BLUEPRINTS, acting_account
from surveyapp.standalone.start_checks import check_before_serving, database_errors_in_words
from surveyapp.standalone.storage_paths import folders_of_ours, storage_paths
from surveyapp.standalone.watching.json_log import EVENTS, StdoutLines, log_as_json
from surveyapp.standalone.watching.probes import answer_probes
from surveyapp.standalone.watching.request_ids import give_request_ids

ONE_YEAR = "max-age=31536000"
_COMMANDS = "surveyapp.standalone.commands"
STAFF = ListedCommand("staff", _COMMANDS, "staff", "Accounts of the people of the partnership.")
DEMO = ListedCommand("demo", _COMMANDS, "demo", "Load the demonstration audit: 15 cases, 90 requests.")


class StandaloneApp(LatePages):
    """A Flask app that logs exceptions without the URL."""

    def log_exception(
        self, exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None]
    ) -> None:
        """Log the endpoint instead of the URL, since the URL of a link grants access (promises 3.5)."""
        self.logger.error("Exception on %s [%s]", request.endpoint, request.method, exc_info=exc_info)


def create_app(config: dict[str, Any] | None = None) -> Flask:
    """Make the standalone app; `config` overrides the environment (FLASK_...).

    Raises CannotStart for settings or keys that cannot be used, and when serving also for a database that
    does not fit; commands run without that check.
    """
    keep_new_files_private()
    app = StandaloneApp("surveyapp.standalone", static_folder=None, instance_path=str(storage_paths().folder))
    configure(app, config)
    give_request_ids(app)
    if app.config["LOG_JSON"]:
        log_as_json(app)
    db = SQLAlchemy(app)
    Mail(app)
    with app.app_context():
        install_listeners(db.engine, is_pooled=bool(app.config["DATABASE_POOLER"]))
        try:
            _assemble(app)
        except CannotStart:
            db.engine.dispose()
            raise
    return app


def _assemble(app: Flask) -> None:
    with database_errors_in_words():
        add_survey(
            app,
            staff=acting_account,
            mail_kinds=MAIL_KINDS,
            prompt_operations=(send_wanted_passwords, _load_wanted_example),
            restore_operations=(end_all_sessions,),
        )
    use_keys(app, app.extensions["survey"].keys)
    if app.config.get("CELERY_BROKER_URL"):
        _add_celery(app)
    when_pages_are_needed(app, partial(_register_pages, app))
    app.cli.add_command(survey_group(DEMO, STAFF))
    _apply_base_to_app(app)
    _trust_proxies(app)
    answer_probes(app)
    if is_serving():
        _log_events(app)
        warn_of_settings(app)
        warn_of_files(app, *folders_of_ours())
        _warn_of_passwords_alone(app)
        check_before_serving()


def _add_celery(app: Flask) -> None:
    """Let Celery wake workers. Raises CannotStart where it is not installed."""
    if find_spec("celery") is None:
        raise CannotStart("CELERY_BROKER_URL needs more packages: pip install “surveyapp[celery]”.")
    from surveyapp.celery import make_celery

    app.extensions["celery"] = make_celery(app, broker=app.config["CELERY_BROKER_URL"])


def _load_wanted_example(now: datetime) -> None:
    """Load the example, if somebody has asked for it. Only then is it imported: it reaches every step."""
    if is_wanted():
        from surveyapp.standalone.example.operations import load_wanted_example  # noqa: PLC0415 — see above

        load_wanted_example(now)


def _warn_of_passwords_alone(app: Flask) -> None:
    """Log that a password alone signs somebody in, where others than this computer reach the pages."""
    host = app.extensions["survey"].settings.host
    if not app.extensions["survey_second_factor_for"] and not is_loopback(host):
        app.logger.warning("A password alone signs staff in: name their roles in SECOND_FACTOR_FOR.")


def _register_pages(app: Flask) -> None:
    from surveyapp.standalone.site_map import register_pages

    register_pages(app)


def _apply_base_to_app(app: Flask) -> None:
    """Give pages outside our blueprints, such as errors, the same headers, context and error pages."""
    app.after_request(compress_page)
    app.after_request(add_headers)
    if is_https(app):
        app.after_request(_https_only)
    app.context_processor(template_context)
    app.context_processor(_sign_out_link)
    app.context_processor(_example)
    app.register_error_handler(SecurityError, _wrong_host)
    app.register_error_handler(HTTPException, show_http_problem)


def _https_only(response: Response) -> Response:
    response.headers.setdefault("Strict-Transport-Security", ONE_YEAR)
    return response


def _sign_out_link() -> dict[str, object]:
    # On staff pages only; contacts have no account.
    blueprint = (request.blueprint or "").partition(".")[0] if has_request_context() else ""
    # The guard has stored the actor, so that the page for a busy database does not query it again.
    signed_in = blueprint in STAFF_BLUEPRINTS and "survey_actor" in g
    return {"account": "/account", "sign_out": "/sign-out"} if signed_in else {}


def _example() -> dict[str, object]:
    """For staff who may load the example: its page, its removal, and whether it is awaited (a function)."""
    if not (has_request_context() and may_open("example.show_example")):
        return {}
    return {
        "example_page": url_for("example.show_example"),
        "example_removal": url_for("example.remove"),
        "example_waits": is_awaited,
    }


def _wrong_host(error: SecurityError) -> ResponseReturnValue:
    # Without a trusted host, URLs cannot be built, so our own pages cannot be shown (promises L8).
    return Response("This address is not one of ours.\n", error.code, mimetype="text/plain")


def _trust_proxies(app: Flask) -> None:
    proxies = app.config["TRUSTED_PROXIES"]
    if not isinstance(proxies, int) or proxies < 0:
        raise CannotStart("TRUSTED_PROXIES is the number of reverse proxies in front, 0 where there is none.")
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0)  # type: ignore[method-assign]


def _log_events(app: Flask) -> None:
    """Write each event to stdout too, for a separate system to store (promises 3.10)."""
    log = logging.getLogger(EVENTS)
    log.setLevel(logging.INFO)
    # Among the other lines, if they are JSON too.
    if not app.config["LOG_JSON"] and not any(isinstance(handler, StdoutLines) for handler in log.handlers):
        log.addHandler(StdoutLines())


def app_or_exit() -> Flask:
    """Make the app for a server; exit with a sentence on stderr if it cannot start."""
    try:
        return create_app()
    except CannotStart as error:
        print(f"surveyapp cannot start. {error.message}", file=sys.stderr)  # noqa: T201 — there is no app yet to log with
        # gunicorn stops at exit code 3, and retries for ever at 1.
        sys.exit(3 if is_serving() else 1)
