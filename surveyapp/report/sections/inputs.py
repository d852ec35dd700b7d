"""The inputs of one report, each read from the database when a section first uses it."""

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
from surveyapp.gathering.quotes.queries import outdated_quote_ids
from surveyapp.involvement.queries import CheckFigures, check_figures
from surveyapp.issuing.queries import form_of
from surveyapp.planning.approval.models import Approval
from surveyapp.planning.approval.queries import latest_approval
from surveyapp.planning.models import Audit
from surveyapp.report import queries
from surveyapp.report.models import ReportText, SavedReport
from surveyapp.report.parts import Quoted
from surveyapp.sampling.queries import sample_of
from surveyapp.sampling.sample import Sample
from surveyapp.tracking.agency_returns import AgencyReturns, returns_by_agency

CONCERNS_RAISED = (
    "Current practice concerns were raised. How many, and what came of them, is not said here: the numbers "
    "are small."
)


class ReportInputs:
    """The inputs of one report; `now` (UTC) decides what is overdue and whether returns are closed.

    Numbers from 1 to one below `threshold` are hidden; in the internal version it is 0, which hides nothing.
    """

    def __init__(self, audit: Audit, *, now: datetime, public: bool = False) -> None:
        """Remember the audit and whether the report is the public version; read nothing yet."""
        self.audit, self.now, self.public = audit, now, public
        self.threshold = settings().small_number if public else 0

    @cached_property
    def form(self) -> AuditForm:
        """The form as issued; before issue, as it is in its file."""
        return form_of(self.audit)

    @cached_property
    def collation(self) -> Collation:
        """The figures of all returns, by the denominator rule that counts every answer."""
        return collate(self.audit, now=self.now)

    @cached_property
    def returns(self) -> int:
        """The number of returns with answers, from which the figures are counted."""
        return returns_with_answers(self.audit)

    @cached_property
    def saved_report(self) -> SavedReport | None:
        """The author’s details of the report, if any were saved."""
        return queries.saved_report(self.audit)

    @cached_property
    def sample(self) -> Sample | None:
        """The sample with the list it was drawn from, if it was chosen from a list."""
        return sample_of(self.audit)

    @cached_property
    def sample_approval(self) -> Approval | None:
        """The latest approval of the sample by an executive."""
        return latest_approval(self.audit.id, "sample")

    @cached_property
    def involvement(self) -> CheckFigures | None:
        """The figures of the involvement check, if agencies were asked."""
        return check_figures(self.audit)

    @cached_property
    def author_texts(self) -> Mapping[str, ReportText]:
        """The author’s own texts, by section key."""
        return queries.author_texts(self.audit)

    @cached_property
    def agencies(self) -> list[AgencyReturns]:
        """The agencies with requests, and the number of their returns."""
        return returns_by_agency(self.audit)

    @cached_property
    def agency_kinds(self) -> Mapping[str, AgenciesOfKind]:
        """The agencies with requests, grouped by kind in the order of kinds."""
        return agencies_by_kind(self.agencies)

    @cached_property
    def rows_by_kind(self) -> tuple[SplitRow, ...]:
        """The table of requests by kind of agency, with small rows joined; the names of a row are kinds."""
        return publishable_rows([group.row for group in self.agency_kinds.values()], self.threshold)

    def shows_figures(self, question: str) -> bool:
        """Whether to print a question’s figures: in the public version only if enough agencies were asked."""
        if not self.public:
            return True
        kinds = self._kinds_by_question.get(question, ())
        return len(kinds) == len(self.agency_kinds) or may_show_figures(
            kinds, kinds=self.agency_kinds, rows=self.rows_by_kind, threshold=self.threshold
        )

    @cached_property
    def _kinds_by_question(self) -> Mapping[str, tuple[str, ...]]:
        return kinds_asked(self.form, self.agency_kinds)

    @cached_property
    def concerns_sentence(self) -> str:
        """The sentence on current practice concerns, without numbers where any of them is small."""
        concerns = concerns_of(self.audit)
        counts = counts_of(concerns)
        numbers = (
            *(counts.cases, len(self.audit.cases) - counts.cases),
            *(counts.referred, counts.cases - counts.referred),
            *(counts.waiting, counts.raised - counts.waiting),
        )
        return CONCERNS_RAISED if has_small_number(numbers, self.threshold) else concerns_in_words(concerns)

    @cached_property
    def benchmark(self) -> Benchmark | None:
        """The places with which the audit is compared, if any."""
        return benchmark_of(self.audit)

    @cached_property
    def workshops(self) -> tuple[Workshop, ...]:
        """The workshops, with their attendance."""
        return workshops_of(self.audit.id)

    @cached_property
    def talks_by_state(self) -> Mapping[str, int]:
        """The number of talks with families in each state."""
        return queries.talks_by_state(self.audit)

    @cached_property
    def narratives(self) -> Mapping[str, Narrative]:
        """The case example and the practitioner’s view by kind, where they have been written."""
        return {narrative.kind: narrative for narrative in narratives_of(self.audit.id)}

    @cached_property
    def quotes(self) -> Mapping[int, tuple[str, Quoted]]:
        """The chosen quotes by id: the question each belongs to (or “”), and the quote as printed."""
        quotes = quotes_of(self.audit.id)
        outdated = outdated_quote_ids(self.audit, quotes)
        return {
            quote.id: (
                quote.question,
                Quoted(quote.printed, self._attribution(quote), is_gone=quote.id in outdated),
            )
            for quote in quotes
        }

    def _attribution(self, quote: Quote) -> str:
        """The source of a quote; the public version omits a kind of agency with too few returns."""
        if not self.public or quote.read_comment is None:
            return quote.attribution
        kind = self.agency_kinds.get(quote.read_comment.audit_request.agency.kind)
        may_name_kind = kind is not None and kind.may_be_attributed(self.threshold)
        return quote.attribution if may_name_kind else SOURCES[quote.source]

    def quotes_on(self, question: str) -> tuple[Quoted, ...]:
        """The quotes that belong to a question."""
        return tuple(quote for name, quote in self.quotes.values() if name == question)

    @cached_property
    def cited_quote_ids(self) -> frozenset[int]:
        """The ids of quotes that are evidence of a finding; they are printed there."""
        return queries.cited_quote_ids(self.audit)

    @cached_property
    def themes_mentioned(self) -> list[ThemeCount]:
        """The practice themes that comments mention, with the number of returns that mention each."""
        return [count for count in theme_counts(self.audit.id) if count.mentioned.count]

    @cached_property
    def findings(self) -> list[Finding]:
        """The findings, with their evidence."""
        return findings_of(self.audit.id)

    @cached_property
    def recommendations(self) -> list[Recommendation]:
        """The recommendations, each with the earlier one that it repeats."""
        return recommendations_of(self.audit.id)

    @cached_property
    def actions(self) -> list[Action]:
        """The action plan."""
        return actions_of(self.audit.id)

    @cached_property
    def conclusion(self) -> Conclusion | None:
        """The details of the conclusions as a whole, if any were saved."""
        return conclusion_of(self.audit.id)
