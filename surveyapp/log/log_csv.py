"""The log as a CSV file, with the same rows and the same words as its page."""

from collections.abc import Iterable, Iterator, Sequence

from surveyapp.foundation.clock import local_timestamp
from surveyapp.foundation.documents.csv_writer import write_csv
from surveyapp.foundation.store.event_log import Event
from surveyapp.log.events_in_words import LoggedEvent, in_words
from surveyapp.log.row_names import RowName, RowNames

# So many events are put into words at a time: databases take some thousands of values in one statement.
AT_A_TIME = 500
_CASE = "case"
_NOTHING = RowName()


def log_csv(parts: Iterable[Sequence[Event]], *, with_cases: bool) -> bytes:
    """Write events as CSV, one row for each, in UK time; without the column of cases unless `with_cases`.

    `parts` have at most AT_A_TIME events each. `who` is the name that the log keeps, and `who_today` the
    person's name now, as pages show it.
    """
    head = ["at", "who", "who_today", "whose", "what", "about", _CASE, "agency", "audit", "kind"]
    if not with_cases:
        head.remove(_CASE)
    return write_csv(head, (_row(event, with_cases=with_cases) for event in _logged(parts)))


def _logged(parts: Iterable[Sequence[Event]]) -> Iterator[LoggedEvent]:
    names = RowNames()
    for part in parts:
        names.read(part)
        yield from in_words(part, names)


def _row(event: LoggedEvent, *, with_cases: bool) -> list[str]:
    about = event.about or _NOTHING
    cells = [local_timestamp(event.at), event.who_then, event.who, event.whose, event.words]
    cells.append(event.account or about.name)
    if with_cases:
        cells.append(about.case)
    return [*cells, about.agency, about.audit, event.action]
