"""Removes link tokens from log lines and tracebacks (promises 3.5)."""

import logging
import re

# A link token: 50 letters and digits; or what stands in its place in a path, since a mangled link opens too.
_TOKEN = re.compile(r"(?<![a-z0-9])[a-z2-7]{50}(?![a-z0-9])|(?<=/r/)[^\s\"'?]{25,}", re.IGNORECASE)
# A child logger's records pass its own filters and the handlers' filters, but not its parents' filters.
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
    """A filter that replaces link tokens in a record's message and traceback; it drops no record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Replace tokens with "(link)"."""
        line = record.getMessage()
        if _TOKEN.search(line):
            record.msg, record.args = _TOKEN.sub("(link)", line), None
        traceback = record.exc_text or (_format.formatException(record.exc_info) if record.exc_info else "")
        if _TOKEN.search(traceback):
            record.exc_info, record.exc_text = None, _TOKEN.sub("(link)", traceback)
        return True


def redact_links(*loggers: logging.Logger) -> None:
    """Add the filter to these loggers, to ours, to the server’s, and to all their handlers."""
    names = {name for name in logging.root.manager.loggerDict if name.partition(".")[0] in _PARENT_LOGGERS}
    redacted = [*loggers, *map(logging.getLogger, sorted(names.union(_CHILD_LOGGERS, _PARENT_LOGGERS)))]
    handlers = [handler for logger in (logging.root, *redacted) for handler in logger.handlers]
    # Used when no handler is set up.
    handlers += [logging.lastResort] if logging.lastResort is not None else []
    for logger_or_handler in (*redacted, *handlers):
        if not any(isinstance(existing, LinkRedactor) for existing in logger_or_handler.filters):
            logger_or_handler.addFilter(LinkRedactor())
