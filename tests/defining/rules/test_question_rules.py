"""Rules of form files that the small bad files do not show."""

from surveyapp.defining.answer_form import AnswerForm
from surveyapp.defining.form_checks import check_form
from surveyapp.defining.rules.cross_question_rules import CROSS_QUESTION_RULES
from surveyapp.defining.rules.question_rules import QUESTION_RULES, RESERVED_IDS
from surveyapp.defining.rules.warnings import WARNINGS
from tests.defining.forms_at_hand import TESTS, small


def test_no_question_can_have_the_name_of_something_the_web_form_needs() -> None:
    public = {name for name in dir(AnswerForm()) if not name.startswith("_") and name.islower()}
    assert public <= RESERVED_IDS


def test_a_question_id_that_names_a_check_is_refused() -> None:
    text = small("{id: validate_seen, number: 1, theme: one, kind: text, ask: Seen}")
    assert [mistake.message for mistake in check_form(text, "small.yaml")[0]] == [
        '"validate_seen" is a name the page needs itself; choose another id'
    ]


def test_one_mistake_causes_no_others_in_questions_that_depend_on_it() -> None:
    why = "kind: text, ask: Why, show_if: {question: seen, is: no}, same_as: seen"
    text = small("{id: seen, number: 1, theme: one, kind: choice, ask: Seen, answers: [{value: yes}]}")
    text += f"  - {{id: why, number: 2, theme: one, {why}}}\n"
    assert [mistake.message for mistake in check_form(text, "small.yaml")[0]] == ['"label" is missing']


def test_a_list_with_a_mistake_is_not_reported_as_missing() -> None:
    rest = "kind: choice, ask: Seen, answers: yn, comment: C, comment_when: [x]"
    text = small(f"{{id: seen, number: 1, theme: one, {rest}}}")
    found, _ = check_form("answers: {yn: [{value: yes}]}\n" + text, "small.yaml")
    assert [mistake.message for mistake in found] == ['"label" is missing']


def test_every_rule_has_a_file_that_breaks_it() -> None:
    messages = [path.read_text(encoding="utf-8") for path in (TESTS / "bad").glob("*.expected")]
    assert len(messages) > 3 * len(QUESTION_RULES + CROSS_QUESTION_RULES)
    assert len(list((TESTS / "warned").glob("*.expected"))) >= len(WARNINGS)
