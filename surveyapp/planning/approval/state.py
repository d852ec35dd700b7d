"""How far something is approved: the latest approval, and what has changed since."""

from collections.abc import Mapping
from dataclasses import dataclass

from surveyapp.foundation.store.edit_conflicts import row_digest
from surveyapp.planning.approval.models import Approval
from surveyapp.planning.models import EMPHASES, Audit


@dataclass(frozen=True)
class ChangedPart:
    """A part that reads differently from what was approved; either text may be empty."""

    label: str
    approved: str
    now: str


@dataclass(frozen=True)
class ApprovalState:
    """What stands to be approved, by label, and its latest approval, if there is any."""

    content: Mapping[str, str]
    approval: Approval | None

    @property
    def seen(self) -> str:
        """The digest of the content, by which an approval is of what its page showed."""
        return row_digest(**self.content)

    @property
    def changes(self) -> tuple[ChangedPart, ...]:
        """The parts that have changed since the latest approval, in the order of the page."""
        if self.approval is None:
            return ()
        approved = self.approval.content
        return tuple(
            ChangedPart(label, approved.get(label, ""), self.content.get(label, ""))
            for label in {**self.content, **approved}
            if approved.get(label, "") != self.content.get(label, "")
        )

    @property
    def is_approved(self) -> bool:
        """Whether the latest approval is of the content as it is now."""
        return self.approval is not None and not self.changes


def theme_content(audit: Audit) -> dict[str, str]:
    """What an executive approves of an audit’s theme (stories A4, EX2)."""
    return {
        "Theme": audit.theme,
        "Why this theme": audit.theme_reason,
        "Emphasis": EMPHASES[audit.emphasis] if audit.emphasis else "",
    }
