"""What recurs over the years as a document, to be taken into the yearly report (stories EX6)."""

from collections.abc import Iterable
from datetime import date

from surveyapp.concluding.across_audits.recurrence import (
    RecommendationChain,
    RecurringTheme,
    ThemeMentions,
)
from surveyapp.concluding.conclusions_in_words import title_with_year
from surveyapp.foundation.documents.blocks import Block, Document, DocumentHeading, DocumentParagraph, Facts
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.foundation.words.shares import counted


def yearly_extract(
    chains: Iterable[RecommendationChain], themes: Iterable[RecurringTheme], *, author: str, today: date
) -> Document:
    """The recommendations and themes of more than one audit, as they stand on the UK day `today`."""
    blocks: list[Block] = [
        DocumentParagraph(f"What more than one audit came to, as of {day_in_words(today)}."),
        DocumentParagraph(
            "Internal: the words are those of the audits, and no check for publication has read them.",
            "strong",
        ),
        DocumentHeading("Recommendations"),
    ]
    recommended = [block for chain in chains for block in _chain(chain)]
    blocks += recommended or [DocumentParagraph("No recommendation repeats one of an earlier audit.")]
    blocks.append(DocumentHeading("Themes"))
    mentioned = [block for theme in themes for block in _theme(theme)]
    blocks += mentioned or [DocumentParagraph("No theme has come up in more than one audit.")]
    return Document("What recurs over the years", author, author, tuple(blocks))


def _chain(chain: RecommendationChain) -> list[Block]:
    made = [(chain.elsewhere, "Not kept here")] if chain.elsewhere else []
    made += [
        (f"{title_with_year(each.audit)}, {each.name.lower()}", each.text) for each in chain.recommendations
    ]
    heading = f"Recommended in {counted(chain.times, 'audit')}"
    return [DocumentHeading(heading, 2, keep_together=True), Facts(tuple(made))]


def _theme(theme: RecurringTheme) -> list[Block]:
    rows = tuple((title_with_year(each.audit), _mentions_in_words(each)) for each in theme.audits)
    return [DocumentHeading(theme.name, 2, keep_together=True), Facts(rows)]


def _mentions_in_words(mentions: ThemeMentions) -> str:
    comments, quotes = counted(mentions.comments, "comment"), counted(mentions.quotes, "quote")
    return f"{comments}, {quotes}, {counted(mentions.findings, 'finding')}"
