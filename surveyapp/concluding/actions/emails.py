"""The email to an action's owner that it is due; it does not say what the action is."""

from surveyapp.concluding.actions.due_days import latest_action_due_day
from surveyapp.concluding.edit_conflicts import lock_action
from surveyapp.concluding.models import Action
from surveyapp.foundation import clock
from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.foundation.mail.outbox import Email, MailKind
from surveyapp.foundation.store.db import session
from surveyapp.issuing.links import absolute_url


def _action_due_email(action_id: int, to: str) -> Email | None:
    """Name the action by its reference and due day, with a link to its page.

    None if the action is gone or done, its owner's address has changed, or its new due day has no email yet.
    """
    action = session.get(Action, action_id)
    today = clock.local_day(clock.now())
    if action is None or action.is_done or action.owner_email != to:
        return None
    if latest_action_due_day(action.due_on, today, working_calendar()) is None:
        return None
    words = {
        "reference": action.reference,
        "due_on": action.due_on,
        "is_today": action.due_on == today,
        "is_overdue": action.is_overdue(today),
        "link": absolute_url(f"/audits/{action.audit_id}/actions/{action.id}"),
    }
    return Email("action_due", to, words, to_name=action.owner)


ACTION_DUE = MailKind("action_due", on_doubt="hold", lock=lock_action, word=_action_due_email)
MAIL_KINDS = (ACTION_DUE,)
