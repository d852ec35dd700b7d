"""The two arguments that every operation of planning takes from the page: who acts, and when."""

from typing import Any

from surveyapp.foundation import clock
from surveyapp.foundation.web.access import acting_staff


def actor_and_now() -> dict[str, Any]:
    """The name of the acting member of staff and the current moment (UTC), as keyword arguments."""
    return {"actor": acting_staff().name, "now": clock.now()}
