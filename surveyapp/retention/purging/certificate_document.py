"""The certificate of a purge as a document."""

from surveyapp.foundation.documents.blocks import Block, Document, DocumentHeading, DocumentParagraph, Facts
from surveyapp.foundation.settings import Settings
from surveyapp.foundation.words.dates_and_lists import day_in_words, moment_in_words
from surveyapp.retention.models import RETURNS, PurgeCertificate
from surveyapp.retention.purging.purge_words import (
    KIND_WORDS,
    backups_in_words,
    purged_by_in_words,
    rows_in_words,
    traces_in_words,
)


def certificate_document(certificate: PurgeCertificate, *, periods: Settings, dialect: str) -> Document:
    """The certificate of a purge: what was removed, when, by whom and on what ground, and what is kept."""
    blocks: list[Block] = [
        Facts(tuple(facts_of(certificate))),
        DocumentHeading("Removed for good"),
        *(DocumentParagraph(words) for words in rows_in_words(certificate.removed)),
    ]
    if certificate.kind == RETURNS:
        blocks.append(DocumentHeading("Kept"))
        blocks += [DocumentParagraph(words) for words in rows_in_words(certificate.kept)]
    blocks += [
        DocumentHeading("Backups and traces"),
        DocumentParagraph(backups_in_words(certificate, periods)),
        DocumentParagraph(traces_in_words(dialect)),
        DocumentParagraph("This certificate names no child and no contact."),
    ]
    title = f"Certificate of purge {certificate.number}"
    return Document(title, periods.partnership, periods.partnership, tuple(blocks))


def facts_of(certificate: PurgeCertificate) -> list[tuple[str, str]]:
    """The facts at the head of a certificate, each with its name."""
    ended = certificate.finished_at
    return [
        ("Audit", certificate.title),
        ("Purged", KIND_WORDS[certificate.kind]),
        ("Due", day_in_words(certificate.due_on) if certificate.due_on else "Before its day, by hand"),
        ("Purged by", purged_by_in_words(certificate.purged_by)),
        ("Began", moment_in_words(certificate.began_at)),
        ("Ended", moment_in_words(ended) if ended else "Not yet"),
    ]
