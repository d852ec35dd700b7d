"""The commands of `flask survey ...`, which run an audit from a terminal."""

from surveyapp.commands.late_group import LateGroup, ListedCommand

_OURS = (
    ("backup", "backup", "Back the database up into DEST while it is served."),
    ("chasers", "chasers", "Say who would be chased on a day, and who not and why."),
    ("check-forms", "check_forms", "Print every mistake in form FILES, or in every form there is."),
    ("close", "close_reopen_extend", "Close an audit’s returns now; twice is once."),
    ("collate", "collate", "Say how every question was answered, out of how many."),
    ("demo", "demo", "Load the demonstration audit: 15 cases, 90 requests."),
    ("export", "export", "Write an audit’s figures or its brief to a file."),
    ("extend", "close_reopen_extend", "Give agencies longer; chasers follow the due day."),
    ("issue", "issue", "Issue what is not yet issued of an audit; twice is once."),
    ("log", "verify", "Verify that nobody has changed the log of who did what."),
    ("mail", "mail", "Show the outbox; pause or resume mail, or send a test."),
    ("purge", "purging.purge", "Purge what is due; --dry-run says what would go."),
    ("reopen", "close_reopen_extend", "Take returns again, for a reason."),
    ("restore", "restore", "Put the backup SOURCE in the database’s place."),
    ("rotate-keys", "keys.rotate_keys", "Put new keys into use; encrypt every text again."),
    ("set-up", "set_up", "Set an audit up from FILE (YAML or XLSX)."),
    ("status", "status", "Say who has returned: over all, by case and by agency."),
    ("upgrade", "upgrade", "Make or upgrade the survey tables."),
    ("verify-returns", "verify", "Verify that nobody has changed what was returned."),
    ("work", "mail", "Plan chasers, close what is due, send what is queued."),
)
COMMANDS = tuple(
    ListedCommand(name, f"{__name__}.{file}", name.replace("-", "_"), summary)
    for name, file, summary in _OURS
)


def survey_group(*more: ListedCommand) -> LateGroup:
    """The group `survey` for one app; its own commands, `more`, replace ours of the same name."""
    return LateGroup("survey", (*COMMANDS, *more), help="Run multi-agency case audits.")
