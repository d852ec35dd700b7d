"""The figures of each close of returns, in an archive."""

import json
from typing import IO, Any

from surveyapp.collating.then_and_now.frozen_figures import frozen_figures
from surveyapp.exports.snapshot import AuditSnapshot
from surveyapp.foundation.clock import local_timestamp
from surveyapp.planning.models import Audit


def read_figures_at_close(audit: Audit, _reading: AuditSnapshot) -> list[dict[str, Any]] | None:
    """The frozen figures of each close, oldest first; None before the first close."""
    return [
        {
            "closed_at": local_timestamp(close.closed_at),
            "counted_at": local_timestamp(close.counted_at),
            "figures": close.figures,
        }
        for close in reversed(frozen_figures(audit))
    ] or None


def write_figures_at_close(figures: list[dict[str, Any]], output: IO[bytes]) -> None:
    """Write the figures as indented JSON."""
    output.write(json.dumps(figures, ensure_ascii=False, indent=1).encode() + b"\n")
