"""The page on which comments are read, one or twenty at a time, and judged by keyboard."""

import re
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.web.access import acting_staff, record_reading
from surveyapp.foundation.words.shares import counted
from surveyapp.gathering.comment_index import changed_since_read, reading_progress
from surveyapp.gathering.comments.comment_filter import CHANGED, COMMENT_FILTERS, CommentFilter
from surveyapp.gathering.comments.comments_to_read import (
    COMMENTS_PER_PAGE,
    comments_to_read,
    questions_with_comments,
)
from surveyapp.gathering.comments.judgement_form import (
    COMMENT_KEY,
    changed_judgements,
    comment_key,
    shown_judgement,
)
from surveyapp.gathering.comments.operations import CommentJudgement, CommentStillQuoted, judge_comments
from surveyapp.gathering.queries import themes_of
from surveyapp.gathering.themes.operations import THEME_KEYS
from surveyapp.planning.models import Audit

# The largest number that the database's integer columns hold.
_LARGEST = 2**31 - 1
# The hidden fields that hold the keys of the comments on the page.
_KEY_FIELD = re.compile(r"comment-[1-9][0-9]{0,2}")


def show_comments(audit_id: int) -> ResponseReturnValue:
    """Show a page of comments with their judgements and themes."""
    audit = session.get_one(Audit, audit_id)
    comment_filter, is_single = _filter_from_url(), _one_at_a_time()
    changed = changed_since_read(audit)
    page = comments_to_read(
        audit,
        comment_filter,
        # Whoever comes back one at a time goes on where the reading stopped.
        first=_number(request.args.get("first", "")) or (None if is_single else 1),
        most=1 if is_single else COMMENTS_PER_PAGE,
        changed=changed,
    )
    shown = render_template(
        "survey/gathering/comments.html",
        audit=audit,
        found=page,
        rows=[(comment, comment_key(comment), shown_judgement(comment)) for comment in page.shown],
        themes=list(zip(themes_of(audit_id), THEME_KEYS, strict=False)),
        wanted=comment_filter,
        one=is_single,
        changed=len(changed),
        progress=reading_progress(audit),
        shown_words={name: words for name, words in COMMENT_FILTERS.items() if name != CHANGED or changed},
        questions=questions_with_comments(audit),
        address=_address(comment_filter, is_single=is_single),
    )
    if page.shown:
        record_reading("saw_comments", f"audit {audit_id}")
    return shown


def save_comments(audit_id: int) -> ResponseReturnValue:
    """Store the judgements of a page, then redirect to the next page or to the form of a quote."""
    audit = session.get_one(Audit, audit_id)
    judged = changed_judgements(request.form)
    if judged:
        not_stored = len(judged) - _save_judgements(audit, judged)
        if not_stored:
            flash(f"{counted(not_stored, 'comment')} could not be marked: look at what the return says now.")
    address = _address(_filter_from_url(), is_single=_one_at_a_time())
    quote = COMMENT_KEY.fullmatch(request.form.get("quote", ""))
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
    comments_address = url_for("survey.gathering.show_comments", audit_id=audit_id, first=first, **address)
    return redirect(f"{comments_address}#read", 303)


def _number_of_comment(key: str, first: int) -> int:
    """The number of a comment on the posted page, by its key; `first` is that of the first comment."""
    fields = (name for name, value in request.form.items() if value == key and _KEY_FIELD.fullmatch(name))
    return first + int(next(fields, "comment-1").removeprefix("comment-")) - 1


def _save_judgements(audit: Audit, judged: list[CommentJudgement]) -> int:
    """Store judgements and return how many; a quoted comment marked unread does not hold up the others."""
    try:
        with transaction():
            return judge_comments(audit, judged, actor=acting_staff().name, now=clock.now())
    except CommentStillQuoted as error:
        flash(f"{error.message} {error.way_on}")
    remaining = [judgement for judgement in judged if judgement.judgement is not None]
    with transaction():
        stored_count = (
            judge_comments(audit, remaining, actor=acting_staff().name, now=clock.now()) if remaining else 0
        )
    return stored_count + len(judged) - len(remaining)


def _filter_from_url() -> CommentFilter:
    """The filter in the URL; values that mean nothing are ignored."""
    shown = request.args.get("shown", "")
    return CommentFilter(
        shown=shown if shown in COMMENT_FILTERS else "",
        question=request.args.get("question", ""),
        theme=_number(request.args.get("theme", "")),
    )


def _one_at_a_time() -> bool:
    """Whether the page shows a single comment, as it does unless twenty were chosen."""
    return request.args.get("each") != str(COMMENTS_PER_PAGE)


def _number(text: str) -> int:
    """A number from a URL or a form; 0 if it is malformed or too large."""
    return int(text) if re.fullmatch(r"[0-9]{1,10}", text) and int(text) <= _LARGEST else 0


def _address(comment_filter: CommentFilter, *, is_single: bool) -> dict[str, Any]:
    """The query string that leads back to these comments, without empty values."""
    values = {
        "shown": comment_filter.shown,
        "question": comment_filter.question,
        "theme": comment_filter.theme,
        "each": "" if is_single else str(COMMENTS_PER_PAGE),
    }
    return {name: value for name, value in values.items() if value}
