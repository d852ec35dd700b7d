"""The SURVEY_ settings, each with its name, default and one line of help."""

from dataclasses import dataclass

# The lowest count that does not identify a child or a person (stories 4.9).
SMALL_NUMBER = 6


@dataclass(frozen=True)
class Setting:
    """One setting, as the README lists it."""

    name: str
    default: str | int | bool
    help: str


SETTINGS = (
    Setting(
        "SURVEY_PUBLIC_BASE_URL", "http://127.0.0.1:5000", "Address that every link in an email begins with."
    ),
    Setting("SURVEY_KEY_FILE", "var/keys.json", "File with the three keys; keep it out of the data backup."),
    Setting(
        "SURVEY_LASTING_RECORD",
        "",
        "File of purged audits and withdrawn links, which still hold after a restore; empty means "
        "`lasting-record.jsonl` beside the key file. Several machines need one that all of them can write.",
    ),
    Setting("SURVEY_FORMS_FOLDER", "", "Folder of form files; empty means those that come with surveyapp."),
    Setting(
        "SURVEY_PARTNERSHIP",
        "Example Safeguarding Children Partnership",
        "Name of the partnership that asks.",
    ),
    Setting(
        "SURVEY_CONTACT_NAME", "the partnership’s business manager", "Who answers questions about an audit."
    ),
    Setting(
        "SURVEY_CONTACT_EMAIL",
        "audits@partnership.example",
        "Monitored mailbox for questions; the reply-to of every email.",
    ),
    Setting("SURVEY_CONTACT_TELEPHONE", "01234 567890", "Telephone number for questions."),
    Setting(
        "SURVEY_CONCERN_ROUTE",
        "ring 01234 567891 and tell your manager",
        "What to do at once about a current concern.",
    ),
    Setting(
        "SURVEY_AUTHORITY",
        "This audit is part of the partnership’s programme of multi-agency audits.",
        "Why we ask and on what basis, where an audit does not say it itself.",
    ),
    Setting(
        "SURVEY_PRIVACY_CONTROLLER",
        "",
        "Organisation or organisations that are data controller; empty says to ask the partnership.",
    ),
    Setting(
        "SURVEY_PRIVACY_CONTACT",
        "",
        "Data protection officer, with an address; empty says to ask the partnership.",
    ),
    Setting(
        "SURVEY_PRIVACY_BASIS",
        "",
        "Lawful basis, in a sentence or two; empty means, in England, the task under the Children Act 2004.",
    ),
    Setting(
        "SURVEY_PRIVACY_URL",
        "",
        "Address of the partnership’s own, longer privacy notice; empty says to ask for it.",
    ),
    Setting(
        "SURVEY_RETENTION",
        "",
        "A sentence to add on the privacy notice to what the periods below say about how long data are kept.",
    ),
    Setting(
        "SURVEY_KEEP_DRAFTS_MONTHS",
        3,
        "Months after the close for which drafts that were never returned are kept.",
    ),
    Setting(
        "SURVEY_KEEP_RETURNS_MONTHS",
        12,
        "Months after the report was received for which returns and what names a child to an agency stay.",
    ),
    Setting(
        "SURVEY_KEEP_RETURNS_WITHOUT_REPORT_MONTHS",
        18,
        "Months after the close for which they are kept while no report has been received.",
    ),
    Setting(
        "SURVEY_KEEP_FIGURES_YEARS",
        6,
        "Years for which figures, report, brief and action plan are kept after the report was received.",
    ),
    Setting(
        "SURVEY_KEEP_LOG_YEARS",
        7,
        "Years for which the log keeps who did what and when: longer than what it tells of.",
    ),
    Setting(
        "SURVEY_KEEP_BACKUPS_DAYS",
        30,
        "Days for which you keep backups: so long a backup may still hold what was purged.",
    ),
    Setting(
        "SURVEY_KEEP_TELEPHONE_NUMBERS",
        False,
        "Keep telephone numbers of families who are offered a talk; off, none is stored.",
    ),
    Setting(
        "SURVEY_ACCESSIBILITY_CONTACT",
        "",
        "Who hears of pages that somebody cannot use; empty means who answers questions about an audit.",
    ),
    Setting(
        "SURVEY_ACCESSIBILITY_STATEMENT_DATE",
        "",
        "Day the partnership last reviewed the accessibility statement, such as 2026-11-30.",
    ),
    Setting("SURVEY_SENDER", "", "Sender of every email; empty means Flask-Mail’s MAIL_DEFAULT_SENDER."),
    Setting(
        "SURVEY_MAIL_PER_MINUTE",
        20,
        "Most emails handed over in a minute, over all workers; codes that people wait for, twice that.",
    ),
    Setting(
        "SURVEY_MAIL_FOLDER",
        "",
        "Folder that takes emails instead of a mail server; the standalone app’s default.",
    ),
    Setting(
        "SURVEY_UNENCRYPTED_HOSTS",
        "",
        "Other machines, with commas, that may be asked without TLS or without verifying who they are, such "
        "as containers beside this one; mail servers, and the standalone app’s database, Redis and RabbitMQ.",
    ),
    Setting(
        "SURVEY_BOUNCE_HOST",
        "",
        "IMAP server of the mailbox to which undelivered emails come back; empty reads none. Needs the extra "
        "`bounces`.",
    ),
    Setting("SURVEY_BOUNCE_PORT", 993, "Port of that server."),
    Setting("SURVEY_BOUNCE_TLS", True, "Encrypt that connection; off only on the same machine."),
    Setting("SURVEY_BOUNCE_USER", "", "User name of that mailbox."),
    Setting("SURVEY_BOUNCE_PASSWORD", "", "Password of that mailbox."),
    Setting("SURVEY_BOUNCE_FOLDER", "INBOX", "Folder that is read."),
    Setting(
        "SURVEY_BOUNCE_DONE_FOLDER",
        "",
        "Folder into which reports and automatic replies are moved; empty marks them as read.",
    ),
    Setting(
        "SURVEY_WORK_DOMAINS",
        "gov.uk, gov.scot, gov.wales, nhs.uk, nhs.net, nhs.scot, hscni.net, police.uk, sch.uk, ac.uk",
        "Domains of work addresses, with all below them. Addresses at others are named before an audit is "
        "issued, and whoever passes a case to one is warned. Empty warns nobody.",
    ),
    Setting(
        "SURVEY_COLLEAGUES_PER_DAY",
        10,
        "Most colleagues to whom one link passes cases in a day; then it says whom to ring.",
    ),
    Setting(
        "SURVEY_QUESTIONS_PER_HOUR",
        5,
        "Most questions and requests for more time from one link in an hour; then it says whom to ring.",
    ),
    Setting(
        "SURVEY_SMALL_NUMBER",
        SMALL_NUMBER,
        "Fewest children, or returns of one agency or kind of agency, that may stand alone: fewer are warned "
        "of, asked about before release, and hidden from contacts and the public.",
    ),
    Setting(
        "SURVEY_COPY_DAYS",
        90,
        "Days after returns close for which contacts can read their own copies; afterwards they ask.",
    ),
    Setting(
        "SURVEY_VISIT_HOURS",
        12,
        "Hours after which a contact’s browser lets go of its links, although it is in use.",
    ),
    Setting("SURVEY_NATION", "ENG", "Nation whose bank holidays count: ENG, WLS, SCT or NIR."),
    Setting("SURVEY_CHASE_FROM", "08:30", "UK time of day from which chasers leave."),
    Setting("SURVEY_CLOSE_AT", "17:00", "UK time of day at which returns close on the closing day."),
    Setting("SURVEY_WORKER", False, "Run the worker as a thread inside this process."),
    Setting(
        "SURVEY_COMPRESS",
        True,
        "Compress stylesheets and scripts, and the standalone app’s pages; false leaves it to a proxy.",
    ),
    Setting("SURVEY_SIGN_IN_URL", "", "Where staff who are not signed in are sent; empty answers 401."),
)
