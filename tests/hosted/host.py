"""A host app with its own tables, mail, sign-in, layout, filters and handlers, which adds surveyapp."""

from pathlib import Path
from typing import Any

from flask import Flask, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_mail import Mail
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from surveyapp import Actor, SurveyApp, install_listeners

PREFIX = "/case-audits"
# Somebody of this host runs audits, approves and looks after mail.
ROLES = frozenset({"business_manager", "executive", "administrator"})


class Base(DeclarativeBase):
    """The base of the host's tables."""


class Visit(Base):
    """A table of the host."""

    __tablename__ = "visit"

    id: Mapped[int] = mapped_column(primary_key=True)
    who: Mapped[str]


def who_is_signed_in() -> Actor | None:
    """The host's own sign-in, as surveyapp asks for it."""
    return Actor(session["who"], ROLES) if "who" in session else None


def make_host(folder: Path, name: str = "host", prefix: str = PREFIX) -> Flask:
    """Make the host app on its own database."""
    folder.mkdir(parents=True, exist_ok=True)
    app = Flask(
        name, root_path=str(Path(__file__).parent), template_folder="templates", instance_path=str(folder)
    )
    app.config.update(
        SECRET_KEY=f"the host's own secret of {name}",
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_SAMESITE="Lax",
        TRUSTED_HOSTS=["intranet.example", "localhost"],
        MAX_CONTENT_LENGTH=4_000_000,
        SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder / 'host.sqlite'}",
        SURVEY_KEY_FILE=str(folder / "keys" / "keys.json"),
        SURVEY_MAIL_FOLDER=str(folder / "mail"),
        SURVEY_PUBLIC_BASE_URL="https://intranet.example",
        SURVEY_PARTNERSHIP="Host Partnership",
        MAIL_SERVER="mail.host.example",
        MAIL_USE_TLS=True,
        MAIL_DEFAULT_SENDER="host@host.example",
    )
    db = SQLAlchemy(app, model_class=Base)
    Mail(app)
    with app.app_context():
        install_listeners(db.engine)
        db.create_all()
    app.jinja_env.filters["day"] = lambda _day: "the host’s own filter"
    _pages(app, db)
    SurveyApp(app, staff=who_is_signed_in, url_prefix=prefix)
    return app


def _pages(app: Flask, db: Any) -> None:
    @app.get("/")
    def home() -> str:
        db.session.add(Visit(who=session.get("who", "stranger")))
        db.session.commit()
        return "home of the host"

    @app.post("/let-me-in")
    def let_me_in() -> ResponseReturnValue:
        session["who"] = request.form["who"]
        return redirect(url_for("home"))

    @app.get("/broken")
    def broken() -> str:
        raise LookupError("of the host")

    @app.errorhandler(404)
    def lost(_error: Exception) -> ResponseReturnValue:
        return "the host’s own lost page", 404

    @app.errorhandler(LookupError)
    def failed(_error: LookupError) -> ResponseReturnValue:
        return "the host’s own failure page", 500
