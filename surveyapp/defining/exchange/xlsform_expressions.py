"""What our forms can say of the expressions of an XLSForm: conditions on one question, limits of answers."""

import re
from dataclasses import dataclass
from typing import Any

from surveyapp.defining.question_parts import TODAY

_CHOSEN = re.compile(
    r"selected\(\s*\$\{([^}]+)\}\s*,\s*['\"]([^'\"]*)['\"]\s*\)|\$\{([^}]+)\}\s*=\s*['\"]?([\w.-]+)['\"]?"
)
_NOT_CHOSEN = re.compile(r"\$\{([^}]+)\}\s*!=\s*['\"]['\"]\s+and\s+not\(\s*(.+)\s*\)")
_BOUND = re.compile(r"\.\s*(>=|<=|>|<)\s*(-?[0-9]{1,9}|today\(\)|date\('([0-9-]{10})'\))")
_NONE_ALONE = re.compile(r"not\(\s*selected\(\., 'none_of_these'\) and count-selected\(\.\) > 1\)")


@dataclass(frozen=True)
class Condition:
    """A condition on the answer to one question; with `is_not`, it is answered and the choice is another."""

    question: str
    choices: tuple[str, ...]
    is_not: bool = False


def condition_in(expression: str) -> Condition | None:
    """What an expression says, if it names choices of one question; None if it says anything else."""
    negative = _NOT_CHOSEN.fullmatch(expression.strip())
    if negative:
        inner = condition_in(negative[2])
        is_whole = inner is not None and inner.question == negative[1] and len(inner.choices) == 1
        return Condition(negative[1], inner.choices, is_not=True) if inner and is_whole else None
    parts = [_CHOSEN.fullmatch(part.strip()) for part in re.split(r"\s+or\s+", expression.strip())]
    pairs = [(part[1] or part[3], part[2] if part[1] else part[4]) for part in parts if part]
    gates = {gate for gate, _ in pairs}
    if len(pairs) != len(parts) or len(gates) != 1:
        return None
    return Condition(gates.pop(), tuple(choice for _, choice in pairs))


def says_none_alone(constraint: str) -> bool:
    """Whether a limit says only that “None of these” is ticked without any other."""
    return _NONE_ALONE.fullmatch(constraint) is not None


def bounds_in(constraint: str, kind: str) -> dict[str, Any]:
    """The limits of a number or a date; empty if the constraint says anything else."""
    parts = [_BOUND.fullmatch(part.strip()) for part in re.split(r"\s+and\s+", constraint.strip())]
    bounds: dict[str, Any] = {}
    for part in parts:
        if part is None:
            return {}
        is_low, is_strict = part[1].startswith(">"), len(part[1]) == 1
        is_number = re.fullmatch(r"-?[0-9]+", part[2]) is not None
        if kind == "number" and is_number:
            number = int(part[2]) + (0 if not is_strict else 1 if is_low else -1)
            bounds["lowest" if is_low else "highest"] = number
        elif kind == "date" and not is_number and not is_strict:
            bounds["earliest" if is_low else "latest"] = part[3] or TODAY
        else:
            return {}
    return bounds
