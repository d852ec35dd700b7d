"""Every kind of event that the source records has words, in one group of the log; no words are left over."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from sqlalchemy import select

import surveyapp
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import Event
from surveyapp.log.event_kinds import EVENT_GROUPS, EVENT_WORDS
from tests.conftest import MONDAY_MORNING
from tests.shared_app import in_app_context

# The functions that record an event, with the place of the action among their arguments.
RECORDERS = {"record_event": 1, "record_event_once": 1, "record_reading": 0, "_record": 0}
# These record an action that they are given.
PASS_IT_ON = {
    "foundation/store/event_log.py",
    "foundation/web/access.py",
    "log/views.py",
    "foundation/mail/outcomes.py",
}


def recorded() -> Iterator[tuple[str, str]]:
    """Each file of the source that records events, and the name of each action that it records."""
    package = Path(surveyapp.__file__).parent
    for path in sorted(package.rglob("*.py")):
        file, tree = path.relative_to(package).as_posix(), ast.parse(path.read_text("utf-8"))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            name = getattr(call.func, "id", "")
            if name in RECORDERS:
                for action in actions(call.args[RECORDERS[name]], tree, file):
                    yield file, action
            elif name == "record_events":
                for written in tuples(call.args[1], tree):
                    yield from ((file, action) for action in actions(written, tree, file))
            for keyword in call.keywords:
                if name == "_record_outcome" and keyword.arg == "action":
                    yield file, str(ast.literal_eval(keyword.value))


def actions(written: ast.expr, tree: ast.Module, file: str) -> Iterator[str]:
    """The actions for which an argument may stand."""
    if isinstance(written, ast.Constant):
        yield str(written.value)
    elif isinstance(written, ast.IfExp):
        yield from actions(written.body, tree, file)
        yield from actions(written.orelse, tree, file)
    elif isinstance(written, ast.JoinedStr):
        assert ast.unparse(written) == "f'approved_{subject}'", f"{file}: say here what it stands for."
        yield from (f"approved_{subject}" for subject in ("theme", "sample"))
    else:
        values = list(assigned(ast.unparse(written), tree))
        assert values or file in PASS_IT_ON, f"{file}: what does {ast.unparse(written)} stand for?"
        for value in values:
            yield from actions(value, tree, file)


def assigned(name: str, tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == [name]:
            yield node.value


def tuples(written: ast.expr, tree: ast.Module) -> Iterator[ast.expr]:
    """The first part of each tuple in a list of acts."""
    if isinstance(written, ast.Name):
        written = next(assigned(written.id, tree))
    assert isinstance(written, ast.ListComp)
    assert isinstance(written.elt, ast.Tuple)
    yield written.elt.elts[0]


def test_every_kind_of_event_has_words_and_no_words_are_left_over() -> None:
    kinds = {action for _file, action in recorded()}
    missing, left_over = sorted(kinds - EVENT_WORDS.keys()), sorted(EVENT_WORDS.keys() - kinds)
    assert not missing, f"Give {missing} words, in a group of surveyapp/log/event_kinds.py."
    assert not left_over, f"Nothing records {left_over} any more: keep the words only if the log holds some."


def test_every_kind_is_in_one_group() -> None:
    times = Counter(action for group in EVENT_GROUPS.values() for action in group.kinds)
    assert [action for action, count in times.items() if count > 1] == []
    assert not times.keys() & EVENT_GROUPS.keys()


def test_words_follow_a_name_and_name_no_row() -> None:
    for words in EVENT_WORDS.values():
        assert words[0].islower()
        assert not words.endswith(".")
        assert not any(letter.isdigit() for letter in words)


def test_the_demonstration_records_nothing_without_words(demonstration: Flask) -> None:
    with in_app_context(demonstration, now=MONDAY_MORNING):
        assert set(session.scalars(select(Event.action).distinct())) <= EVENT_WORDS.keys()
