"""Warnings about settings of Flask that leave our pages less safe than they should be."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from surveyapp.foundation.loopback import is_loopback

SHORTEST_SECRET = 16
_FEWEST_DIFFERENT = SHORTEST_SECRET // 2
# Secret keys of documentation and tutorials, in small letters and digits alone.
_KNOWN_SECRETS = frozenset(
    {
        "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf",
        "5y2lf4q8z",
        "5y2lf4q8znxec",
        "a0zr98jyxrxhhjmnlwxrt",
        "averysecretkey",
        "changethissecretkey",
        "djangoinsecure",
        "ilovecatsanddogs",
        "mysupersecretkey",
        "nobodywillguessthis",
        "replacethiswithasecretkey",
        "replacethiswitharandomsecretkey",
        "secretkeychangeme",
        "setthistoarandomstring",
        "somerandomsecretkey",
        "superdupersecretkey",
        "supersecretdevelopmentkey",
        "thisisasecretkey",
        "thisisaverysecretkey",
        "thisisnotasecret",
        "thisshouldbechanged",
        "youshouldchangethiskey",
        "youwillneverguess",
        "yoursecretkeyhere",
    }
)
_PLACEHOLDER = re.compile(r"changeme|changethis|replaceme|yoursecret|supersecret|neverguess|devkey|secretkey")
# An existing key of random letters is longer than this and holds a placeholder's letters only by chance.
_LONGEST_PLACEHOLDER = 40


def is_weak_secret(secret: str | bytes) -> bool:
    """Whether a SECRET_KEY is short, repeats a few characters, or is one that tutorials print."""
    text = secret.decode("latin-1") if isinstance(secret, bytes) else str(secret)
    if len(text) < SHORTEST_SECRET or len(set(text)) < _FEWEST_DIFFERENT:
        return True
    letters = re.sub(r"[^a-z0-9]", "", text.lower())
    return letters in _KNOWN_SECRETS or (
        len(letters) <= _LONGEST_PLACEHOLDER and bool(_PLACEHOLDER.search(letters))
    )


def settings_warnings(config: Mapping[str, Any], *, public_base_url: str) -> tuple[str, ...]:
    """What is unsafe in an app's configuration, each with its setting and what to do about it.

    `public_base_url` is SURVEY_PUBLIC_BASE_URL: a cookie needs no https on one's own machine.
    """
    return tuple(
        f"{setting} {problem}"
        for setting, problem in (
            ("SECRET_KEY", _secret_problem(config)),
            ("MAX_CONTENT_LENGTH", _body_problem(config)),
            ("TRUSTED_HOSTS", _hosts_problem(config)),
            ("SESSION_COOKIE_SECURE", _secure_problem(config, public_base_url)),
            ("SESSION_COOKIE_SAMESITE", _same_site_problem(config)),
            ("SESSION_COOKIE_HTTPONLY", _http_only_problem(config)),
            ("WTF_CSRF_ENABLED", _csrf_problem(config)),
        )
        if problem
    )


def _secret_problem(config: Mapping[str, Any]) -> str:
    secret = config.get("SECRET_KEY")
    advice = "give 32 random characters, as “python -c 'import secrets; print(secrets.token_hex())'” prints"
    if not secret:
        return f"is not set, so that no cookie can be signed: {advice}, before SurveyApp is added."
    if is_weak_secret(secret):
        return f"is short or well known, so that anybody can sign in as anybody: {advice}."
    if any(is_weak_secret(fallback) for fallback in config.get("SECRET_KEY_FALLBACKS") or ()):
        return "has a short or well-known key among SECRET_KEY_FALLBACKS, which opens as much: remove it."
    return ""


def _body_problem(config: Mapping[str, Any]) -> str:
    return (
        "is not set, so that a request to one of your own pages may fill the memory: set it to 4_000_000. "
        "Our pages limit their own."
        if config.get("MAX_CONTENT_LENGTH") is None
        else ""
    )


def _hosts_problem(config: Mapping[str, Any]) -> str:
    return (
        "is not set, so that a forged Host header is believed: set it to a list with your host name."
        if not config.get("TRUSTED_HOSTS")
        else ""
    )


def _secure_problem(config: Mapping[str, Any], public_base_url: str) -> str:
    is_local = is_loopback(urlsplit(public_base_url).hostname or "")
    return (
        "is off, so that the cookie also travels unencrypted: set it to True, and serve the pages by https."
        if not config.get("SESSION_COOKIE_SECURE") and not is_local
        else ""
    )


def _same_site_problem(config: Mapping[str, Any]) -> str:
    return (
        "is not set, so that browsers send the cookie with the forms of other sites: set it to “Lax”."
        if str(config.get("SESSION_COOKIE_SAMESITE")).lower() not in {"lax", "strict"}
        else ""
    )


def _http_only_problem(config: Mapping[str, Any]) -> str:
    return (
        "is off, so that a script can read the cookie: set it to True."
        if not config.get("SESSION_COOKIE_HTTPONLY", True)
        else ""
    )


def _csrf_problem(config: Mapping[str, Any]) -> str:
    return (
        "is off, so that another site can press the buttons of your own pages, and with them change who is "
        "signed in: turn it on. Our forms check their token all the same."
        if not config.get("WTF_CSRF_ENABLED", True)
        else ""
    )
