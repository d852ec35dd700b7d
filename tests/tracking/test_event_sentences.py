"""Events in sentences with people’s names."""

import ast
from collections.abc import Iterator
from pathlib import Path

import surveyapp
from surveyapp.agencies.models import Contact
from surveyapp.foundation.store.db import transaction
from surveyapp.issuing import operations
from surveyapp.issuing.replacement_operations import replace_contact
from surveyapp.issuing.withdrawal_operations import take_back_withdrawal, withdraw_request
from surveyapp.tracking.event_sentences import ACTIONS, event_sentences
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker


def test_every_action_on_a_request_or_a_link_has_words() -> None:
    recorded = {action for path in _sources() for action in _actions(ast.parse(path.read_text("utf-8")))}
    assert recorded == ACTIONS.keys()


def _sources() -> Iterator[Path]:
    return Path(surveyapp.__file__).parent.rglob("*.py")


def _actions(tree: ast.Module) -> Iterator[str]:
    """The names of the actions that a file records about a request or a grant."""
    for act in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        chosen = {
            target.id: node.value
            for node in ast.walk(act)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for call in ast.walk(act):
            if not (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Name)
                and call.func.id in {"record_event", "record_event_once", "record_reading"}
            ):
                continue
            # A reading is of the acting member of staff, and names no actor.
            first = 0 if call.func.id == "record_reading" else 1
            action, about = call.args[first : first + 2]
            if ast.unparse(about).startswith(("f'request ", "f'grant ", "f'return ")):
                written = chosen[action.id] if isinstance(action, ast.Name) else action
                outcomes = [written.body, written.orelse] if isinstance(written, ast.IfExp) else [written]
                yield from (str(ast.literal_eval(outcome)) for outcome in outcomes)


def test_each_sentence_names_who_acted(make: Maker, client: PageClient) -> None:
    agency = make.agency("Northside Police")
    agency.contacts.append(Contact(name="Sam Deputy", email="deputy@police.example", role="deputy"))
    audit = make.audit(cases=1, agencies=[agency])
    grant, audit_request = make.grants(audit)[0], make.requests(audit)[0]
    with transaction():
        operations.note_start(grant, now=MONDAY_MORNING)
        withdraw_request(audit_request, reason="No", actor="Ann Lee", now=MONDAY_MORNING)
        take_back_withdrawal(audit_request, actor="command", now=MONDAY_MORNING)
    lead, deputy = (contact.name for contact in agency.contacts)
    assert [sentence.words for sentence in event_sentences(audit_request, reader="Ann Lee")] == [
        "Someone at the command line asked again for the return",
        "You withdrew the request",
        f"{lead} pressed Start for the first time",
    ]
    with transaction():
        successor = replace_contact(grant, agency.contacts[1], actor="ann", now=MONDAY_MORNING)
        operations.note_start(successor.grant, now=MONDAY_MORNING)
    assert [sentence.words for sentence in event_sentences(audit_request, reader="")] == [
        f"{deputy} pressed Start for the first time",
        f"ann asked {deputy} instead of {lead}",
        "Someone at the command line asked again for the return",
        "Ann Lee withdrew the request",
    ]
    page = client.get(f"/audits/{audit.id}/requests/{audit_request.id}").text
    assert "grant " not in page
    assert "replaced contact" not in page
