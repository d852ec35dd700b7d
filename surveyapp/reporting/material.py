"""What a report is made of: each thing read from the database once, and only when a section asks for it."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property

from surveyapp.answering.concerns import concerns_in_words, concerns_of
from surveyapp.collating.figures import Collation
from surveyapp.collating.models import Benchmark
from surveyapp.collating.queries import benchmark_of, collate
from surveyapp.concluding.models import Action, Conclusion, Finding, Recommendation
from surveyapp.concluding.queries import actions_of, conclusion_of, findings_of, recommendations_of
from surveyapp.defining.definition import AuditForm
from surveyapp.gathering.choosing import no_longer_said
from surveyapp.gathering.models import Narrative, Workshop
from surveyapp.gathering.queries import (
    ThemeCount,
    narratives_of,
    quotes_of,
    returns_with_answers,
    theme_counts,
    workshops_of,
)
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit
from surveyapp.reporting import report_queries as queries
from surveyapp.reporting.models import Report, ReportText
from surveyapp.reporting.report_parts import Quoted


class Material:
    """One audit as a report reads it; `now` decides what is overdue and whether returns are closed."""

    def __init__(self, audit: Audit, *, now: datetime) -> None:
        """Take the audit; nothing else is read yet."""
        self.audit, self.now = audit, now

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
    def report(self) -> Report | None:
        """What was said of the report as a whole."""
        return queries.report_of_audit(self.audit)

    @cached_property
    def own(self) -> Mapping[str, ReportText]:
        """The author's own paragraphs, by section."""
        return queries.own_texts(self.audit)

    @cached_property
    def agencies(self) -> list[queries.AgencyAsked]:
        """The agencies that were asked, with what came back."""
        return queries.agencies_with_returns(self.audit)

    @cached_property
    def concerns(self) -> str:
        """The report's sentence on current practice concerns."""
        return concerns_in_words(concerns_of(self.audit))

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
        gone = no_longer_said(self.audit, chosen)
        return {
            each.id: (each.question, Quoted(each.printed, each.attribution, is_gone=each.id in gone))
            for each in chosen
        }

    def quotes_on(self, question: str) -> tuple[Quoted, ...]:
        """The quotes that stand with a question."""
        return tuple(quoted for name, quoted in self.quotes.values() if name == question)

    @cached_property
    def cited(self) -> frozenset[int]:
        """The quotes that a finding rests on: they stand there."""
        return queries.quotes_cited(self.audit)

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
