"""python -m surveyapp.standalone: serves the app and its worker with waitress."""

import sys
from contextlib import suppress

import click
from waitress import create_server

from surveyapp.foundation.errors import CannotStart
from surveyapp.standalone.app import create_app

THREADS = 8


def say(sentence: str) -> None:
    """Print a sentence; without a stdout the server runs all the same."""
    with suppress(OSError):
        click.echo(sentence)


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
        server = create_server(app, host=host, port=port, threads=THREADS, ident=None)
    except OSError as error:
        click.echo(f"Port {port} cannot be used: {error.strerror}. Choose another with --port.", err=True)
        sys.exit(1)
    say(f"Open {app.config.get('SURVEY_PUBLIC_BASE_URL', f'http://{host}:{port}')} (stop with Ctrl-C)")
    server.run()


if __name__ == "__main__":
    serve()
