"""Pages over all audits: what is purged when, the schedule, and certificates with their download."""

from flask import render_template
from flask.typing import ResponseReturnValue

from surveyapp.foundation import clock
from surveyapp.foundation.documents.pdf import document_as_pdf
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import engine, read_transaction
from surveyapp.foundation.web.file_response import file_response
from surveyapp.retention.models import RETURNS
from surveyapp.retention.purging.certificate_document import certificate_document, facts_of
from surveyapp.retention.purging.purge_words import (
    KIND_WORDS,
    backups_in_words,
    purged_by_in_words,
    rows_in_words,
    traces_in_words,
)
from surveyapp.retention.queries import certificate_by_id, certificates, planned_purges, undated_audits
from surveyapp.retention.schedule import CLASSES, how_long, tables_of


def list_retention() -> ResponseReturnValue:
    """What is purged when, of all audits; the schedule; and the certificates of earlier purges."""
    current = settings()
    return render_template(
        "survey/retention/all_audits.html",
        planned=planned_purges(),
        undated=undated_audits(),
        certificates=certificates(),
        kind_words=KIND_WORDS,
        purged_by=purged_by_in_words,
        schedule=[
            (each.heading, how_long(each, current), [holding.many for _name, holding in tables_of(each)])
            for each in CLASSES
        ],
        backup_days=current.keep_backups_days,
        traces=traces_in_words(engine().dialect.name),
        today=clock.local_day(clock.now()),
    )


def show_certificate(certificate_id: int) -> ResponseReturnValue:
    """The certificate of one purge."""
    certificate = certificate_by_id(certificate_id)
    return render_template(
        "survey/retention/certificate.html",
        certificate=certificate,
        facts=facts_of(certificate),
        removed=rows_in_words(certificate.removed),
        kept=rows_in_words(certificate.kept) if certificate.kind == RETURNS else [],
        backups=backups_in_words(certificate, settings()),
        traces=traces_in_words(engine().dialect.name),
    )


def download_certificate(certificate_id: int) -> ResponseReturnValue:
    """The certificate of one purge as a PDF."""
    with read_transaction():
        certificate = certificate_by_id(certificate_id)
        document = certificate_document(certificate, periods=settings(), dialect=engine().dialect.name)
        name = f"certificate-{certificate.number.lower()}.pdf"
    return file_response(document_as_pdf(document), "application/pdf", name)
