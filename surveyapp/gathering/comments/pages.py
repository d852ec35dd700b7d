"""Reading comments: twenty or one at a time, judged and given themes by keyboard."""

import re
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.words.shares import counted
from surveyapp.gathering.comments.comment_index import changed_since_read, reading_progress
from surveyapp.gathering.comments.comments_to_read import (
    CHANGED,
    COMMENT_FILTERS,
    COMMENTS_PER_PAGE,
    CommentFilter,
    comments_to_read,
    questions_with_comments,
)
from surveyapp.gathering.comments.judgement_form import changed_judgements, comment_key, shown_judgement
from surveyapp.gathering.comments.operations import CommentJudgement, CommentStillQuoted, judge_comments
from surveyapp.gathering.queries import themes_of
from surveyapp.gathering.themes.operations import THEME_KEYS
from surveyapp.planning.models import Audit

_LARGEST = 2**31 - 1
# The hidden field that says which comment stands at a place of the page.
_SENT = re.compile(r"comment-[1-9][0-9]{0,2}")


def show_comments(audit_id: int) -> ResponseReturnValue:
    """Show the comments wanted, with what was said of each."""
    audit = session.get_one(Audit, audit_id)
    wanted, one = _filter_from_url(), _one_at_a_time()
    changed = changed_since_read(audit)
    found = comments_to_read(
        audit,
        wanted,
        first=_number(request.args.get("first", "1")) or 1,
        most=1 if one else COMMENTS_PER_PAGE,
        changed=changed,
    )
    return render_template(
        "survey/gathering/comments.html",
        audit=audit,
        found=found,
        rows=[(each, comment_key(each), shown_judgement(each)) for each in found.shown],
        themes=list(zip(themes_of(audit_id), THEME_KEYS, strict=False)),
        wanted=wanted,
        one=one,
        changed=len(changed),
        progress=reading_progress(audit),
        shown_words={name: words for name, words in COMMENT_FILTERS.items() if name != CHANGED or changed},
        questions=questions_with_comments(audit),
        address=_address(wanted, one=one),
    )


def save_comments(audit_id: int) -> ResponseReturnValue:
    """Keep what was said of the comments of one page, and go on to the next or to a quote."""
    audit = session.get_one(Audit, audit_id)
    judged = changed_judgements(request.form)
    if judged:
        left = len(judged) - _save_judgements(audit, judged)
        if left:
            flash(f"{counted(left, 'comment')} could not be marked: look at what the return says now.")
    address = _address(_filter_from_url(), one=_one_at_a_time())
    quote = re.fullmatch(r"([1-9][0-9]{0,8})\.([a-z][a-z0-9_]{0,59})", request.form.get("quote", ""))
    first = _number(request.form.get("comment-first" if quote else "comment-after", "1")) or 1
    if quote:
        return redirect(
            url_for(
                "survey.gathering.choose_from_comment",
                audit_id=audit_id,
                request_id=int(quote[1]),
                name=quote[2],
                first=first,
                at=_number_of_comment(quote[0], first),
                **address,
            ),
            303,
        )
    back = url_for("survey.gathering.show_comments", audit_id=audit_id, first=first, **address)
    return redirect(f"{back}#read", 303)


def _number_of_comment(comment: str, first: int) -> int:
    """The number of a comment of the page that was sent, whose first has this number."""
    sent = (name for name, value in request.form.items() if value == comment and _SENT.fullmatch(name))
    return first + int(next(sent, "comment-1").removeprefix("comment-")) - 1


def _save_judgements(audit: Audit, judged: list[CommentJudgement]) -> int:
    """Keep what was said; what is quoted stays read, and holds up nothing else. How many were kept."""
    try:
        with transaction():
            return judge_comments(audit, judged, actor=acting_staff().name, now=clock.now())
    except CommentStillQuoted as error:
        flash(f"{error.message} {error.way_on}")
    others = [each for each in judged if each.judgement is not None]
    with transaction():
        kept = judge_comments(audit, others, actor=acting_staff().name, now=clock.now()) if others else 0
    return kept + len(judged) - len(others)


def _filter_from_url() -> CommentFilter:
    """The comments that the address asks for; what it cannot mean asks for all."""
    shown = request.args.get("shown", "")
    return CommentFilter(
        shown=shown if shown in COMMENT_FILTERS else "",
        question=request.args.get("question", ""),
        theme=_number(request.args.get("theme", "")),
    )


def _one_at_a_time() -> bool:
    return request.args.get("each") == "1"


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,10}", text) and int(text) <= _LARGEST else 0


def _address(wanted: CommentFilter, *, one: bool) -> dict[str, Any]:
    """What leads back to these comments, without what asks for nothing."""
    asked = {
        "shown": wanted.shown,
        "question": wanted.question,
        "theme": wanted.theme,
        "each": "1" if one else "",
    }
    return {name: value for name, value in asked.items() if value}
