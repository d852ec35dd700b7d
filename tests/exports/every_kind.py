"""A form with every kind of question, and hostile answers to it."""

from hypothesis import strategies as st

from surveyapp.defining.definition import AuditForm, Question
from surveyapp.defining.question_kinds import GivenAnswer

YES_NO = [
    {"value": "yes", "label": "=Yes"},
    {"value": "no", "label": "No"},
    {"value": "na", "label": "Not applicable", "counts_as": "not_applicable"},
    {"value": "dk", "label": "Don’t know", "counts_as": "dont_know"},
]
FORM = AuditForm.model_validate(
    {
        "form": "every_kind",
        "title": "Every kind",
        "source": "ours",
        "themes": {"first": "Returns", "second": "File/record [management]: a theme with a long, long name"},
        "questions": [
            {
                "id": "seen",
                "number": 1,
                "theme": "second",
                "kind": "choice",
                "ask": "=Was the child seen?",
                "answers": YES_NO,
                "comment": "@Comments",
            },
            {
                "id": "alone",
                "number": 2,
                "theme": "first",
                "kind": "choice",
                "ask": "Alone?",
                "answers": YES_NO,
                "show_if": {"question": "seen", "is": "yes"},
            },
            {
                "id": "needs",
                "number": 3,
                "theme": "first",
                "kind": "choices",
                "ask": "Which needs?",
                "answers": [{"value": "a", "label": "Alcohol"}, {"value": "b", "label": "Housing"}],
                "comment": "More",
            },
            {
                "id": "file",
                "number": 4,
                "theme": "second",
                "kind": "checklist",
                "ask": "The file has",
                "items": [{"id": "plan", "label": "A plan"}, {"id": "map", "label": "+A map"}],
                "none_of_these": "None of these",
                "comment": "Comments",
            },
            {
                "id": "grade",
                "number": 5,
                "theme": "second",
                "kind": "scale",
                "ask": "Grade",
                "answers": [{"value": "1", "label": "1"}, {"value": "2", "label": "2", "hint": "the better"}],
            },
            {"id": "line", "number": 6, "theme": "first", "kind": "text", "ask": "In a line"},
            {"id": "more", "number": 7, "theme": "first", "kind": "long_text", "ask": "In full"},
            {"id": "how_many", "number": 8, "theme": "first", "kind": "number", "ask": "How many?"},
            {"id": "when", "number": 9, "theme": "first", "kind": "date", "ask": "When?"},
            {"id": "who", "number": 10, "theme": "first", "kind": "contact", "ask": "Who?"},
            {
                "id": "police_only",
                "number": 11,
                "theme": "first",
                "kind": "choice",
                "ask": "Logged?",
                "answers": YES_NO,
                "only_for": ["police"],
            },
        ],
    }
)

# Texts that people paste, and texts that spreadsheets and parsers misread.
ODD_TEXTS = (
    '=HYPERLINK("http://x.example","x")',
    "+1",
    "-1",
    "@SUM(A1)",
    "\tx",
    "＝1+1",
    "_x0041_",
    "<r><t>x</t></r>",
    '"><svg/onload=alert(1)>{{7*7}}',
    "two\nlines, and a “comma”",
    "👩‍👧 نص عربي",
    "http://x.example",
    "0123",
    " blanks ",
)
TEXTS = st.sampled_from(ODD_TEXTS) | st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=20
)


def answers_to(question: Question) -> st.SearchStrategy[tuple[GivenAnswer, ...]]:
    """A strategy for the answers of one return to one question, including none."""
    name = question.id
    answers: st.SearchStrategy[tuple[GivenAnswer, ...]]
    if question.kind in {"choice", "scale"}:
        answers = st.sampled_from([(GivenAnswer(name, option=option.value),) for option in question.answers])
    elif question.kind == "choices":
        answers = st.sets(st.sampled_from([option.value for option in question.answers]), min_size=1).map(
            lambda picked: tuple(GivenAnswer(name, option=value) for value in sorted(picked))
        )
    elif question.kind == "checklist":
        answers = st.tuples(*(st.sampled_from(("yes", "no")) for _ in question.items)).map(
            lambda ticks: tuple(
                GivenAnswer(name, item=line.id, option=tick)
                for line, tick in zip(question.items, ticks, strict=True)
            )
        )
    elif question.kind == "number":
        answers = st.integers(-99, 99).map(lambda number: (GivenAnswer(name, text=str(number)),))
    elif question.kind == "date":
        answers = st.dates().map(lambda day: (GivenAnswer(name, text=day.isoformat()),))
    elif question.kind == "contact":
        answers = st.just(
            (GivenAnswer(name, item="name", text="Ann"), GivenAnswer(name, item="email", text="a@b.example"))
        )
    else:
        answers = TEXTS.map(lambda text: (GivenAnswer(name, text=text),))
    if question.comment:
        comment = TEXTS.map(lambda text: (GivenAnswer(name, item="comment", text=text),)) | st.just(())
        answers = st.tuples(answers | st.just(()), comment).map(lambda both: both[0] + both[1])
    return answers | st.just(())


RETURNS = st.tuples(*(answers_to(question) for question in FORM.questions)).map(
    lambda parts: tuple(given for part in parts for given in part)
)
