"""Every email has a folder of two files and a registered kind."""

from pathlib import Path

import pytest

import surveyapp
from surveyapp.extension import MAIL_KINDS
from surveyapp.foundation.mail.outbox import TEST_KIND
from surveyapp.issuing.models import MAIL_ABOUT_A_GRANT
from surveyapp.issuing.queries import lock_grant
from surveyapp.standalone.links.emails import MAIL_KINDS as STANDALONE_MAIL_KINDS

FOLDER = Path(surveyapp.__file__).parent / "templates" / "survey" / "email"
FILES = {"subject.txt", "body.txt"}
FOLDERS = sorted(folder for folder in FOLDER.iterdir() if folder.is_dir())
KINDS = {kind.name: kind for kind in (TEST_KIND, *MAIL_KINDS, *STANDALONE_MAIL_KINDS)}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_folder_has_its_two_files_and_its_kind(folder: Path) -> None:
    there = {file.name for file in folder.iterdir()}
    assert there >= FILES, f"{folder.name} lacks {sorted(FILES - there)}"
    assert len((folder / "subject.txt").read_text("utf-8").strip().splitlines()) == 1, (
        "A subject is one line."
    )
    assert folder.name in KINDS, f"No MailKind in extension.py is called {folder.name}."


def test_every_kind_of_email_has_a_folder_and_a_policy_for_doubt() -> None:
    missing = sorted(set(KINDS) - {folder.name for folder in FOLDERS})
    assert not missing, f"Add {sorted(FILES)} to templates/survey/email/ in folders {missing}."
    assert {name: kind.on_doubt for name, kind in KINDS.items()} == {
        "test": "hold",
        "request": "resend",
        "test_copy": "resend",
        "receipt": "resend",
        "receipt_several": "resend",
        "return_reopened": "resend",
        "concern": "resend",
        "concern_taken_back": "resend",
        "enquiry": "resend",
        "enquiry_answered": "resend",
        "passed_on": "resend",
        "sent_back": "resend",
        "code": "resend",
        "involvement_check": "resend",
        "involvement_reminder": "hold",
        "chaser": "hold",
        "escalation": "hold",
        "action_due": "hold",
        "staff_join": "resend",
        "staff_new_password": "resend",
        "staff_password_changed": "resend",
    }, "Say here whether a repeat does less harm than a loss: resend, or hold."


def test_withdrawing_a_link_cancels_every_kind_of_email_about_a_grant() -> None:
    about_a_grant = {name for name, kind in KINDS.items() if kind.lock is lock_grant}
    assert about_a_grant == set(MAIL_ABOUT_A_GRANT), "Bring MAIL_ABOUT_A_GRANT (issuing/models.py) into line."
