"""What is left to do in each section of a report, as its outline says it."""

from collections.abc import Collection, Mapping

from surveyapp.foundation.words.shares import counted
from surveyapp.planning.models import Audit
from surveyapp.report.models import SavedReport
from surveyapp.report.queries import ReportCounts


def left_to_do(
    audit: Audit, report: SavedReport | None, counts: ReportCounts, *, written: Collection[str]
) -> Mapping[str, str]:
    """A few words for each section with something left, by its key, or by its number if it has no key.

    `written` holds the keys of sections with the author’s own text, which stands for what the audit lacks.
    """
    findings, actions = counts.findings, counts.findings_without_action
    left = {
        "terms": "" if audit.terms_of_reference or audit.aim else "no aim, no terms of reference",
        "audit": "" if counts.has_sample or (report and report.population) else "population not said",
        "voices": f"{counted(counts.unread, 'comment')} to read" if counts.unread else "",
        "conclusions": "nothing written yet",
        "recommendations": "" if counts.recommendations else "none yet",
        "5": "none yet" if not findings else f"{actions:,} without an action" if actions else "",
        "6": "" if report and report.references else "none yet",
        "7": "" if counts.has_case_example else "no case example",
    }
    return {section: words for section, words in left.items() if words and section not in written}
