"""The seal of a revision, which shows that its answers are those that were stored (promises 3.7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.store.seals import is_seal_of, seal_of

_LABEL = "surveyapp/revision-seal/v1"


@dataclass(frozen=True)
class SealedRevision:
    """What the seal of a revision covers: which request, press and kind it is of, when, and its answers.

    It covers the texts themselves and not what is stored of them, so that it stays when the data key changes.
    The order of the answers does not matter.
    """

    request_id: int
    submission_id: str
    kind: str
    created_at: datetime
    answers: Sequence[GivenAnswer]

    @property
    def seal(self) -> str:
        """The seal with the newest key."""
        return seal_of(_LABEL, *self._values)

    def has_seal(self, seal: str) -> bool:
        """Whether this is its seal, whichever key made it."""
        return is_seal_of(seal, _LABEL, *self._values)

    @property
    def _values(self) -> list[str | int | None]:
        # Of two answers with the same question, item and option the last is stored.
        texts = {(answer.question, answer.item, answer.option): answer.text for answer in self.answers}
        moment = self.created_at.astimezone(UTC).isoformat()
        values: list[str | int | None] = [self.request_id, self.submission_id, self.kind, moment]
        for key in sorted(texts):
            values += [*key, texts[key]]
        return values
