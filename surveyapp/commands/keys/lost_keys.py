"""What is lost with a key file that is missing or of another database, and what is not (promises D12)."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Inspector, LargeBinary, func, inspect, literal, select, type_coerce

from surveyapp.commands.keys.stored_texts import columns_of_texts
from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.store.db import engine, read_transaction, session
from surveyapp.foundation.store.text_cipher import PREFIX_BYTES, TextCipher
from surveyapp.foundation.words.dates_and_lists import list_in_words
from surveyapp.foundation.words.shares import counted
from surveyapp.issuing.models import Grant

# What stands in the columns of each table, in the order in which it is named.
TEXTS_IN_WORDS = {
    "survey_answer": "in answers and comments",
    "survey_involvement": "agencies’ own references",
    "survey_concern": "about current concerns",
    "survey_enquiry": "of questions and requests for more time",
    "survey_call": "of telephone calls",
    "survey_family_contact": "about talks with families",
    "survey_family_note": "about talks with families",
    "survey_workshop": "about workshops",
    "survey_quote": "of quotes",
    "survey_narrative": "of longer texts for the report",
    "survey_finding": "of findings, recommendations and actions",
    "survey_recommendation": "of findings, recommendations and actions",
    "survey_action": "of findings, recommendations and actions",
    "survey_action_update": "of findings, recommendations and actions",
    "survey_report": "of reports",
    "survey_report_text": "of reports",
    "survey_report_release": "of reports",
    "survey_report_kept_flag": "of reports",
    "survey_brief": "of learning briefs",
    "survey_brief_release": "of learning briefs",
    "survey_brief_kept_flag": "of learning briefs",
    "survey_release_proposal": "of proposals to release",
    "survey_audit": "of reasons and notes of staff",
    "survey_audit_request": "of reasons and notes of staff",
    "survey_return": "of reasons and notes of staff",
    "survey_chaser_choice": "of reasons and notes of staff",
    "survey_sampling_child": "of reasons and notes of staff",
    "survey_hold": "of reasons and notes of staff",
    "survey_retention_change": "of reasons and notes of staff",
    "survey_bounce": "of emails that came back",
    "survey_staff": "keys of second factors",
}
_NOT_LOST = (
    "Not lost are chosen answers and every count of them, dates, pseudonyms, names and addresses, "
    "and the log."
)
_WAY_ON = (
    "Put the key file back from where its copy is kept, and start again. If there is no copy, see "
    "“A lost key file” in docs/hosting.md."
)


def check_nothing_needs_missing_keys(file: Path) -> None:
    """Raise CannotStart, for a key file that is missing, if anything is stored that only its keys open."""
    inspector = inspect(engine())
    with read_transaction():
        texts = Counter(dict(_counts(inspector, None)))
        links = _live_links() if inspector.has_table(Grant.__tablename__) else 0
    if texts or links:
        raise CannotStart(
            f"The key file {file} is missing. Lost without it: {_in_words(texts, links)}. "
            f"{_NOT_LOST} {_WAY_ON}"
        )


def check_texts_open(file: Path, cipher: TextCipher) -> None:
    """Raise CannotStart if the keys in the file do not open what is stored, as far as the keys' names tell.

    The oldest and the newest text of each column are looked at; all of them once one does not open.
    """
    if all(_has_known_key(column, cipher) for column in columns_of_texts()):
        return
    with read_transaction():
        texts = Counter(dict(_counts(inspect(engine()), cipher)))
    raise CannotStart(
        f"The key file {file} does not open what is stored: it is of another database, or an old key was "
        f"taken out of it. Lost without the right one: {_in_words(texts, 0)}, and perhaps links sent to "
        f"contacts. {_NOT_LOST} {_WAY_ON}"
    )


def _has_known_key(column: Column[Any], cipher: TextCipher) -> bool:
    prefix = func.substr(type_coerce(column, LargeBinary), 1, PREFIX_BYTES)
    texts = select(prefix).where(column.is_not(None)).limit(1)
    row = column.table.c.id
    with read_transaction():
        ends = [session.scalar(texts.order_by(order)) for order in (row.asc(), row.desc())]
    return all(end is None or bytes(end) in cipher.prefixes for end in ends)


def _counts(inspector: Inspector, cipher: TextCipher | None) -> Iterator[tuple[str, int]]:
    """How many texts there are by what they are; with `cipher`, only those that none of its keys opens.

    Leaves out columns that the database has not got yet.
    """
    counts = Counter[str]()
    tables = set(inspector.get_table_names())
    for column in columns_of_texts():
        name = column.table.name
        if name not in tables or column.name not in {found["name"] for found in inspector.get_columns(name)}:
            continue
        texts = select(func.count()).where(column.is_not(None))
        if cipher is not None:
            prefix = func.substr(type_coerce(column, LargeBinary), 1, PREFIX_BYTES)
            texts = texts.where(prefix.not_in([literal(known, LargeBinary) for known in cipher.prefixes]))
        counts[TEXTS_IN_WORDS.get(name, "of other kinds")] += session.scalar(texts) or 0
    order = [*dict.fromkeys(TEXTS_IN_WORDS.values()), "of other kinds"]
    return ((words, counts[words]) for words in order if counts[words])


def _in_words(texts: Counter[str], links: int) -> str:
    """Such as “1,204 texts (903 in answers and comments, 301 of quotes) and 90 links sent to contacts”."""
    named = ", ".join(f"{count:,} {words}" for words, count in texts.items())
    parts = [f"{counted(texts.total(), 'text')} ({named})"] if texts else []
    return list_in_words([*parts, *([f"{counted(links, 'link')} sent to contacts"] if links else [])])


def _live_links() -> int:
    return session.scalar(select(func.count()).select_from(Grant).where(Grant.revoked_at.is_(None))) or 0
