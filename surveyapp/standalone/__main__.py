"""python -m surveyapp.standalone: serves the app and its worker with waitress."""

import sys
from contextlib import suppress

import click
from flask import Flask
from waitress import create_server
from waitress.server import BaseWSGIServer

from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.loopback import is_loopback
from surveyapp.standalone.app import create_app

THREADS = 8
# 130 connections that send their requests slowly took all that the server has; it then answered nobody.
BEYOND_THIS_COMPUTER = (
    "This server listens beyond this computer, where about 130 slow connections stop it for everybody. "
    "Serve on 127.0.0.1 behind a reverse proxy: see docs/hosting.md."
)


def say(sentence: str) -> None:
    """Print a sentence; without a stdout the server runs all the same."""
    with suppress(OSError):
        click.echo(sentence)


def server_for(app: Flask, host: str, port: int) -> BaseWSGIServer:
    """A waitress server for the app, which listens already. Raises OSError if the port cannot be used.

    It hands on what proxies say about a request: TRUSTED_PROXIES decides whom the app believes, and even a
    header that is not believed shows that a request came through a proxy.
    """
    return create_server(
        app, host=host, port=port, threads=THREADS, ident=None, clear_untrusted_proxy_headers=False
    )


def opening_sentences(host: str, address: str) -> tuple[str, ...]:
    """What to print once the server listens on `host`; people open `address`."""
    opened = f"Open {address} (stop with Ctrl-C)"
    return (opened,) if is_loopback(host) else (BEYOND_THIS_COMPUTER, opened)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve on.")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=5000, show_default=True, help="Port to serve on."
)
def serve(host: str, port: int) -> None:
    """Serve surveyapp with its worker as a thread, until Ctrl-C."""
    try:
        app = create_app({"SURVEY_WORKER": True})
    except CannotStart as error:
        click.echo(f"surveyapp cannot start. {error.message}", err=True)
        sys.exit(1)
    try:
        server = server_for(app, host, port)
    except OSError as error:
        click.echo(f"Port {port} cannot be used: {error.strerror}. Choose another with --port.", err=True)
        sys.exit(1)
    for sentence in opening_sentences(
        host, app.config.get("SURVEY_PUBLIC_BASE_URL", f"http://{host}:{port}")
    ):
        say(sentence)
    server.run()


if __name__ == "__main__":
    serve()
