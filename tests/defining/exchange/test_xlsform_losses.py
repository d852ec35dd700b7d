"""Every column and every kind of question of the XLSForm reference is taken or named, with its place."""

import pytest

from surveyapp.defining.exchange.opened_form import open_form
from surveyapp.defining.exchange.taken_form import UnreadableForm
from tests.defining.exchange.xlsforms import taken, xlsform

LIST = [("list", "yes", "Yes"), ("list", "no", "No")]


@pytest.mark.parametrize(
    ("column", "text", "words"),
    [
        ("guidance_hint", "Ask gently", "the guidance for whoever asks"),
        ("default", "x", "the answer filled in beforehand"),
        ("appearance", "numbers", "how a tool draws it"),
        ("body::accuracyThreshold", "5", "a column that our forms do not have"),
        ("required_message", "Say it", "the message to whoever leaves it out"),
        ("bind::jr:requiredMsg", "Say it", "the message to whoever leaves it out"),
        ("constraint", "regex(., 'a')", "the limit of its answers"),
        ("constraint_message", "Shorter", "the message about its limit"),
        ("calculation", "1 + 1", "its calculation"),
        ("parameters", "rows=5", "its parameters"),
        ("readonly", "yes", "that it is only shown"),
        ("trigger", "${first}", "what sets it off"),
        ("image", "a.png", "its picture"),
        ("media::image", "a.png", "its picture"),
        ("media::big-image", "a.png", "its larger picture"),
        ("media::audio", "a.mp3", "its sound"),
        ("video", "a.mp4", "its film"),
        ("autoplay", "audio", "that its sound or film starts by itself"),
        ("tags", "health", "a column that our forms do not have"),
        ("label::Welsh (cy)", "Pam?", "the text in Welsh (cy)"),
        ("bind::oc:itemgroup", "g", "a column that our forms do not have"),
        ("instance::odk:length", "5", "a column that our forms do not have"),
        ("my own notes", "remember", "a column that our forms do not have"),
    ],
)
def test_a_column_that_is_not_taken_is_named_with_its_row(column: str, text: str, words: str) -> None:
    form = taken(
        [
            {"type": "text", "name": "first", "label": "First?"},
            {"type": "text", "name": "why", "label": "Why?", column: text},
        ]
    )
    shown = "" if "Welsh" in column else f": {text}"
    assert form.losses[1:] == (f"Sheet survey, row 3, {column}: {words} is not taken{shown}",)


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("hint", "Think back"),
        ("required", "yes"),
        ("required", "no"),
        ("relevance", "${first} = 'yes'"),
        ("bind::relevant", "${first} = 'yes'"),
        ("appearance", "multiline"),
    ],
)
def test_a_column_that_is_taken_is_not_named(column: str, text: str) -> None:
    form = taken(
        [
            {"type": "select_one list", "name": "first", "label": "First?"},
            {"type": "text", "name": "why", "label": "Why?", column: text},
        ],
        LIST,
    )
    assert len(form.losses) == 1


@pytest.mark.parametrize(
    "kind",
    [
        "decimal", "geopoint", "geotrace", "geoshape", "image", "audio", "video", "file", "barcode", "time",
        "dateTime", "acknowledge", "hidden", "rank list", "note", "calculate", "start", "end", "today",
        "deviceid", "username", "phonenumber", "email", "xml-external", "start-geopoint", "background-audio",
        "audit",
    ],
)  # fmt: skip
def test_a_kind_of_question_that_our_forms_lack_is_named_with_its_row(kind: str) -> None:
    row = {"type": kind, "name": "audit" if kind == "audit" else "odd", "label": "What?"}
    if kind == "calculate":
        row["calculation"] = "1 + 1"
    form = taken([row, {"type": "text", "name": "why", "label": "Why?"}], LIST)
    assert [question.id for question in form.draft.questions] == ["why"]
    assert any(loss.startswith("Sheet survey, row 2: ") and "not taken" in loss for loss in form.losses), (
        form.losses
    )


def test_answers_of_a_file_and_an_answer_of_ones_own_are_said() -> None:
    form = taken(
        [
            {"type": "select_one_from_file streets.csv", "name": "street", "label": "Where?"},
            {"type": "select_one list or_other", "name": "seen", "label": "Seen?"},
        ],
        LIST,
    )
    assert (
        "Sheet survey, row 2, type: its answers come from elsewhere and are not taken: "
        "select_one_from_file streets.csv" in form.losses
    )
    assert [question.id for question in form.draft.questions] == ["street", "seen", "seen_other"]


def test_what_the_sheets_of_choices_and_settings_say_besides_is_named() -> None:
    content = xlsform(
        survey=[
            {
                "type": "select_one town",
                "name": "town",
                "label": "Town?",
                "choice_filter": "county = 'x'",
                "parameters": "randomize=true",
            }
        ],
        choices=[
            {"list_name": "town", "name": "a", "label": "<b>A</b>", "county": "x", "media::image": "a.png"},
            {"list_name": "town", "name": "B-1", "label": "B", "county": "x"},
            {"list_name": "unused", "name": "c", "label": "C", "county": "y"},
        ],
        settings=[
            {
                "form_title": "Visits",
                "style": "pages",
                "instance_name": "${town}",
                "allow_choice_duplicates": "no",
            }
        ],
        notes=[{"remark": "Ask Jo"}],
    )
    assert open_form(content).losses[1:] == (
        "The sheet “notes” is not taken.",
        "Sheet survey, row 2, choice_filter: which answers are offered when is not taken: county = 'x'",
        "Sheet survey, row 2, parameters: its parameters is not taken: randomize=true",
        "Sheet choices, row 2, label: bold type, colours and links among the words are not taken",
        "Sheet choices, rows 2 and 3, county: a column that our forms do not have is not taken: x",
        "Sheet choices, row 2, media::image: its picture is not taken: a.png",
        "Sheet choices, row 3, name: its name in figures becomes b_1: B-1",
        "Sheet choices, row 4: no question that is taken uses the list “unused”",
        "Sheet settings, row 2, style: how tools lay the form out is not taken: pages",
        "Sheet settings, row 2, instance_name: how each filled-in form is named is not taken: ${town}",
        "Sheet settings, row 2, allow_choice_duplicates: that two answers may have one name is not taken: no",
    )


def test_groups_that_our_headings_cannot_say_are_named() -> None:
    form = taken(
        [
            {"type": "begin_group", "name": "outer", "label": "Outer", "appearance": "field-list"},
            {"type": "begin_group", "name": "inner", "label": "Inner", "relevant": "count(x) > 1"},
            {"type": "text", "name": "one", "label": "One?"},
            {"type": "end_group"},
            {"type": "text", "name": "two", "label": "Two?"},
            {"type": "end_group"},
            {"type": "text", "name": "three", "label": "Three?"},
            {"type": "begin_group", "name": "empty", "label": "Empty"},
            {"type": "note", "name": "hello", "label": "Hello"},
            {"type": "end_group"},
            {"type": "text", "name": "four", "label": "Four?", "disabled": "yes"},
            {"my notes": "A remark"},
        ]
    )
    assert [(question.id, question.section) for question in form.draft.questions] == [
        ("one", "Inner"),
        ("two", None),
        ("three", None),
    ]
    said = " ".join(form.losses)
    for words in (
        "row 2, name: the name of a group is not taken, only its words: outer",
        "row 2, appearance: how a tool draws it is not taken: field-list",
        "row 3: the heading “Outer” above it has no question of its own, so it goes",
        "row 4: it is asked always, since the condition of its group is not taken: count(x) > 1",
        "row 6: from here on questions stand under “Inner”, as in no group of the file",
        "row 9: the heading “Empty” has no question that is taken, so it goes",
        "row 12: “Four?” is switched off in the file; it is not taken",
        "row 13: this is no question, so it is not taken: A remark",
    ):
        assert words in said, form.losses


def test_an_answer_filled_in_among_words_and_long_words_are_said() -> None:
    form = taken(
        [
            {"type": "text", "name": "who", "label": "Who?"},
            {"type": "text", "name": "why", "label": "Why did ${who} come?", "hint": "x" * 2_100},
        ]
    )
    assert form.draft.questions[1].ask == "Why did ${who} come?"
    assert form.losses[1:] == (
        "Sheet survey, row 3, label: the answer that a tool fills in stays as it is written: ${who}",
        "Sheet survey, row 3, hint: only the first 2,000 characters are taken",
    )


def test_ranges_that_are_no_scale_of_ours_are_said() -> None:
    form = taken(
        [
            {
                "type": "range",
                "name": "a",
                "label": "A?",
                "parameters": "start=0 end=10 step=1 tick_interval=5",
            },
            {"type": "range", "name": "b", "label": "B?", "parameters": "start=0 end=10 step=5"},
            {"type": "range", "name": "c", "label": "C?", "parameters": "start=0.5 end=1 step=0.1"},
        ]
    )
    assert [question.kind for question in form.draft.questions] == ["scale", "number"]
    assert len(form.losses[1:]) == 4, form.losses


def test_a_formula_in_an_xlsform_is_a_mistake_with_its_place() -> None:
    with pytest.raises(UnreadableForm, match=r"survey row 2, label: a formula stands here"):
        taken([{"type": "text", "name": "why", "label": "=A1"}])
