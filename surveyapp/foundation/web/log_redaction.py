"""Keeping the token of a link out of every log line, whoever writes it (promises 3.5)."""

import logging
import re

# Letters and digits of one link, 50 of them, in whatever line or traceback they come.
_TOKEN = re.compile(r"(?<![a-z0-9])[a-z2-7]{50}(?![a-z0-9])", re.IGNORECASE)
# What a child says passes its own filters and those of the handlers, but not its parents’ filters.
_CHILD_LOGGERS = (
    "surveyapp.mail",
    "surveyapp.worker",
    "surveyapp.events",
    "waitress.queue",
    "gunicorn.error",
)
_PARENT_LOGGERS = ("surveyapp", "werkzeug", "waitress", "gunicorn")
_format = logging.Formatter()


class LinkRedactor(logging.Filter):
    """Takes the token of a link out of a line and out of its traceback; every line goes on."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Blank what looks like a token."""
        line = record.getMessage()
        if _TOKEN.search(line):
            record.msg, record.args = _TOKEN.sub("(link)", line), None
        told = record.exc_text or (_format.formatException(record.exc_info) if record.exc_info else "")
        if _TOKEN.search(told):
            record.exc_info, record.exc_text = None, _TOKEN.sub("(link)", told)
        return True


def redact_links(*loggers: logging.Logger) -> None:
    """Keep tokens out of what these loggers, all of ours and the server’s say, through any handler."""
    names = {name for name in logging.root.manager.loggerDict if name.partition(".")[0] in _PARENT_LOGGERS}
    speakers = [*loggers, *map(logging.getLogger, sorted(names.union(_CHILD_LOGGERS, _PARENT_LOGGERS)))]
    handlers = [handler for logger in (logging.root, *speakers) for handler in logger.handlers]
    # It speaks where nobody has set up any handler.
    handlers += [logging.lastResort] if logging.lastResort is not None else []
    for place in (*speakers, *handlers):
        if not any(isinstance(each, LinkRedactor) for each in place.filters):
            place.addFilter(LinkRedactor())
