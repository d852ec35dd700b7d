"""Runs commands: `run("status", "1")` is `flask survey status 1`."""

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from tests.commands.terminal import Run


@pytest.fixture
def run(app: Flask, session: Session) -> Run:
    """Run a survey command, after the test's own transaction has ended, so that it holds no lock."""

    def command(*words: object) -> Result:
        session.rollback()
        result = app.test_cli_runner().invoke(args=["survey", *(str(word) for word in words)])
        session.rollback()
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return command
