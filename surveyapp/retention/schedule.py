"""The schedule: which table belongs to which class of data, and how long each class is kept.

Every table stands here once, so that none is forgotten: a contract test compares it with the database's
tables. Purges, their preview, the pages and docs/retention.md read it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from surveyapp.foundation.settings import Settings
from surveyapp.foundation.words.shares import counted


@dataclass(frozen=True)
class DataClass:
    """A class of data that is kept for the same time; `heading` names it on pages."""

    key: str
    heading: str


RETURNS = DataClass("returns", "Returns, and what names a child to an agency")
FIGURES = DataClass("figures", "Figures, report, brief and action plan")
CERTIFICATES = DataClass("certificates", "Certificates of purges")
DIRECTORY = DataClass("directory", "Agencies and their contacts")
LISTS = DataClass("lists", "The partnership’s own lists")
ACCOUNTS = DataClass("accounts", "Accounts of staff")
LOG = DataClass("log", "The log")
STATE = DataClass("state", "The program’s own state")
CLASSES = (RETURNS, FIGURES, CERTIFICATES, DIRECTORY, LISTS, ACCOUNTS, LOG, STATE)


@dataclass(frozen=True)
class Holding:
    """What one table holds: its class, and its rows in words, one and many."""

    data_class: DataClass
    one: str
    many: str

    def counted(self, count: int) -> str:
        """A number of its rows in words: 90 requests."""
        return counted(count, self.one, self.many)


SCHEDULE: Mapping[str, Holding] = {
    # An audit's returns, and everything by which somebody could tell whose file it was.
    "survey_case": Holding(RETURNS, "case", "cases"),
    "survey_involvement": Holding(
        RETURNS, "tick of the grid, with any reference", "ticks of the grid, with any references"
    ),
    "survey_involvement_answer": Holding(
        RETURNS, "answer of an involvement check", "answers of the involvement check"
    ),
    "survey_grid_change": Holding(RETURNS, "change of the grid", "changes of the grid"),
    "survey_sampling": Holding(RETURNS, "rule of the sample", "rules of the sample"),
    "survey_sampling_child": Holding(
        RETURNS, "child on the list for the sample", "children on the list for the sample"
    ),
    "survey_checked_agency": Holding(
        RETURNS, "agency asked which children it knew", "agencies asked which children they knew"
    ),
    "survey_grant": Holding(RETURNS, "contact’s link", "contacts’ links"),
    "survey_audit_request": Holding(RETURNS, "request", "requests"),
    "survey_passed_on": Holding(RETURNS, "case passed to a colleague", "cases passed to colleagues"),
    "survey_return": Holding(RETURNS, "return or draft", "returns and drafts"),
    "survey_revision": Holding(RETURNS, "saved version of a return", "saved versions of returns"),
    "survey_answer": Holding(RETURNS, "answer or comment", "answers and comments"),
    "survey_concern": Holding(RETURNS, "current practice concern", "current practice concerns"),
    "survey_enquiry": Holding(RETURNS, "question with its answer", "questions with their answers"),
    "survey_code": Holding(RETURNS, "code sent to a mailbox", "codes sent to mailboxes"),
    "survey_call": Holding(RETURNS, "note of a call", "notes of calls"),
    "survey_chased_slot": Holding(RETURNS, "day of chasers", "days of chasers"),
    "survey_chaser_choice": Holding(
        RETURNS, "choice about a contact’s chaser", "choices about contacts’ chasers"
    ),
    "survey_outbox": Holding(RETURNS, "email, with its address", "emails, with their addresses"),
    "survey_bounce": Holding(RETURNS, "email that came back", "emails that came back"),
    "survey_read_comment": Holding(RETURNS, "judgement of a comment", "judgements of comments"),
    "survey_read_comment_theme": Holding(RETURNS, "theme of a comment", "themes of comments"),
    "survey_quote": Holding(RETURNS, "quote", "quotes"),
    "survey_quote_theme": Holding(RETURNS, "theme of a quote", "themes of quotes"),
    "survey_finding_quote": Holding(RETURNS, "quote behind a finding", "quotes behind findings"),
    "survey_family_contact": Holding(RETURNS, "talk offered to a family", "talks offered to families"),
    "survey_family_note": Holding(RETURNS, "note of a talk with a family", "notes of talks with families"),
    "survey_workshop": Holding(RETURNS, "workshop, with its notes", "workshops, with their notes"),
    "survey_attendance": Holding(
        RETURNS, "agency’s attendance of a workshop", "agencies’ attendance of workshops"
    ),
    "survey_narrative": Holding(RETURNS, "longer text", "longer texts"),
    "survey_report": Holding(
        RETURNS, "page of the report’s details and template", "pages of the report’s details and template"
    ),
    "survey_report_text": Holding(
        RETURNS, "text of a section of the report", "texts of the report’s sections"
    ),
    "survey_report_kept_flag": Holding(
        RETURNS, "answer to a finding of the report’s check", "answers to findings of the report’s check"
    ),
    "survey_brief_kept_flag": Holding(
        RETURNS, "answer to a finding of the brief’s check", "answers to findings of the brief’s check"
    ),
    "survey_release_proposal": Holding(
        RETURNS, "request for an executive’s approval", "requests for an executive’s approval"
    ),
    # What the audit came to. Released reports and briefs are publications.
    "survey_audit": Holding(FIGURES, "audit, with its title, theme and days", "audits"),
    "survey_chosen_agency": Holding(FIGURES, "agency that was asked", "agencies that were asked"),
    "survey_approval": Holding(
        FIGURES, "approval of the theme or the sample", "approvals of the theme or the sample"
    ),
    "survey_frozen_figures": Holding(
        FIGURES, "set of figures at a close of returns", "sets of figures at closes of returns"
    ),
    "survey_kept_figures": Holding(FIGURES, "set of last figures", "sets of last figures"),
    "survey_benchmark": Holding(FIGURES, "benchmark of other places", "benchmarks of other places"),
    "survey_practice_theme": Holding(FIGURES, "theme with its counts", "themes with their counts"),
    "survey_conclusion": Holding(
        FIGURES, "day of the next review and audit", "days of next reviews and audits"
    ),
    "survey_finding": Holding(FIGURES, "finding", "findings"),
    "survey_finding_question": Holding(FIGURES, "question behind a finding", "questions behind findings"),
    "survey_finding_theme": Holding(FIGURES, "theme behind a finding", "themes behind findings"),
    "survey_recommendation": Holding(FIGURES, "recommendation", "recommendations"),
    "survey_action": Holding(FIGURES, "action of the plan", "actions of the plan"),
    "survey_action_update": Holding(FIGURES, "update of an action", "updates of actions"),
    "survey_report_release": Holding(FIGURES, "released report", "released reports"),
    "survey_brief": Holding(FIGURES, "brief, of which only what was released stays", "briefs"),
    "survey_brief_resource": Holding(FIGURES, "tool that the brief shows", "tools that the brief shows"),
    "survey_brief_release": Holding(FIGURES, "released brief", "released briefs"),
    "survey_retention": Holding(FIGURES, "set of days of purges", "sets of days of purges"),
    "survey_retention_change": Holding(FIGURES, "change of those days", "changes of those days"),
    "survey_hold": Holding(FIGURES, "hold with its reason", "holds with their reasons"),
    # What belongs to no audit.
    "survey_purge_certificate": Holding(CERTIFICATES, "certificate", "certificates"),
    "survey_agency": Holding(DIRECTORY, "agency", "agencies"),
    "survey_contact": Holding(
        DIRECTORY, "contact, with name and address", "contacts, with names and addresses"
    ),
    "survey_saved_form": Holding(LISTS, "form made on pages", "forms made on pages"),
    "survey_library_resource": Holding(LISTS, "tool or text for briefs", "tools and texts for briefs"),
    "survey_closed_day": Holding(LISTS, "closed day", "closed days"),
    "survey_export_head": Holding(
        LISTS, "head of a column of your case system", "heads of columns of your case system"
    ),
    "survey_staff": Holding(ACCOUNTS, "account", "accounts"),
    "survey_staff_session": Holding(ACCOUNTS, "session", "sessions"),
    "survey_staff_link": Holding(
        ACCOUNTS, "link to join or to a new password", "links to join or to new passwords"
    ),
    "survey_passkey": Holding(ACCOUNTS, "passkey", "passkeys"),
    "survey_recovery_code": Holding(ACCOUNTS, "recovery code", "recovery codes"),
    "survey_calendar_feed": Holding(
        ACCOUNTS, "private address of a calendar", "private addresses of calendars"
    ),
    "survey_former_name": Holding(
        LOG, "former name of a member of staff", "former names of members of staff"
    ),
    "survey_event": Holding(LOG, "event", "events"),
    "survey_event_seal": Holding(LOG, "seal of an event", "seals of events"),
    "survey_removed_events": Holding(LOG, "note of events removed", "notes of events removed"),
    "survey_switches": Holding(STATE, "state of the worker", "states of the worker"),
    "survey_bounce_mailbox": Holding(
        STATE, "place in the mailbox of returned emails", "places in the mailbox of returned emails"
    ),
    "survey_finished_browser": Holding(STATE, "finished browser", "finished browsers"),
    "survey_wanted_link": Holding(
        STATE, "address that asked for its link", "addresses that asked for their link"
    ),
    "survey_wanted_password": Holding(
        STATE, "address that asked for a new password", "addresses that asked for a new password"
    ),
    "survey_shared_count": Holding(STATE, "count of tries to sign in", "counts of tries to sign in"),
    "survey_wanted_example": Holding(STATE, "wish for the example", "wishes for the example"),
}

# Columns of tables that stay, which are emptied together with the returns: their texts are about children.
EMPTIED_WITH_RETURNS = (
    "survey_audit.key_message",
    "survey_audit.reopened_reason",
    "survey_approval.content",
    "survey_brief.texts",
)
# Encrypted texts of tables that stay with the figures, each with the reason why it does.
TEXTS_THAT_STAY = {
    "survey_finding.text": "findings are published with the report",
    "survey_finding.challenge": "findings are published with the report",
    "survey_recommendation.text": "later audits refer to recommendations",
    "survey_action.what": "the action plan goes on after the report",
    "survey_action.measure": "the action plan goes on after the report",
    "survey_action_update.evidence": "the action plan goes on after the report",
    "survey_brief_release.page": "a released brief is a publication",
    "survey_report_release.pdf": "a released report is a publication",
    "survey_retention_change.reason": "why days were changed is asked about later",
    "survey_hold.reason": "why nothing was destroyed is asked about later",
    "survey_hold.end_reason": "why nothing was destroyed is asked about later",
}


def tables_of(data_class: DataClass) -> Iterator[tuple[str, Holding]]:
    """The tables of a class with what they hold, in the order of the schedule."""
    return ((name, holding) for name, holding in SCHEDULE.items() if holding.data_class is data_class)


def how_long(data_class: DataClass, periods: Settings) -> str:
    """How long a class of data is kept, in sentences, by the periods of the settings."""
    returns = counted(periods.keep_returns_months, "month")
    years = counted(periods.keep_figures_years, "year")
    sentences = {
        RETURNS: (
            f"{returns} after the report was received; while none has been, "
            f"{counted(periods.keep_returns_without_report_months, 'month')} after returns closed. Drafts "
            f"never returned go {counted(periods.keep_drafts_months, 'month')} after returns closed."
        ),
        FIGURES: f"{years} after the report was received; without a report, after returns closed.",
        CERTIFICATES: "For good: they name no child and no contact.",
        DIRECTORY: (
            "Until staff delete them, which they can once no audit asks them. Colleagues to whom a case was "
            "passed go with the last audit in which they had one."
        ),
        LISTS: "Until staff delete or change them.",
        ACCOUNTS: "As long as the account is there.",
        LOG: (
            f"{counted(periods.keep_log_years, 'year')}, as are emails that are about no audit. It holds ids "
            "and no text about a child. Former names stay as long as the account."
        ),
        STATE: "From minutes to days; the program deletes it by itself.",
    }
    return sentences[data_class]
