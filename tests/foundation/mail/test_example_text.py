from dataclasses import replace

import pytest
from flask import Flask

from surveyapp.foundation.mail.example_text import example_settings
from surveyapp.foundation.settings import Settings, read_settings, settings
from tests.mail_server import OWN_TEXT

ALL = (
    "SURVEY_PUBLIC_BASE_URL",
    "SURVEY_PARTNERSHIP",
    "SURVEY_CONTACT_EMAIL",
    "SURVEY_CONTACT_TELEPHONE",
    "SURVEY_CONCERN_ROUTE",
)


@pytest.fixture
def own(app: Flask) -> Settings:
    """The settings of a partnership that has set everything."""
    assert app.name
    return replace(settings(), **OWN_TEXT)  # type: ignore[arg-type]  # all are texts


def test_every_shipped_text_is_an_example() -> None:
    assert example_settings(read_settings({})) == ALL


def test_a_partnership_with_text_of_its_own_has_no_example(own: Settings) -> None:
    assert example_settings(own) == ()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("public_base_url", "http://localhost:8000"),
        ("public_base_url", "http://127.0.0.2"),
        ("public_base_url", "http://[::1]:5000"),
        ("public_base_url", "http://127.1:5000"),
        ("public_base_url", "http://0.0.0.0:5000"),
        ("public_base_url", "http://[::]:5000"),
        ("public_base_url", "http://myhost:5000"),
        ("public_base_url", "http://2130706433"),
        ("public_base_url", "http://localhost.localdomain"),
        ("public_base_url", "http://host.docker.internal"),
        ("public_base_url", "http://host.containers.internal:5000"),
        ("public_base_url", "https://audits.partnership.example"),
        ("public_base_url", "https://audits.example.org."),
        ("partnership", " example safeguarding  children partnership"),
        ("partnership", "The Example Safeguarding Children Partnership"),
        ("partnership", "Example Safeguarding Children Partnership (Northshire)"),
        ("partnership", ""),
        ("contact_email", "audits@partnership.example"),
        ("contact_email", "Audits@Partnership.EXAMPLE"),
        ("contact_email", ""),
        ("contact_telephone", "01234567890"),
        ("contact_telephone", "01234-567 890"),
        ("contact_telephone", "01234 567891"),
        ("contact_telephone", "+44 1234 567890"),
        ("contact_telephone", "+44 (0)1234 567 891"),
        ("contact_telephone", "0044 1234 567890"),
        ("contact_telephone", "01234 567890 ext 2"),
        ("contact_telephone", "Desk 2: 01234 567890"),
        ("contact_telephone", "０１２３４ ５６７８９０"),
        ("concern_route", "ring 01234 567890"),
        ("concern_route", "ring +44 1234 567891 at any hour"),
        ("concern_route", "Ring 01234 567891, and tell your manager!"),
        ("concern_route", "speak to the duty team on 01234-567891"),
        ("concern_route", " "),
    ],
)
def test_an_example_is_found_however_it_is_written(own: Settings, field: str, value: str) -> None:
    assert example_settings(replace(own, **{field: value})) == (f"SURVEY_{field.upper()}",)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("public_base_url", "https://audits.example-shire.gov.uk"),
        ("public_base_url", "https://192.168.1.20"),
        ("partnership", "Example Valley Safeguarding Children Partnership"),
        ("public_base_url", "http://192.168.1.2"),
        ("public_base_url", "https://[fd12:3456::7]"),
        ("public_base_url", "https://audits.northshire.internal"),
        ("contact_email", "example@northshire.gov.uk"),
        ("contact_telephone", "01632 567890"),
        ("contact_telephone", "+44 1632 567891"),
        ("concern_route", "ring 01632 567891 and tell your manager"),
    ],
)
def test_a_text_that_only_resembles_an_example_is_none(own: Settings, field: str, value: str) -> None:
    assert example_settings(replace(own, **{field: value})) == ()  # type: ignore[arg-type]
