"""The form of an audit in its archive: as a form file, and blank to print."""

import json
from typing import IO

import yaml

from surveyapp.defining.blank_form import blank_form
from surveyapp.defining.definition import AuditForm
from surveyapp.exports.snapshot import AuditSnapshot
from surveyapp.foundation.documents.blocks import Document
from surveyapp.foundation.settings import settings
from surveyapp.planning.models import Audit

# YAML is not wrapped, so that the text of a question can be searched for.
NO_WRAPPING = 10_000


def read_form_file(_audit: Audit, reading: AuditSnapshot) -> AuditForm:
    """The form of an audit."""
    return reading.definition


def write_form(form: AuditForm, output: IO[bytes]) -> None:
    """Write a form as a form file, which can be used for another audit."""
    content = json.loads(form.to_json())
    content.pop("not_known", None)
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=NO_WRAPPING)
    output.write(text.encode())


def read_blank_form(audit: Audit, reading: AuditSnapshot) -> Document:
    """The form without answers, with every question that any kind of agency was asked."""
    partnership = settings().partnership
    description = (
        f"{audit.title}.\nThe form as it was put to the agencies, without an answer; a question that only "
        f"some kinds of agency were asked stands here too.\nQuestions: {settings().contact_line}"
    )
    return blank_form(reading.definition, None, about=description, author=partnership, foot=partnership)
