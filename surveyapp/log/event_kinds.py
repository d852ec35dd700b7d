"""Every kind of event in words, in the groups from which the page Log lets its reader choose.

The words follow the name of the person who acted: “Ann Lee” “read the answers”. What the act was about
stands beside them, so that they name no row.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from surveyapp.tracking.event_sentences import ACTIONS


@dataclass(frozen=True)
class EventGroup:
    """Kinds of event that belong together: the words of each, by its action."""

    words: str
    kinds: Mapping[str, str]


def _of_requests(*actions: str) -> dict[str, str]:
    """The words that the page of a request has for these actions."""
    return {action: ACTIONS[action] for action in actions}


READING = EventGroup(
    "Reading and downloading",
    _of_requests("saw_return", "saw_comment")
    | {
        "saw_case": "read what all agencies answered about one child",
        "saw_disagreement": "read where agencies disagree",
        "saw_comments": "read comments from returns",
        "saw_quotes": "read quotes chosen from returns and talks",
        "saw_concerns": "read whom auditors told of current practice concerns",
        "saw_family": "read the notes of a talk with a family",
        "exported_audit": "downloaded from the audit",
        "exported_contacts": "downloaded the outstanding list, with contacts’ names and addresses",
        "made_sample_key": "downloaded the key to the cases",
        "searched_for_child": "searched all audits for one child",
        "downloaded_what_is_held": "downloaded all that is held about one child",
        "read_log": "read this log",
        "exported_log": "downloaded this log",
    },
)
RETURNS = EventGroup(
    "Answering and returning",
    _of_requests(
        "started_answering",
        "returned_audit",
        "returned_nil",
        "took_back_nil_return",
        "keyed_in_return",
        "keyed_in_nil_return",
        "reopened_return",
        "took_back_reopening",
        "allowed_late_return",
        "raised_concern",
        "took_back_concern",
        "wrote_concern_outcome",
        "answered_involvement",
    ),
)
LINKS = EventGroup(
    "Links and codes",
    _of_requests(
        "sent_link_again",
        "withdrew_link",
        "asked_for_link",
        "refused_link",
        "asked_for_code",
        "refused_code",
        "gave_code",
        "used_up_code",
        "ended_link_again",
    )
    | {
        "ended_all_links": "ended every link of the audit",
        "left_out_wanted_links": "left out links, since more were asked for than are sent at a time",
    },
)
PASSING = EventGroup(
    "Passing on and taking over",
    _of_requests("passed_on", "took_back_passed", "sent_back", "accepted_address", "replaced_contact")
    | {"removed_colleague": "removed a colleague who had not opened the link"},
)
TALKING = EventGroup(
    "Questions, more time and calls",
    _of_requests(
        "asked_question", "asked_for_time", "answered_enquiry", "gave_time", "noted_call", "took_back_call"
    ),
)
SETTING_UP = EventGroup(
    "Setting up an audit",
    {
        "planned_audit": "began the audit",
        "copied_audit": "copied an earlier audit",
        "changed_audit": "changed the audit’s details",
        "changed_dates": "changed the audit’s dates",
        "approved_theme": "approved the theme",
        "approved_sample": "approved the sample",
        "read_list": "read in a list of children to choose from",
        "chose_sample": "had a sample chosen",
        "exchanged_in_sample": "exchanged a child in the sample",
        "put_back_on_list": "put a child back on the list",
        "selected_sample": "made the sample the audit’s cases",
        "removed_list": "removed the list of children",
        "added_cases": "added cases",
        "changed_case": "changed a case",
        "removed_case": "removed a case",
        "chose_agencies": "chose the agencies",
        "changed_grid": "ticked which agency knew which child",
        "undid_grid_change": "undid a change of the ticks",
        "copied_grid": "copied the ticks of an earlier audit",
        "changed_references": "changed agencies’ own references",
        "set_audit_aside": "set the audit aside",
        "brought_audit_back": "brought the audit back",
        "deleted_audit": "deleted an audit",
        "asked_for_example": "asked for the example audit",
        "loaded_example": "had the example audit loaded",
        "removed_example": "removed the example audit",
    },
)
ISSUING = EventGroup(
    "Issuing and closing",
    {
        "asked_involvement": "asked agencies which children they knew",
        "reminded_of_involvement": "reminded agencies to say which children they knew",
        "planned_issue": "planned the issue",
        "dropped_planned_issue": "dropped the planned issue",
        "sent_test_copy": "sent themselves a test copy",
        "issued_requests": "issued requests",
        "closed_returns": "closed returns",
        "reopened_returns": "reopened returns",
    }
    | _of_requests("withdrew_request", "took_back_withdrawal"),
)
CHASING = EventGroup(
    "Chasers",
    {
        "queued_chasers": "sent chasers",
        "skipped_chaser": "left out a day of chasers",
        "took_back_skip": "took back that a day of chasers was left out",
    }
    | _of_requests("left_out_of_chaser", "put_back_into_chaser", "wrote_chaser_line", "removed_chaser_line"),
)
MAIL = EventGroup(
    "Mail",
    {
        "recorded_refusal": "noted that the mail server refused an email",
        "doubted_mail": "could not tell whether an email was taken",
        "sent_mail_again": "sent an email again",
        "treated_mail_as_sent": "counted an email as sent",
    }
    | _of_requests("noted_bounce")
    | {
        "dismissed_bounce": "found that an email had arrived, although it seemed to come back",
        "broke_off_mail": "paused mail, since the mail server did not answer",
        "held_mail": "stopped mail, since the mail server refused us",
        "paused_mail": "stopped all mail",
        "resumed_mail": "let mail go on",
        "confirmed_clock": "confirmed the date of the server",
        "restored_backup": "restored a backup",
        "confirmed_restored_backup": "let mail go on after a restored backup",
        "queued_action_due": "wrote to the owner of an action",
    },
)
RESULTS = EventGroup(
    "Comments, conclusions, report and brief",
    {
        "judged_comments": "judged comments",
        "began_themes": "began a list of themes",
        "added_theme": "added a theme",
        "renamed_theme": "renamed a theme",
        "moved_theme": "moved a theme",
        "removed_theme": "removed a theme",
        "chose_quote": "chose a quote",
        "changed_quote": "changed a quote",
        "removed_quote": "removed a quote",
        "added_workshop": "added a workshop",
        "changed_workshop": "changed a workshop",
        "removed_workshop": "removed a workshop",
        "added_family": "added a talk with a family",
        "changed_family": "changed a talk with a family",
        "removed_family": "removed a talk with a family",
        "wrote_narrative": "wrote a longer text for the report",
        "removed_narrative": "removed a longer text of the report",
        "saved_benchmark": "saved the benchmark",
        "removed_benchmark": "removed the benchmark",
        "added_finding": "added a finding",
        "changed_finding": "changed a finding",
        "moved_finding": "moved a finding",
        "removed_finding": "removed a finding",
        "added_recommendation": "added a recommendation",
        "changed_recommendation": "changed a recommendation",
        "moved_recommendation": "moved a recommendation",
        "removed_recommendation": "removed a recommendation",
        "added_action": "added an action",
        "changed_action": "changed an action",
        "updated_action": "noted how far an action is",
        "removed_action": "removed an action",
        "planned_re_audit": "planned the next audit",
        "planned_review": "planned the next review of the action plan",
        "saved_report": "saved the report’s details",
        "saved_report_text": "saved a text of the report",
        "removed_report_text": "removed a text of the report",
        "kept_report_template": "kept a Word template",
        "removed_report_template": "removed the Word template",
        "kept_in_report": "answered what the report’s release asked",
        "took_back_in_report": "took back an answer for the report’s release",
        "proposed_release": "proposed a release",
        "withdrew_proposal": "withdrew the proposal of a release",
        "sent_proposal_back": "sent the proposal of a release back",
        "released_report": "released the report",
        "saved_brief": "saved the brief",
        "kept_findings": "answered what the brief’s release asked",
        "took_back_finding": "took back an answer for the brief’s release",
        "released_brief": "released the brief",
    },
)
KEEPING = EventGroup(
    "Keeping and purging",
    {
        "set_retention": "set the days of the audit’s purges",
        "changed_retention": "changed the days of the audit’s purges",
        "set_hold": "put the audit on hold",
        "ended_hold": "ended the hold of the audit",
        "began_purge": "began a purge",
        "finished_purge": "ended a purge",
        "asked_for_deletion": "deleted the audit, which is to be purged",
    },
)
DIRECTORY = EventGroup(
    "Agencies and contacts",
    {
        "added_agency": "added an agency",
        "changed_agency": "changed an agency",
        "set_agency_aside": "set an agency aside",
        "brought_agency_back": "brought an agency back",
        "deleted_agency": "deleted an agency",
        "added_contact": "added a contact",
        "changed_contact": "changed a contact",
        "noted_contact_left": "noted that a contact has left",
        "noted_contact_back": "noted that a contact is back",
        "deleted_contact": "deleted a contact",
    },
)
FORMS = EventGroup(
    "Forms, library and calendar",
    {
        "made_form": "made a form",
        "changed_form": "changed a form",
        "put_form_away": "put a form away",
        "brought_form_back": "brought a form back",
        "added_resource": "added a resource to the library of briefs",
        "changed_resource": "changed a resource of the library",
        "removed_resource": "removed a resource from the library",
        "closed_day": "entered a closed day",
        "opened_day": "took out a closed day",
        "made_calendar_address": "made an address for a calendar program",
        "withdrew_calendar_address": "withdrew their address for calendar programs",
    },
)
ACCOUNTS = EventGroup(
    "Signing in and accounts",
    {
        "signed_in": "signed in",
        "signed_out": "signed out",
        "signed_out_elsewhere": "signed out in every other browser",
        "signed_out_everywhere": "signed somebody out everywhere",
        "ended_session": "ended a session in one browser",
        "failed_sign_in": "tried to sign in with a wrong password",
        "refused_sign_in": "was refused before the password was looked at",
        "left_out_sign_ins": "tried so often that further tries are not listed for a while",
        "failed_second_factor": "gave a wrong code of the second factor",
        "refused_identity": "was refused with an organisation’s account",
        "refused_passkey": "was refused with a passkey",
        "refused_page": "was refused a page of another role",
        "gave_wrong_password": "gave a wrong password while signed in",
        "asked_for_new_password": "asked for a new password",
        "left_out_wanted_passwords": "left out new passwords, since too many were asked for at once",
        "changed_password": "chose a new password",
        "reset_account": "reset an account",
        "set_up_second_factor": "set up a second factor",
        "made_recovery_codes": "made recovery codes",
        "removed_second_factor": "removed a second factor",
        "added_passkey": "added a passkey",
        "removed_passkey": "removed a passkey",
        "added_staff": "added an account",
        "invited_staff": "invited somebody to sign in",
        "invited_staff_again": "sent an invitation again",
        "joined": "accepted the invitation",
        "renamed_staff": "renamed an account",
        "changed_roles": "changed somebody’s roles",
        "suspended_staff": "suspended an account",
        "reinstated_staff": "let a suspended account sign in again",
    },
)
LOG = EventGroup(
    "The log itself",
    {
        "sealed_log": "noted the newest seal of the log",
        "mended_log": "let the database refuse changes to the log again",
        "removed_events": "removed old events",
    },
)
KEYS = EventGroup(
    "Keys",
    {
        "rotated_keys": "put new keys into use",
        "encrypted_again": "encrypted every text again",
        "dropped_old_keys": "dropped old keys",
    },
)
# The groups by the name that they have in an address, in the order in which the page lists them.
EVENT_GROUPS: dict[str, EventGroup] = {
    "reading": READING,
    "returns": RETURNS,
    "links": LINKS,
    "passing": PASSING,
    "talking": TALKING,
    "setting-up": SETTING_UP,
    "issuing": ISSUING,
    "chasing": CHASING,
    "mail": MAIL,
    "results": RESULTS,
    "keeping": KEEPING,
    "directory": DIRECTORY,
    "forms": FORMS,
    "accounts": ACCOUNTS,
    "log": LOG,
    "keys": KEYS,
}
EVENT_WORDS: dict[str, str] = {
    action: words for group in EVENT_GROUPS.values() for action, words in group.kinds.items()
}


def actions_of(kind: str) -> Collection[str]:
    """The actions that a choice of the page stands for: those of a group, or one; none for anything else."""
    if kind in EVENT_GROUPS:
        return EVENT_GROUPS[kind].kinds.keys()
    return (kind,) if kind in EVENT_WORDS else ()


def words_of(action: str) -> str:
    """An action in words; one of an earlier release that has been renamed since, by its name."""
    return EVENT_WORDS.get(action, action.replace("_", " "))
