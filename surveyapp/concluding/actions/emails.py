"""Word for an action's owner that it is due; nothing of what the action is."""

from surveyapp.concluding.actions.due_days import turn_of
from surveyapp.concluding.edit_conflicts import lock_action
from surveyapp.concluding.models import Action
from surveyapp.foundation import clock
from surveyapp.foundation.calendar.working_days import calendar
from surveyapp.foundation.mail.outbox import Email, MailKind
from surveyapp.foundation.store.db import session
from surveyapp.issuing.links import address_of


def _word_action_due(action_id: int, to: str) -> Email | None:
    """Name the action by its reference and its day, with the address of the staff page.

    Nothing once it is done, has another owner's address, or has a new day whose turns are all to come.
    """
    action = session.get(Action, action_id)
    today = clock.local_day(clock.now())
    if action is None or action.is_done or action.owner_email != to:
        return None
    if turn_of(action.due_on, today, calendar()) is None:
        return None
    words = {
        "reference": action.reference,
        "due_on": action.due_on,
        "is_today": action.due_on == today,
        "is_overdue": action.is_overdue(today),
        "link": address_of(f"/audits/{action.audit_id}/actions/{action.id}"),
    }
    return Email("action_due", to, words)


ACTION_DUE = MailKind("action_due", on_doubt="hold", lock=lock_action, word=_word_action_due)
MAIL_KINDS = (ACTION_DUE,)
