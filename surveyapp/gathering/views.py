"""URL map of the step, and the overview page of an audit's voices."""

from collections import Counter

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from surveyapp.answering.concerns.queries import concerns_in_words, concerns_of
from surveyapp.foundation.store.db import session
from surveyapp.foundation.web.typed_text import name_unread_fields
from surveyapp.gathering.comment_index import changed_since_read, reading_progress
from surveyapp.gathering.comments import pages as comment_pages
from surveyapp.gathering.families import pages as family_pages
from surveyapp.gathering.families.talks_in_words import families_in_words
from surveyapp.gathering.models import NARRATIVES, SOURCES
from surveyapp.gathering.narratives import pages as narrative_pages
from surveyapp.gathering.queries import narratives_of
from surveyapp.gathering.quotes import choice_pages as quote_choice_pages
from surveyapp.gathering.quotes import list_pages as quote_list_pages
from surveyapp.gathering.quotes import pages as quote_pages
from surveyapp.gathering.themes import pages as theme_pages
from surveyapp.gathering.voice_counts import voice_counts, workshops_held
from surveyapp.gathering.workshops import pages as workshop_pages
from surveyapp.planning.models import Audit

bp = Blueprint("gathering", __name__)
# Hidden fields of each comment on the comments page, with its number: key, digest and judgement.
name_unread_fields(bp, prefixes=("comment-", "digest-", "was-"), choices=("act", "each", "to"))

_GET_AND_POST = ["GET", "POST"]
_AUDIT = "/audits/<int:audit_id>"
_THEME = f"{_AUDIT}/themes/<int:theme_id>"
_QUOTE = f"{_AUDIT}/quotes/<int:quote_id>"
_WORKSHOP = f"{_AUDIT}/workshops/<int:workshop_id>"
_FAMILY = f"{_AUDIT}/families/<int:family_id>"

bp.add_url_rule(f"{_AUDIT}/comments", view_func=comment_pages.show_comments)
bp.add_url_rule(f"{_AUDIT}/comments", view_func=comment_pages.save_comments, methods=["POST"])
bp.add_url_rule(
    f"{_AUDIT}/comments/<int:request_id>/<string:name>/quote",
    view_func=quote_choice_pages.choose_from_comment,
    methods=_GET_AND_POST,
)
bp.add_url_rule(f"{_AUDIT}/themes", view_func=theme_pages.show_themes)
bp.add_url_rule(f"{_AUDIT}/themes", view_func=theme_pages.add_theme, methods=["POST"])
bp.add_url_rule(f"{_AUDIT}/themes/begin", view_func=theme_pages.begin_themes, methods=["POST"])
bp.add_url_rule(_THEME, view_func=theme_pages.change_theme, methods=_GET_AND_POST)
bp.add_url_rule(f"{_THEME}/move", view_func=theme_pages.move_theme, methods=["POST"])
bp.add_url_rule(f"{_THEME}/remove", view_func=theme_pages.remove_theme, methods=["POST"])
bp.add_url_rule(f"{_AUDIT}/quotes", view_func=quote_list_pages.list_quotes)
bp.add_url_rule(_QUOTE, view_func=quote_pages.change_quote, methods=_GET_AND_POST)
bp.add_url_rule(f"{_QUOTE}/remove", view_func=quote_list_pages.remove_quote, methods=["POST"])
bp.add_url_rule(f"{_AUDIT}/workshops/add", view_func=workshop_pages.add_workshop, methods=_GET_AND_POST)
bp.add_url_rule(_WORKSHOP, view_func=workshop_pages.change_workshop, methods=_GET_AND_POST)
bp.add_url_rule(f"{_WORKSHOP}/remove", view_func=workshop_pages.remove_workshop, methods=["POST"])
bp.add_url_rule(
    f"{_WORKSHOP}/quote", view_func=quote_choice_pages.choose_from_workshop, methods=_GET_AND_POST
)
bp.add_url_rule(f"{_AUDIT}/families", view_func=family_pages.list_families)
bp.add_url_rule(f"{_AUDIT}/families/add", view_func=family_pages.add_family, methods=_GET_AND_POST)
bp.add_url_rule(_FAMILY, view_func=family_pages.change_family, methods=_GET_AND_POST)
bp.add_url_rule(f"{_FAMILY}/remove", view_func=family_pages.remove_family, methods=["POST"])
bp.add_url_rule(f"{_FAMILY}/quote", view_func=quote_choice_pages.choose_from_family, methods=_GET_AND_POST)
bp.add_url_rule(
    f"{_AUDIT}/narratives/<string:name>", view_func=narrative_pages.write_narrative, methods=_GET_AND_POST
)


@bp.get(f"{_AUDIT}/voices")
def show_voices(audit_id: int) -> ResponseReturnValue:
    """Show the overview of an audit's voices: what has been gathered, with links to each part."""
    audit = session.get_one(Audit, audit_id)
    counts = voice_counts(audit_id)
    quotes_by_source = Counter(counts.quote_sources)
    narratives = {narrative.kind: narrative for narrative in narratives_of(audit_id)}
    return render_template(
        "survey/gathering/voices.html",
        audit=audit,
        progress=reading_progress(audit),
        changed=len(changed_since_read(audit)),
        themes=counts.themes,
        quotes=quotes_by_source.total(),
        quotes_by_source=[
            (words, quotes_by_source[source]) for source, words in SOURCES.items() if quotes_by_source[source]
        ],
        workshops=workshops_held(audit_id),
        families=families_in_words(counts.family_states),
        narratives=[(kind, words, narratives.get(kind)) for kind, words in NARRATIVES.items()],
        concerns=concerns_in_words(concerns_of(audit)),
    )
