"""The page contract finds each of its faults, and nothing else."""

import re

import pytest

from tests.page_contract import check_page

GOOD = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Your agency’s file – Example Partnership</title>
<link rel="stylesheet" href="/survey-static/survey.css">
<script type="module" src="/survey-static/survey.js"></script></head>
<body>
<h1>Your agency’s file</h1>
<p>“Tick all that apply” &amp; come back.</p>
<p data-typed>He said it's "fine".</p>
<form method="get" action="/find"><label>Find <input name="words"></label></form>
<form method="post" action="/return" data-leave-warning><input type="hidden" name="csrf_token" value="abc">
<label for="name">Your name</label><p id="name-hint">As on the list</p>
<input id="name" name="name" aria-describedby="name-hint">
<label for="why">Why</label><textarea id="why" name="why">it's what I typed, "as it is"</textarea>
<input name="search" aria-label="Search"><button type="submit">Return this audit</button></form>
<table><thead><tr><th scope="col">Case</th></tr></thead>
<tbody><tr><th scope="row">Child 1</th></tr></tbody></table>
</body>
</html>
"""


def spoilt(good: str, bad: str) -> list[str]:
    """The faults of the good page with one change."""
    assert good in GOOD
    return check_page(GOOD.replace(good, bad, 1), path="/returns")


def test_a_page_that_keeps_the_contract_has_no_faults() -> None:
    assert check_page(GOOD, path="/returns") == []


@pytest.mark.parametrize(
    ("good", "bad", "told"),
    [
        ("</h1>", "</h2>", "Mend the HTML"),
        ('<html lang="en">', "<html>", "Say the language"),
        ("<h1>Your agency’s file</h1>", "<p>Your agency’s file</p>", "one h1; it has 0"),
        ("<h1>Your agency’s file</h1>", "<h1>Your agency’s file</h1><h1>More</h1>", "one h1; it has 2"),
        ("<h1>Your agency’s file</h1>", "<h1> </h1>", "words into the h1"),
        ("<title>Your", "<title>Welcome. Your", "Begin the title with the h1, “Your agency’s file”"),
        (
            '<p id="name-hint">',
            '<p id="name-hint"></p><p id="name-hint">',
            "“name-hint” to one element only",
        ),
        ('<label for="name">', "<label>", "Label the input named “name”"),
        ('<label for="why">Why</label>', "", "Label the textarea named “why”"),
        (' aria-label="Search"', "", "Label the input named “search”"),
        ('<label for="why">', '<label for="what">', "A label is for “what”"),
        (
            'aria-describedby="name-hint"',
            'aria-describedby="name-hint name-error"',
            "names “name-error”",
        ),
        ('<input type="hidden" name="csrf_token" value="abc">', "", "into the form that posts to “/return”"),
        (' value="abc"', ' value=""', "into the form that posts to “/return”"),
        (
            " data-leave-warning",
            "",
            "Put data-leave-warning on the form with a long text that posts to “/return”",
        ),
        (' action="/return"', "", "Give the form with a long text action="),
        (' action="/return"', ' action="/returns"', "Give the form with a long text action="),
        ("<p>“Tick", '<p class="big" style="color:red">“Tick', "Take the style attribute off <p>"),
        ("<p>“Tick", '<p onclick="go()">“Tick', "Take onclick off <p>"),
        ("<p>“Tick", '<p class="govuk-nowhere__title">“Tick', "Add govuk-nowhere to COMPONENTS"),
        ("</head>", "<script>go()</script></head>", "Move the inline <script>"),
        ("</head>", "<style>p {}</style></head>", "Move the inline <style>"),
        ("<p>“Tick", '<p><a href="javascript:go()">Go</a>“Tick', "Give <a> a real address"),
        (
            'href="/survey-static/survey.css"',
            'href="https://cdn.example/a.css"',
            "a.css from our own",
        ),
        ('src="/survey-static/survey.js"', 'src="//cdn.example/a.js"', "//cdn.example/a.js from our own"),
        ("<p>“Tick", '<p><img src="/a.png">“Tick', "Give the picture /a.png an alt text"),
        ("“Tick all that apply”", "Your agency's", "Write curly quotes in “Your agency's &"),
        ("“Tick all that apply”", '"Tick all"', "Write curly quotes in “"),
        ("<p data-typed>", "<p>", "if people typed it, put data-typed on"),
        ('<th scope="col">', "<th>", "Give each <th> a scope"),
        ("&amp;", "&nonsense;", "Mend the HTML"),
        ("<p>“Tick", "<p><div>“Tick", "Mend the HTML"),
    ],
)
def test_a_fault_says_how_to_mend_it(good: str, bad: str, told: str) -> None:
    faults = spoilt(good, bad)
    assert any(told.replace(" &", "") in fault for fault in faults), faults
    assert all(re.fullmatch(r"/returns: [A-Z“a].*\.", fault, re.DOTALL) for fault in faults)


SUMMARY = '<div class="govuk-error-summary"><ul><li><a href="#name">Enter your name</a></li></ul></div>'


def test_an_error_summary_leads_to_fields_and_the_title_says_error() -> None:
    with_errors = GOOD.replace("<h1>", SUMMARY + "<h1>")
    assert check_page(with_errors.replace("<title>", "<title>Error: "), path="/") == []
    assert [fault for fault in check_page(with_errors, path="/") if "“Error: ”" in fault]
    lost = with_errors.replace("<title>", "<title>Error: ").replace('"#name"', '"#nmae"')
    assert check_page(lost, path="/") == [
        "/: Let the error summary lead to a field of the page; “#nmae” leads to none."
    ]


def test_links_after_the_error_summary_may_lead_anywhere() -> None:
    page = GOOD.replace("<h1>", SUMMARY + '<p><a href="/elsewhere">Elsewhere</a></p><h1>').replace(
        "<title>", "<title>Error: "
    )
    assert check_page(page, path="/") == []


def test_typed_text_is_exempt_only_within_its_element() -> None:
    page = GOOD.replace("</p>\n<form", "</p><p>It's ours</p>\n<form", 1)
    assert len(check_page(page, path="/")) == 1


def test_the_title_of_a_drawing_is_not_the_title_of_the_page() -> None:
    page = GOOD.replace("</h1>", '</h1><svg viewBox="0 0 1 1"><title>Returned</title></svg>')
    assert check_page(page, path="/") == []
