"""The page on which comments are read and judged."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.foundation.store.db import transaction
from surveyapp.gathering.comment_index import reading_progress
from surveyapp.gathering.comments.comments_to_read import comments_to_read
from surveyapp.gathering.models import Quote, ReadComment
from surveyapp.gathering.queries import themes_of
from surveyapp.gathering.themes.operations import add_starter_themes, add_theme
from surveyapp.planning.models import Audit
from tests.collating.example_answers import text_of
from tests.conftest import MONDAY_MORNING
from tests.gathering.conftest import MANAGER, commented
from tests.page_client import PageClient
from tests.row_maker import Maker

Queries = Callable[[int], AbstractContextManager[list[str]]]
_HIDDEN = re.compile(r'<input type="hidden" name="([a-z0-9-]+)" value="([^"]*)"')
_CHECKED = re.compile(r'name="([a-z0-9-]+)" value="([a-z0-9]+)"[^>]* checked')


def fields(page: str) -> dict[str, list[str]]:
    """The fields that a browser would post from an unchanged page."""
    posted: dict[str, list[str]] = {}
    form = page[page.index('id="read"') :]
    for name, value in (*_HIDDEN.findall(form), *_CHECKED.findall(form)):
        posted.setdefault(name, []).append(value)
    posted.pop("csrf_token", None)
    return posted


def with_themes(audit: Audit) -> list[int]:
    with transaction():
        for name in ("Fathers", "Chronology"):
            add_theme(audit, name, actor=MANAGER, now=MONDAY_MORNING)
    return [theme.id for theme in themes_of(audit.id)]


def test_the_judgements_and_themes_of_a_page_are_saved_and_shown(
    client: PageClient, commented_audit: Audit, session: Session
) -> None:
    themes, path = with_themes(commented_audit), f"/audits/{commented_audit.id}/comments?each=20"
    page = client.get(path).text
    text = text_of(page)
    assert "0 of 4 comments read (0%)" in text
    for words in (
        "1. Child 1, Health: Yes",
        "Discussed monthly.",
        "2. Case overseen or discussed",
        "Fathers",
    ):
        assert words in text
    sent = fields(page) | {
        "judgement-1": ["strength"],
        "judgement-3": ["concern"],
        "themes-3": [str(theme) for theme in themes],
        # A comment with a theme and no judgement counts as read.
        "themes-4": [str(themes[0])],
    }
    answer = client.post(path, sent)
    assert answer.headers["Location"] == f"{path.partition('?')[0]}?first=5&each=20#read"
    assert "You are past the last of them. Go back to the first of 4 comments" in text_of(
        client.follow(answer).text
    )
    page = client.get(path).text
    assert "3 of 4 comments read (75%)" in text_of(page)
    again = fields(page)
    assert (again["judgement-1"], again["judgement-3"], again["judgement-4"]) == (
        ["strength"],
        ["concern"],
        ["neither"],
    )
    assert "judgement-2" not in again
    assert again["themes-3"] == [str(theme) for theme in themes]
    assert session.scalars(select(ReadComment.judgement).order_by(ReadComment.id)).all() == [
        "strength",
        "concern",
        "",
    ]


def test_unchanged_rows_do_not_undo_another_persons_judgement(
    client: PageClient, commented_audit: Audit
) -> None:
    path = f"/audits/{commented_audit.id}/comments?each=20"
    earlier_page = fields(client.get(path).text)
    client.post(path, fields(client.get(path).text) | {"judgement-1": ["concern"]})
    client.post(path, earlier_page | {"judgement-2": ["strength"]})
    shown = comments_to_read(commented_audit).shown
    assert [comment.judgement for comment in shown] == ["concern", "strength", "", ""]


def test_a_comment_can_be_marked_unread(client: PageClient, commented_audit: Audit) -> None:
    path = f"/audits/{commented_audit.id}/comments?each=20"
    assert "Not read yet</label>" not in client.get(path).text
    client.post(path, fields(client.get(path).text) | {"judgement-1": ["strength"]})
    client.post(path, fields(client.get(path).text) | {"judgement-1": ["unread"]})
    assert reading_progress(commented_audit).count == 0


def test_reading_one_at_a_time_moves_to_the_next_unread_comment(
    client: PageClient, commented_audit: Audit
) -> None:
    themes, path = with_themes(commented_audit), f"/audits/{commented_audit.id}/comments?shown=unread"
    for number in range(1, 5):
        page = client.get(path).text
        assert f"{number}. Child" in page
        assert f"Comment 1 of {5 - number} not read yet" in text_of(page)
        assert page.count("data-comment ") + page.count("data-comment>") == 1
        assert 'accesskey="s"' in page
        # Enter presses a form's first button, which saves.
        first = page[page.index('id="read"') :].partition("<button")[2]
        assert first.startswith(' type="submit" class="govuk-visually-hidden"')
        assert f'value="{themes[1]}" data-key="2" accesskey="2"' in page
        answer = client.post(path, fields(page) | {"judgement-1": ["neither"]})
        path = answer.headers["Location"].partition("#")[0]
        assert "shown=unread" in path
        assert "each=20" not in path
    assert "All comments are read." in client.get(path).text


def test_reading_goes_on_where_it_stopped(client: PageClient, commented_audit: Audit) -> None:
    path = f"/audits/{commented_audit.id}/comments"
    page = client.get(path).text
    assert "Comment 1 of 4" in text_of(page)
    client.post(path, fields(page) | {"judgement-1": ["neither"]})
    assert "Comment 2 of 4" in text_of(client.get(path).text)
    assert "Comment 1 of 4" in text_of(client.get(f"{path}?first=1").text)
    for _ in range(3):
        client.post(path, fields(client.get(path).text) | {"judgement-1": ["concern"]})
    assert "Comment 1 of 4" in text_of(client.get(path).text)


def test_filters_are_kept_while_reading_and_invalid_ones_are_ignored(
    client: PageClient, commented_audit: Audit
) -> None:
    path = f"/audits/{commented_audit.id}/comments?each=20"
    page = client.get(f"{path}&question=strengths_or_concerns").text
    assert "Discussed monthly." not in page
    assert "The father is hardly mentioned." in page
    answer = client.post(f"{path}&question=strengths_or_concerns", fields(page))
    assert "question=strengths_or_concerns" in answer.headers["Location"]
    assert "There is no such comment." in client.get(f"{path}&shown=concern").text
    odd = client.get(f"{path}&shown=odd&theme=x&first=-3&each=7").text
    assert "Discussed monthly." in odd
    client.get(f"{path}&theme=99999999999999999999&first=99999999999999")


def test_a_changed_comment_is_marked_until_its_page_is_saved(
    client: PageClient, commented_audit: Audit, make: Maker
) -> None:
    path = f"/audits/{commented_audit.id}/comments?each=20"
    client.post(path, fields(client.get(path).text) | {"judgement-1": ["strength"]})
    make.corrected(make.requests(commented_audit)[0], commented("supervision", "Only once."))
    page = client.get(path).text
    assert "1 comment was changed after it was read." in text_of(page)
    assert "Changed since it was read" in page
    client.post(f"{path}&shown=changed", fields(client.get(f"{path}&shown=changed").text))
    assert "Changed since it was read" not in client.get(path).text


def test_choosing_a_quote_saves_the_page_first(
    client: PageClient, commented_audit: Audit, session: Session
) -> None:
    path = f"/audits/{commented_audit.id}/comments?each=20"
    page = client.get(path).text
    sent = fields(page)
    answer = client.post(path, sent | {"judgement-3": ["concern"], "quote": sent["comment-3"]})
    request_id = sent["comment-3"][0].partition(".")[0]
    where = (
        f"/audits/{commented_audit.id}/comments/{request_id}/strengths_or_concerns/quote?first=1&at=3&each=20"
    )
    assert answer.headers["Location"] == where
    form = client.follow(answer).text
    assert "The father is hardly mentioned.</textarea>" in form
    kept = client.post(where, {"original": "hardly mentioned", "source": "auditor", "judgement": "concern"})
    assert kept.headers["Location"] == f"{path.partition('?')[0]}?first=1&each=20#comment-3"
    assert "1 quote chosen: choose another" in client.follow(kept).text
    assert session.scalars(select(Quote)).one().original == "hardly mentioned"


def test_a_quoted_comment_stays_read_and_the_other_judgements_are_stored(
    client: PageClient, commented_audit: Audit
) -> None:
    path = f"/audits/{commented_audit.id}/comments?each=20"
    sent = fields(client.get(path).text)
    request_id = sent["comment-1"][0].partition(".")[0]
    quote = {"original": "Discussed monthly.", "source": "auditor", "judgement": "strength"}
    client.post(f"/audits/{commented_audit.id}/comments/{request_id}/supervision/quote", quote)
    page = client.get(path).text
    assert "Not read yet</label>" not in page
    # A script can take a judgement back where the page offers no such box.
    taken_back = {name: value for name, value in fields(page).items() if name != "judgement-1"}
    answer = client.post(path, taken_back | {"judgement-2": ["concern"]})
    assert "so it stays read. Remove the quote first." in text_of(client.follow(answer).text)
    assert [comment.judgement for comment in comments_to_read(commented_audit).shown] == [
        "strength",
        "concern",
        "",
        "",
    ]


def test_an_expired_page_comes_back_with_its_judgements(client: PageClient, commented_audit: Audit) -> None:
    path = f"/audits/{commented_audit.id}/comments?each=20"
    sent = fields(client.get(path).text) | {"judgement-1": ["concern"], "csrf_token": "old"}
    page = client.post(path, sent, status=400).text
    assert "Judgement 1" in page
    assert "Digest 1" not in page
    again = dict(re.findall(r'name="([a-z0-9-]+)" value="([^"]*)"', page))
    client.post(path, {name: value for name, value in again.items() if name != "csrf_token"})
    assert comments_to_read(commented_audit).shown[0].judgement == "concern"


def test_malformed_fields_store_nothing(client: PageClient, commented_audit: Audit, make: Maker) -> None:
    other = make.audit(cases=1, agencies=1, returned=1)
    elsewhere = make.requests(other)[0].id
    path, digest = f"/audits/{commented_audit.id}/comments?each=20", "0" * 64
    for place in ("", "x.supervision", "1", f"{elsewhere}.supervision", "1.see_child_alone", "0.supervision"):
        client.post(path, {"comment-1": place, "digest-1": digest, "judgement-1": "strength"})
    own = f"{make.requests(commented_audit)[0].id}.supervision"
    client.post(path, {"comment-1": own, "digest-1": "short", "judgement-1": "strength"})
    client.post(path, {"comment-1": own, "digest-1": digest, "judgement-1": "nonsense"})
    client.post(path, {"comment-after": "x", "quote": "../.."})
    assert reading_progress(commented_audit).count == 0


def test_an_audit_without_comments_has_an_empty_page(client: PageClient, make: Maker) -> None:
    for audit in (make.audit(cases=1, agencies=1, returned=1), make.audit(cases=1, agencies=1, issued=False)):
        assert "No return has a comment yet." in client.get(f"/audits/{audit.id}/comments").text


def test_a_comment_with_mark_up_stays_text(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    make.returned(make.requests(audit)[0], commented("supervision", '<b>It\'s</b> {{ 7 * 7 }}\n"so"'))
    page = client.get(f"/audits/{audit.id}/comments").text
    assert "&lt;b&gt;It&#39;s&lt;/b&gt; {{ 7 * 7 }}" in page


def test_a_page_of_twenty_takes_few_statements(client: PageClient, make: Maker, queries: Queries) -> None:
    audit = make.audit(cases=20, agencies=4)
    with transaction():
        add_starter_themes(audit, actor=MANAGER, now=MONDAY_MORNING)
    for audit_request in make.requests(audit):
        make.returned(audit_request, commented("supervision", f"Said of {audit_request.id}."))
    path = f"/audits/{audit.id}/comments?each=20"
    page = client.get(path).text
    client.post(path, fields(page) | {f"judgement-{n}": ["strength"] for n in range(1, 21)})
    # The last one records who read them.
    with queries(14):
        page = client.get(path).text
    assert "20 of 80 comments read (25%)" in text_of(page)
    assert len(page.encode()) < 150_000
