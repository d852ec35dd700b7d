"""A later step uses an earlier one’s rules and rows, never its pages, forms or emails."""

import ast
from pathlib import Path

import surveyapp

HERE = Path(surveyapp.__file__).parent
# extension.py registers what each step has; nothing else reaches into another step's own files.
MAY = {"extension.py"}
OWN = {"views", "forms", "emails"}


def reached() -> list[str]:
    """Each import of another step's views, forms or emails, as a sentence."""
    found = []
    for file in sorted(HERE.rglob("*.py")):
        where = file.relative_to(HERE)
        if str(where) in MAY:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            root, _, rest = module.partition(".")
            step, _, name = rest.partition(".")
            names = {name} if name else {each.name for each in getattr(node, "names", ())}
            if root == "surveyapp" and step != where.parts[0] and names & OWN:
                found.append(
                    f"{where} takes {module}: use a link, a signal, or the step’s queries and operations."
                )
    return found


def test_no_step_reaches_into_the_pages_forms_or_emails_of_another() -> None:
    assert reached() == []
