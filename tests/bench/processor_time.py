"""The processor time and the memory of a server’s workers, read from Linux’s /proc."""

import os
from pathlib import Path

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def processor_seconds(pid: int) -> float:
    """Seconds of processor time that a process and its children that still run have used. Linux only."""
    return sum(_own_seconds(process) for process in (pid, *_children(pid)))


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _own_seconds(pid: int) -> float:
    # The name of the program, which may hold spaces, stands in brackets before the other fields.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    user, system = int(fields[11]), int(fields[12])
    return (user + system) / _TICKS_A_SECOND


def largest_memory(pid: int) -> float:
    """The most memory, in MB, of any child of a process: its own and its share of the rest. Linux only."""
    return max(_memory(child) for child in _children(pid))


def _memory(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1000
