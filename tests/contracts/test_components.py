"""Each macro of components.html writes the same elements as GOV.UK's own macro."""

import json
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from jinja2 import Environment, FileSystemLoader, PackageLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FileField,
    Form,
    FormField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # types of 3.2
from wtforms.validators import InputRequired

from surveyapp.foundation.web.table_heads import with_heads

TEMPLATES = Path(__file__).parents[2] / "surveyapp/templates"
OURS = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=False,
)
OURS.globals["survey_csrf_field"] = lambda: Markup('<input type="hidden" name="csrf_token" value="abc">')
OURS.filters["survey_with_heads"] = with_heads
THEIRS = Environment(
    loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}), autoescape=True
)

# Our own attributes, which are ignored in the comparison.
_OWN = frozenset(("data-typed", "data-show-if", "data-head"))

CHOICES = [("yes", "Yes"), ("no", "No"), ("none", "None of these")]
OPTIONS = [SelectChoice(value, words) for value, words in CHOICES]
REQUIRED = [InputRequired("Say what you’ve found")]


class Asked(Form):
    """A form with one field of each kind."""

    name = StringField("Your agency’s name", REQUIRED)
    secret = PasswordField("Password", REQUIRED)
    comments = TextAreaField("Comments", REQUIRED)
    answer = RadioField("Is there a chronology?", REQUIRED, choices=OPTIONS)
    found = SelectMultipleField("What does the file hold?", REQUIRED, choices=OPTIONS)
    agency = SelectField("Agency", REQUIRED, choices=OPTIONS)
    due = DateField("Return by", REQUIRED, format="%d %m %Y")
    agreed = BooleanField("I have read it", REQUIRED)
    workbook = FileField("Workbook", REQUIRED)


FILLED = {
    "name": '<b>St Mary\'s & "Co"</b>',
    "comments": "\nFirst line\nsecond < line",
    "answer": "no",
    "found": ["yes", "none"],
    "agency": "no",
    "due": date(2026, 12, 9),
    "agreed": True,
}


def asked(state: str) -> Asked:
    """The form empty, filled, or with every field refused, by `state`."""
    if state != "refused":
        return Asked(data=FILLED if state == "filled" else {})
    form = Asked(MultiDict())
    assert not form.validate()
    return form


def ours(source: str, **words: Any) -> str:
    """Render a template that calls our macros as `ui`."""
    page = '{% import "survey/components.html" as ui %}' + source
    return OURS.from_string(page).render(**words)


def theirs(component: str, params: dict[str, Any], inside: str | None = None) -> str:
    """Render a component by GOV.UK's macro."""
    words = component.replace("-", " ").title().replace(" ", "")
    call = f"govuk{words}(params)"
    body = f"{{{{ {call} }}}}" if inside is None else f"{{% call {call} %}}{inside}{{% endcall %}}"
    page = f'{{% from "govuk_frontend_jinja/components/{component}/macro.html" import govuk{words} %}}{body}'
    return THEIRS.from_string(page).render(params=params)


def tree(html: str) -> list[Any]:
    """Parse markup strictly into a tree like a browser's, without insignificant spaces."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False, strict=True)
    return _inside(parser.parseFragment(html))


def _inside(element: Element) -> list[Any]:
    found: list[Any] = [*_words(element.text, element.tag)]
    for child in element:
        held = {
            name: " ".join(sorted(value.split())) if name == "class" else value
            for name, value in child.attrib.items()
            if name not in _OWN
        }
        found.append((str(child.tag), tuple(sorted(held.items())), tuple(_inside(child))))
        found.extend(_words(child.tail, element.tag))
    return found


def _words(text: str | None, tag: str) -> list[str]:
    if tag == "textarea":
        return [text] if text else []
    return [" ".join(text.split())] if text and text.strip() else []


def assert_same(mine: str, govuk: str) -> None:
    """Compare two pieces of markup; AssertionError with both trees if they differ."""
    left, right = tree(mine), tree(govuk)
    assert left == right, f"{json.dumps(left, indent=1)}\n--- GOV.UK ---\n{json.dumps(right, indent=1)}"


STATES = pytest.mark.parametrize("state", ["empty", "filled", "refused"])
HINTS = pytest.mark.parametrize("hint", [None, "As it’s on the list"])


def about(field: Any, hint: str | None, *, legend: bool = False) -> dict[str, Any]:
    """The parameters of GOV.UK's macro that every field has."""
    words = {"text": field.label.text}
    params: dict[str, Any] = {"id": field.id, "idPrefix": field.id, "name": field.name}
    params |= {"fieldset": {"legend": words}} if legend else {"label": words}
    if hint:
        params["hint"] = {"text": hint}
    if field.errors:
        params["errorMessage"] = {"text": field.errors[0]}
    return params


@STATES
@HINTS
def test_a_text_field_matches_govuk(state: str, hint: str | None) -> None:
    field = asked(state).name
    params = about(field, hint) | {"value": field.data or None, "classes": "govuk-input--width-20"}
    assert_same(
        ours("{{ ui.text_input(field, hint=hint, width=20) }}", field=field, hint=hint),
        theirs("input", params),
    )


def test_a_text_field_with_every_option_matches_govuk() -> None:
    field = asked("empty").name
    params = about(field, None) | {
        "label": {"text": "Age", "classes": "govuk-label--l", "isPageHeading": True},
        "inputmode": "numeric",
        "autocomplete": "off",
        "spellcheck": False,
        "prefix": {"text": "about"},
        "suffix": {"text": "years"},
        "classes": "govuk-!-width-one-half",
    }
    call = (
        '{{ ui.text_input(field, width="one-half", label="Age", size="l", heading=True, inputmode="numeric",'
        ' autocomplete="off", spellcheck=False, prefix="about", suffix="years") }}'
    )
    assert_same(ours(call, field=field), theirs("input", params))


def test_a_password_is_never_shown_again() -> None:
    form = Asked(MultiDict({"secret": "correct horse"}))
    assert "horse" not in ours('{{ ui.text_input(field, type="password") }}', field=form.secret)


@STATES
@HINTS
def test_a_textarea_matches_govuk(state: str, hint: str | None) -> None:
    field = asked(state).comments
    params = about(field, hint) | {"value": field.data or "", "rows": 8}
    params["value"] = "\n" + params["value"]  # a browser omits the first line break of a textarea
    call = "{{ ui.textarea(field, hint=hint, rows=8) }}"
    assert_same(ours(call, field=field, hint=hint), theirs("textarea", params))


@STATES
@HINTS
def test_a_textarea_with_a_character_count_matches_govuk(state: str, hint: str | None) -> None:
    field = asked(state).comments
    params = about(field, hint) | {"value": "\n" + (field.data or ""), "maxlength": 200, "threshold": 75}
    call = "{{ ui.textarea(field, hint=hint, limit=200) }}"
    assert_same(ours(call, field=field, hint=hint), theirs("character-count", params))


@STATES
@HINTS
def test_radios_match_govuk(state: str, hint: str | None) -> None:
    field = asked(state).answer
    params = about(field, hint, legend=True) | {
        "items": [{"value": value, "text": words} for value, words in CHOICES],
        "value": field.data,
    }
    assert_same(ours("{{ ui.radios(field, hint=hint) }}", field=field, hint=hint), theirs("radios", params))


@STATES
@HINTS
def test_a_select_matches_govuk(state: str, hint: str | None) -> None:
    field = asked(state).agency
    params = about(field, hint) | {
        "items": [{"value": value, "text": words} for value, words in CHOICES],
        "value": field.data,
    }
    assert_same(
        ours("{{ ui.select(field, hint=hint, typed=True) }}", field=field, hint=hint),
        theirs("select", params),
    )


def test_radios_with_every_option_match_govuk() -> None:
    field = asked("filled").answer
    params = about(field, None) | {
        "fieldset": {
            "legend": {"text": "Ours", "classes": "govuk-fieldset__legend--m", "isPageHeading": True},
        },
        "classes": "govuk-radios--inline govuk-radios--small",
        "items": [
            {"value": "yes", "text": "Yes", "hint": {"text": "All of it"}},
            {"value": "no", "text": "No"},
            {"divider": "or"},
            {"value": "none", "text": "None of these"},
        ],
        "value": "no",
    }
    call = (
        '{{ ui.radios(field, label="Ours", size="m", heading=True, inline=True, small=True,'
        ' hints={"yes": "All of it"}, before_last="or") }}'
    )
    assert_same(ours(call, field=field), theirs("radios", params))


@STATES
@HINTS
def test_checkboxes_match_govuk(state: str, hint: str | None) -> None:
    field = asked(state).found
    params = about(field, hint, legend=True) | {
        "items": [
            {"value": "yes", "text": "Yes", "hint": {"text": "All of it"}},
            {"value": "no", "text": "No"},
            {"divider": "or"},
            {"value": "none", "text": "None of these", "behaviour": "exclusive"},
        ],
        "values": field.data or [],
        "classes": "govuk-checkboxes--small",
    }
    call = '{{ ui.checkboxes(field, hint=hint, small=True, exclusive="none", hints={"yes": "All of it"}) }}'
    assert_same(ours(call, field=field, hint=hint), theirs("checkboxes", params))


@STATES
def test_a_single_checkbox_matches_govuk(state: str) -> None:
    field = asked(state).agreed
    params = about(field, None) | {
        "items": [{"value": "y", "text": field.label.text, "checked": bool(field.data)}],
    }
    # GOV.UK puts the message before the box, and a single box has no fieldset.
    assert_same(ours("{{ ui.checkbox(field) }}", field=field), theirs("checkboxes", params))


@STATES
@HINTS
def test_a_date_field_matches_govuk(state: str, hint: str | None) -> None:
    field = asked(state).due
    parts = [("day", 2), ("month", 2), ("year", 4)]
    params = about(field, hint, legend=True) | {
        "items": [
            {
                "name": "due",
                "label": part.capitalize(),
                "id": "due" if part == "day" else f"due-{part}",
                "value": str(getattr(field.data, part)) if field.data else None,
                "classes": f"govuk-input--width-{width}" + (" govuk-input--error" if field.errors else ""),
            }
            for part, width in parts
        ]
    }
    mine = ours("{{ ui.date_input(field, hint=hint) }}", field=field, hint=hint)
    # The group has another id, since the error summary links to the field of the day by its id.
    assert_same(mine.replace('id="due-date"', 'id="due"'), theirs("date-input", params))


def test_an_invalid_date_comes_back_as_typed() -> None:
    form = Asked(MultiDict([("due", "31"), ("due", "Feb <b>"), ("due", "")]))
    assert not form.due.validate(form)
    written = ours("{{ ui.date_input(field) }}", field=form.due)
    assert 'value="31"' in written
    assert 'value="Feb &lt;b&gt;"' in written


@pytest.mark.parametrize("kept", ["2026-12-09", "9 12 2026"])
def test_a_day_kept_as_text_is_shown_in_its_three_boxes(kept: str) -> None:
    written = ours("{{ ui.date_input(field) }}", field=Asked(data={"name": kept}).name)
    day = "09" if "-" in kept else "9"
    assert [f'value="{part}"' in written for part in (day, "12", "2026")] == [True, True, True]


@STATES
def test_a_file_field_matches_govuk(state: str) -> None:
    field = asked(state).workbook
    params = about(field, "A workbook") | {"attributes": {"accept": ".xlsx"}}
    mine = ours('{{ ui.file_input(field, hint="A workbook", accept=".xlsx") }}', field=field)
    assert_same(mine, theirs("file-upload", params))


def test_an_error_summary_of_a_form_leads_to_each_field() -> None:
    form = asked("refused")
    params = {
        "titleText": "There is a problem",
        "errorList": [{"text": field.errors[0], "href": f"#{field.id}"} for field in form if field.errors],
    }
    assert len(params["errorList"]) == 9
    assert_same(ours("{{ ui.error_summary(form) }}", form=form), theirs("error-summary", params))


def test_an_error_summary_of_sentences_matches_govuk() -> None:
    params = {
        "titleText": "There is a problem",
        "errorList": [{"text": "Answer question 2", "href": "#supervision"}, {"text": "The file is empty"}],
    }
    call = '{{ ui.error_summary([("Answer question 2", "#supervision")], more=["The file is empty"]) }}'
    assert_same(ours(call), theirs("error-summary", params))


@pytest.mark.parametrize("nothing", ["form", "[]"])
def test_an_error_summary_without_errors_is_empty(nothing: str) -> None:
    assert ours(f"{{{{ ui.error_summary({nothing}) }}}}", form=asked("empty")).strip() == ""


class Person(Form):
    """A contact within an agency."""

    email = StringField("Email", REQUIRED)


class Agency(Form):
    """An agency with a list of contacts."""

    lead = FormField(Person)
    others = FieldList(FormField(Person), min_entries=2)
    codes = FieldList(StringField("Code", REQUIRED), min_entries=1)


def test_an_error_summary_includes_fields_within_fields() -> None:
    form = Agency(MultiDict({"others-0-email": "a@agency.example"}))
    assert not form.validate()
    written = ours("{{ ui.error_summary(form) }}", form=form)
    assert written.count("<li>") == 3
    assert all(f'href="#{place}"' in written for place in ("lead-email", "others-1-email", "codes-0"))


def test_an_error_of_the_whole_form_has_no_link() -> None:
    form = asked("empty")
    form.form_errors.append("Nothing was ticked")
    assert "<li>Nothing was ticked</li>" in ours("{{ ui.error_summary(form) }}", form=form)


@pytest.mark.parametrize(
    ("call", "component", "params"),
    [
        ('ui.button("Save")', "button", {"text": "Save"}),
        ('ui.button("Go", href="/a")', "button", {"text": "Go", "href": "/a"}),
        (
            'ui.button("Start", href="/a", kind="start")',
            "button",
            {"text": "Start", "href": "/a", "isStartButton": True},
        ),
        (
            'ui.button("Close", kind="warning", name="do", value="close", once=True, id="close")',
            "button",
            {
                "text": "Close",
                "classes": "govuk-button--warning",
                "name": "do",
                "value": "close",
                "preventDoubleClick": True,
                "id": "close",
            },
        ),
        ('ui.back_link("/a")', "back-link", {"href": "/a"}),
        ("ui.skip_link()", "skip-link", {"href": "#main-content", "text": "Skip to main content"}),
        ('ui.inset("It’s late")', "inset-text", {"text": "It’s late"}),
        ('ui.warning("It’s late")', "warning-text", {"text": "It’s late"}),
        (
            'ui.panel("Returned", "Reference 7K4")',
            "panel",
            {"titleText": "Returned", "text": "Reference 7K4"},
        ),
        ('ui.panel("Returned")', "panel", {"titleText": "Returned"}),
        ('ui.tag("Late")', "tag", {"text": "Late"}),
        ('ui.tag("Late", "red")', "tag", {"text": "Late", "classes": "govuk-tag--red"}),
        ('ui.notification(text="It’s late")', "notification-banner", {"text": "It’s late"}),
        (
            'ui.notification("Done", "Saved", kind="success", id="said")',
            "notification-banner",
            {"titleText": "Done", "text": "Saved", "type": "success", "titleId": "said"},
        ),
    ],
)
def test_buttons_tags_and_messages_match_govuk(call: str, component: str, params: dict[str, Any]) -> None:
    assert_same(ours(f"{{{{ {call} }}}}"), theirs(component, params))


@pytest.mark.parametrize(
    ("call", "component", "params"),
    [
        ('ui.details("Why?")', "details", {"summaryText": "Why?"}),
        ('ui.details("Why?", open=True)', "details", {"summaryText": "Why?", "open": True}),
        ("ui.inset()", "inset-text", {}),
        ('ui.panel("Returned")', "panel", {"titleText": "Returned"}),
        ("ui.notification()", "notification-banner", {}),
        (
            'ui.fieldset("Lead", size="l", heading=True, describedby="why")',
            "fieldset",
            {
                "legend": {"text": "Lead", "classes": "govuk-fieldset__legend--l", "isPageHeading": True},
                "describedBy": "why",
            },
        ),
    ],
)
def test_macros_that_enclose_a_block_match_govuk(call: str, component: str, params: dict[str, Any]) -> None:
    inside = "<p>Words &amp; more</p>"
    assert_same(ours(f"{{% call {call} %}}{inside}{{% endcall %}}"), theirs(component, params, inside))


def test_a_summary_list_matches_govuk() -> None:
    rows = [
        ("What’s there", "A chronology", "/c", "answer 1"),
        ("Comments", ""),
        ("Who", ["One", "<b>Two</b>"]),
    ]
    params = {
        "rows": [
            {
                "key": {"text": "What’s there"},
                "value": {"text": "A chronology"},
                "actions": {"items": [{"href": "/c", "text": "Change", "visuallyHiddenText": "answer 1"}]},
            },
            {"key": {"text": "Comments"}, "value": {"text": "Not given"}},
            {"key": {"text": "Who"}, "value": {"html": "One<br>&lt;b&gt;Two&lt;/b&gt;"}},
        ]
    }
    assert_same(ours("{{ ui.summary_list(rows) }}", rows=rows), theirs("summary-list", params))
    assert_same(
        ours("{{ ui.summary_list(rows, borders=False) }}", rows=rows[1:2]),
        theirs("summary-list", {"rows": params["rows"][1:2], "classes": "govuk-summary-list--no-border"}),
    )


def test_a_task_list_matches_govuk() -> None:
    rows = [
        {"text": "Child 3", "href": "/3", "hint": "9 of 14 answered", "status": "Started", "colour": "blue"},
        {"text": "Child 7", "href": "/7", "status": "Not started"},
        {"text": "Child 9", "status": "Returned"},
    ]
    params = {
        "idPrefix": "mine",
        "items": [
            {
                "title": {"text": "Child 3"},
                "href": "/3",
                "hint": {"text": "9 of 14 answered"},
                "status": {"tag": {"text": "Started", "classes": "govuk-tag--blue"}},
            },
            {"title": {"text": "Child 7"}, "href": "/7", "status": {"text": "Not started"}},
            {"title": {"text": "Child 9"}, "status": {"text": "Returned"}},
        ],
    }
    assert_same(ours('{{ ui.task_list(rows, name="mine") }}', rows=rows), theirs("task-list", params))


def test_a_table_matches_govuk() -> None:
    params = {
        "caption": "By agency",
        "captionClasses": "govuk-table__caption--m",
        "firstCellIsHeader": True,
        "head": [{"text": "Agency"}, {"text": "Asked", "format": "numeric"}],
        "rows": [
            [{"html": '<a class="govuk-link" href="/p">Police</a>'}, {"text": "10", "format": "numeric"}],
            [{"text": "A&E"}, {"text": "4", "format": "numeric"}],
        ],
    }
    call = (
        '{{ ui.table("By agency", ["Agency", "Asked"], [[{"text": "Police", "href": "/p"}, 10], ["A&E", 4]],'
        " numeric=(1,), scroll=False) }}"
    )
    written = ours(call)
    assert written.count(' data-head="Asked"') == 2
    assert_same(written, theirs("table", params))


def test_a_table_with_rows_written_by_its_caller_matches_govuk() -> None:
    """A column may be omitted or have a hidden heading; the caption may be hidden."""
    rows = '<tr class="govuk-table__row"><th scope="row" class="govuk-table__header">Police</th></tr>'
    written = ours(
        '{% call ui.table("By agency", ["Agency", none, {"hidden": "Change"}], numeric=(1,), '
        'caption_size=None, typed="rows", scroll=False, classes="survey-list") %}' + rows + "{% endcall %}"
    )
    assert_same(
        written,
        '<table class="govuk-table survey-list">'
        '<caption class="govuk-table__caption govuk-visually-hidden">By agency</caption>'
        '<thead class="govuk-table__head"><tr class="govuk-table__row">'
        '<th scope="col" class="govuk-table__header">Agency</th>'
        '<th scope="col" class="govuk-table__header govuk-table__header--numeric">'
        '<span class="govuk-visually-hidden">Change</span></th></tr></thead>'
        f'<tbody class="govuk-table__body" data-typed>{rows}</tbody></table>',
    )


def test_a_table_in_groups_scrolls_in_a_named_region() -> None:
    groups = '<tbody class="govuk-table__body"><tr class="govuk-table__row"><td>1</td></tr></tbody>' * 2
    written = ours(
        '{% call ui.table("Messages, newest first", ["To"], typed=True, scroll="Messages", groups=True) %}'
        + groups
        + "{% endcall %}"
    )
    assert written.count('<td data-head="To">') == 2
    assert_same(
        written,
        '<div class="survey-scroll" role="region" aria-label="Messages" tabindex="0">'
        '<table class="govuk-table" data-typed>'
        '<caption class="govuk-table__caption govuk-table__caption--m">Messages, newest first</caption>'
        '<thead class="govuk-table__head"><tr class="govuk-table__row">'
        f'<th scope="col" class="govuk-table__header">To</th></tr></thead>{groups}</table></div>',
    )


def test_an_empty_table_is_replaced_by_a_sentence() -> None:
    written = ours('{{ ui.table("Outstanding", ["Agency"], [], empty="Nothing is outstanding.") }}')
    assert written.strip() == '<p class="govuk-body">Nothing is outstanding.</p>'


def test_pagination_matches_govuk() -> None:
    params = {
        "previous": {"href": "/1"},
        "next": {"href": "/3"},
        "items": [
            {"number": 1, "href": "/1"},
            {"ellipsis": True},
            {"number": 2, "href": "/2", "current": True},
        ],
    }
    pages = [
        {"number": 1, "href": "/1", "current": False},
        None,
        {"number": 2, "href": "/2", "current": True},
    ]
    mine = ours('{{ ui.pagination(pages, previous="/1", next="/3") }}', pages=pages)
    assert_same(mine, theirs("pagination", params).replace("&ctdot;", "⋯"))


def test_a_bar_has_words_and_no_style_attribute() -> None:
    written = ours('{{ ui.bar(85.6, "77 of 90 returned (85.6%)", big=True) }}')
    assert ">77 of 90 returned (85.6%)</p>" in written
    assert '<rect class="survey-bar__part" width="85.6"' in written
    assert "style=" not in written
    assert "<svg" not in ours('{{ ui.bar(None, "Nobody has been asked yet.") }}')


def test_the_status_grid_names_every_state_in_words() -> None:
    rows = [("Child 1", [("nil return", "/r/1", "keyed in"), None], "1 of 1")]
    written = ours(
        '{{ ui.status_grid("How it stands", ["Police", "Health"], rows, ["1 of 1", "0 of 0", "1 of 1"]) }}',
        rows=rows,
    )
    tree(written)
    assert "survey-state--nil-return" in written
    assert 'href="/r/1">nil return<span class="govuk-visually-hidden">: Child 1, Police</span>' in written
    assert '<span class="survey-state__mark">keyed in</span>' in written
    assert '<span class="govuk-visually-hidden">not asked</span>' in written


def test_the_planning_grid_names_every_box_and_keeps_the_ticks() -> None:
    columns, rows = [(1, "Police"), (2, "Health")], [(7, "Child 1"), (8, "Child 2")]
    written = ours('{{ ui.tick_grid("Who is asked", columns, rows, ["7:2"]) }}', columns=columns, rows=rows)
    tree(written)
    assert written.count('type="checkbox"') == 4
    assert written.count(" checked") == 1
    assert 'value="7:2" checked' in written
    assert '<span class="govuk-visually-hidden">Child 1, Health</span>' in written


def test_a_form_of_one_button_has_a_token() -> None:
    assert 'name="csrf_token" value="abc"' in ours('{{ ui.post_button("Chase now", "/chase") }}')
