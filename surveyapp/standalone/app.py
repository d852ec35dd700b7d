"""The small host that we ship: an app with its own database, mail and sign-in."""

import os
from pathlib import Path
from typing import Any

from flask import Flask
from flask_mail import Mail
from flask_sqlalchemy import SQLAlchemy

from surveyapp.extension import SurveyApp
from surveyapp.foundation.access import Actor
from surveyapp.foundation.db import install_listeners


def create_app(config: dict[str, Any] | None = None) -> Flask:
    """Make the standalone app; `config` goes over what the environment says (FLASK_...)."""
    folder = Path(os.environ.get("SURVEYAPP_FOLDER", "var")).absolute()
    app = Flask("surveyapp.standalone")
    app.config.from_mapping(
        SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder / 'data' / 'surveyapp.sqlite'}",
        SURVEY_KEY_FILE=str(folder / "keys.json"),
        WTF_CSRF_TIME_LIMIT=None,
        SECRET_KEY="x",
    )
    app.config.from_prefixed_env()
    app.config.from_mapping(config or {})
    db = SQLAlchemy(app)
    with app.app_context():
        install_listeners(db.engine)
    Mail(app)
    SurveyApp(app, staff=lambda: Actor("staff"))
    return app
