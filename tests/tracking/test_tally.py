"""The counts of an audit in words."""

import pytest

from surveyapp.tracking.tally import LATE, NIL_RETURNED, RETURNED, SENT, WITHDRAWN, Tally, returned_in_words


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({RETURNED: 2, SENT: 1}, ""),
        ({NIL_RETURNED: 1}, "Of the returned, 1 nil return."),
        ({NIL_RETURNED: 2, LATE: 1}, "Of the returned, 2 nil returns and 1 late return."),
        ({RETURNED: 1, WITHDRAWN: 1}, "1 request withdrawn and not counted."),
        ({LATE: 1, WITHDRAWN: 3}, "Of the returned, 1 late return. 3 requests withdrawn and not counted."),
    ],
)
def test_only_nil_late_and_withdrawn_requests_that_exist_are_mentioned(
    counts: dict[str, int], words: str
) -> None:
    tally = Tally.of((word, False, False, count) for word, count in counts.items())
    assert returned_in_words(tally) == words
