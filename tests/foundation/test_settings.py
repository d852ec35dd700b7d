from dataclasses import fields
from pathlib import Path

import pytest

from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.settings import Settings, read_settings
from surveyapp.foundation.settings_list import SETTINGS


def test_every_setting_has_a_default_that_works() -> None:
    settings = read_settings({})
    assert settings.mail_per_minute == 20
    assert settings.copy_days == 90
    assert settings.key_file == Path("var/keys.json")
    assert settings.lasting_record_file == Path("var/lasting-record.jsonl")


def test_every_setting_is_read_into_its_field() -> None:
    read = {f"SURVEY_{field.name.upper()}" for field in fields(Settings)}
    listed = {setting.name for setting in SETTINGS}
    assert listed - read == set(), "Add these to Settings in foundation/settings.py."
    assert read - listed == set(), "Add these to SETTINGS in foundation/settings_list.py."


def test_the_host_of_links_is_the_configured_one() -> None:
    settings = read_settings({"SURVEY_PUBLIC_BASE_URL": "https://audits.example.org/"})
    assert (settings.public_base_url, settings.host) == ("https://audits.example.org", "audits.example.org")


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"SURVEY_CHASE_FORM": "08:30"}, "There is no setting SURVEY_CHASE_FORM"),
        ({"SURVEY_MAIL_PER_MINUTE": "twenty"}, "SURVEY_MAIL_PER_MINUTE is 'twenty'; it takes a whole number"),
        ({"SURVEY_WORKER": "yes"}, "SURVEY_WORKER is 'yes'; it takes true or false"),
        ({"SURVEY_NATION": "UK"}, "SURVEY_NATION is ENG, WLS, SCT or NIR"),
        ({"SURVEY_PUBLIC_BASE_URL": "audits.example.org"}, "begins with https://"),
        ({"SURVEY_CHASE_FROM": "half eight"}, "SURVEY_CHASE_FROM is 'half eight'; it takes a time of day"),
        ({"SURVEY_CLOSE_AT": "25:00"}, "SURVEY_CLOSE_AT is '25:00'; it takes a time of day"),
        ({"SURVEY_PRIVACY_URL": "javascript:alert(1)"}, "SURVEY_PRIVACY_URL begins with https://"),
        ({"SURVEY_PRIVACY_URL": "wrenford.example/privacy"}, "SURVEY_PRIVACY_URL begins with https://"),
        (
            {"SURVEY_ACCESSIBILITY_STATEMENT_DATE": "30 November"},
            "SURVEY_ACCESSIBILITY_STATEMENT_DATE is '30 November'; it takes a day such as 2026-11-30",
        ),
        ({"SURVEY_COPY_DAYS": 0}, "SURVEY_COPY_DAYS is 0; it takes 1 or more"),
        ({"SURVEY_VISIT_HOURS": 0}, "SURVEY_VISIT_HOURS is 0; it takes 1 or more"),
        ({"SURVEY_VISIT_HOURS": 721}, "SURVEY_VISIT_HOURS is 721; it takes at most 720"),
        ({"SURVEY_COPY_DAYS": 36_501}, "SURVEY_COPY_DAYS is 36501; it takes at most 36500"),
        ({"SURVEY_CONTACT_EMAIL": "the office"}, "SURVEY_CONTACT_EMAIL: “the office” is not an email"),
        ({"SURVEY_CONTACT_EMAIL": ""}, "SURVEY_CONTACT_EMAIL: Enter an email address"),
        ({"SURVEY_SENDER": "Zoë <zoë@partnership.example>"}, "SURVEY_SENDER: “zoë@.*” has “ë” in it"),
        ({"SURVEY_SENDER": "Audits <a..b@partnership.example>"}, "SURVEY_SENDER: .* two dots side by side"),
        ({"SURVEY_MAIL_PER_MINUTE": 0}, "SURVEY_MAIL_PER_MINUTE is 0; it takes 1 or more"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(config: dict[str, object], message: str) -> None:
    with pytest.raises(CannotStart, match=message):
        read_settings(config)


def test_every_setting_has_one_line_of_help() -> None:
    assert all(setting.help.endswith(".") and "\n" not in setting.help for setting in SETTINGS)
