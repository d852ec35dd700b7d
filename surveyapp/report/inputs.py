"""What a report is made of: each thing read from the database once, and only when a section asks for it."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property

from surveyapp.answering.concerns.queries import concerns_in_words, concerns_of, counts_of
from surveyapp.collating.asked_in_sql import kinds_asked
from surveyapp.collating.comparison.queries import benchmark_of
from surveyapp.collating.figures import Collation
from surveyapp.collating.models import Benchmark
from surveyapp.collating.queries import collate
from surveyapp.concluding.models import Action, Conclusion, Finding, Recommendation
from surveyapp.concluding.queries import actions_of, conclusion_of, findings_of, recommendations_of
from surveyapp.defining.definition import AuditForm
from surveyapp.disclosure.agency_kinds import AgenciesOfKind, agencies_by_kind, may_show_figures
from surveyapp.disclosure.small_rows import SplitRow, has_small_number, publishable_rows
from surveyapp.foundation.settings import settings
from surveyapp.gathering.models import SOURCES, Narrative, Quote, Workshop
from surveyapp.gathering.queries import (
    ThemeCount,
    narratives_of,
    quotes_of,
    returns_with_answers,
    theme_counts,
    workshops_of,
)
from surveyapp.gathering.quotes.operations import outdated_quote_ids
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit
from surveyapp.report import queries
from surveyapp.report.models import ReportText, SavedReport
from surveyapp.report.parts import Quoted
from surveyapp.tracking.agency_returns import AgencyReturns, returns_by_agency

CONCERNS_RAISED = (
    "Current practice concerns were raised. How many, and what came of them, is not said here: the numbers "
    "are small."
)


class ReportInputs:
    """One audit as a report reads it; `now` decides what is overdue and whether returns are closed.

    Numbers from 1 to under `threshold` are not for the reader: for the internal version it is 0.
    """

    def __init__(self, audit: Audit, *, now: datetime, public: bool = False) -> None:
        """Take the audit, and whether the public reads it; nothing else is read yet."""
        self.audit, self.now, self.public = audit, now, public
        self.threshold = settings().small_number if public else 0

    @cached_property
    def form(self) -> AuditForm:
        """The form as issued, or as its file stands before that."""
        return form_of(self.audit)

    @cached_property
    def collation(self) -> Collation:
        """Every figure, over all returns, by the rule that counts every answer."""
        return collate(self.audit, now=self.now)

    @cached_property
    def returns(self) -> int:
        """How many returns with answers stand behind the figures."""
        return returns_with_answers(self.audit)

    @cached_property
    def report(self) -> SavedReport | None:
        """What was said of the report as a whole."""
        return queries.saved_report(self.audit)

    @cached_property
    def own(self) -> Mapping[str, ReportText]:
        """The author's own paragraphs, by section."""
        return queries.author_texts(self.audit)

    @cached_property
    def agencies(self) -> list[AgencyReturns]:
        """The agencies that were asked, with what came back."""
        return returns_by_agency(self.audit)

    @cached_property
    def kinds(self) -> Mapping[str, AgenciesOfKind]:
        """What came back of each kind of agency that was asked, in the order of kinds."""
        return agencies_by_kind(self.agencies)

    @cached_property
    def rows_by_kind(self) -> tuple[SplitRow, ...]:
        """Requests by kind of agency, returned and not, as the reader may see them; names are kinds."""
        return publishable_rows([each.cell for each in self.kinds.values()], self.threshold)

    def shows_figures(self, question: str) -> bool:
        """Whether the reader may see the figures of a question: one put to all, or to enough agencies."""
        if not self.public:
            return True
        put = self._put_to.get(question, ())
        return len(put) == len(self.kinds) or may_show_figures(
            put, kinds=self.kinds, rows=self.rows_by_kind, threshold=self.threshold
        )

    @cached_property
    def _put_to(self) -> Mapping[str, tuple[str, ...]]:
        return kinds_asked(self.form, self.kinds)

    @cached_property
    def concerns(self) -> str:
        """The report's sentence on current practice concerns, without numbers where they are small."""
        found = concerns_of(self.audit)
        counts = counts_of(found)
        numbers = (
            *(counts.cases, len(self.audit.cases) - counts.cases),
            *(counts.referred, counts.cases - counts.referred),
            *(counts.waiting, counts.raised - counts.waiting),
        )
        return CONCERNS_RAISED if has_small_number(numbers, self.threshold) else concerns_in_words(found)

    @cached_property
    def benchmark(self) -> Benchmark | None:
        """The places the audit is compared with."""
        return benchmark_of(self.audit)

    @cached_property
    def workshops(self) -> tuple[Workshop, ...]:
        """The workshops, with who came."""
        return workshops_of(self.audit.id)

    @cached_property
    def talks(self) -> Mapping[str, int]:
        """How many talks with families stand how."""
        return queries.talks_by_state(self.audit)

    @cached_property
    def narratives(self) -> Mapping[str, Narrative]:
        """The case example and the practitioner's view, where they are written."""
        return {each.kind: each for each in narratives_of(self.audit.id)}

    @cached_property
    def quotes(self) -> Mapping[int, tuple[str, Quoted]]:
        """The quotes chosen: the question each stands with, and how it prints."""
        chosen = quotes_of(self.audit.id)
        gone = outdated_quote_ids(self.audit, chosen)
        return {
            each.id: (each.question, Quoted(each.printed, self._source(each), is_gone=each.id in gone))
            for each in chosen
        }

    def _source(self, quote: Quote) -> str:
        """Whose words a quote is; its kind of agency stays out where so few of it returned."""
        if not self.public or quote.read_comment is None:
            return quote.attribution
        kind = self.kinds.get(quote.read_comment.audit_request.agency.kind)
        is_told = kind is not None and kind.may_be_attributed(self.threshold)
        return quote.attribution if is_told else SOURCES[quote.source]

    def quotes_on(self, question: str) -> tuple[Quoted, ...]:
        """The quotes that stand with a question."""
        return tuple(quoted for name, quoted in self.quotes.values() if name == question)

    @cached_property
    def cited(self) -> frozenset[int]:
        """The quotes that a finding rests on: they stand there."""
        return queries.cited_quote_ids(self.audit)

    @cached_property
    def themes_mentioned(self) -> list[ThemeCount]:
        """In how many returns the comments speak of each theme of practice; of those that any speaks of."""
        return [each for each in theme_counts(self.audit.id) if each.mentioned.count]

    @cached_property
    def findings(self) -> list[Finding]:
        """The findings, with their evidence."""
        return findings_of(self.audit.id)

    @cached_property
    def recommendations(self) -> list[Recommendation]:
        """The recommendations, each with what it repeats."""
        return recommendations_of(self.audit.id)

    @cached_property
    def actions(self) -> list[Action]:
        """The action plan."""
        return actions_of(self.audit.id)

    @cached_property
    def conclusion(self) -> Conclusion | None:
        """What holds for the conclusions as a whole."""
        return conclusion_of(self.audit.id)
