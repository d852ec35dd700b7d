from pathlib import Path

import surveyapp

STYLESHEET = Path(surveyapp.__file__).parent / "static" / "survey" / "survey.css"


def test_every_rule_of_the_stylesheet_is_closed_before_the_next() -> None:
    depth = 0
    for number, line in enumerate(STYLESHEET.read_text(encoding="utf-8").splitlines(), 1):
        if line and not line.startswith((" ", "}", "/*")) and line.endswith("{"):
            assert depth == 0, f"Line {number} begins a rule inside another: close the one before it."
        depth += line.count("{") - line.count("}")
    assert depth == 0, "A rule is not closed."
