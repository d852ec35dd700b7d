"""The page of an audit's themes with their counts, and the page on which one theme is renamed."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.words.shares import counted
from surveyapp.gathering.comment_index import reading_progress
from surveyapp.gathering.queries import judgements_by_question, theme_by_id, theme_counts
from surveyapp.gathering.themes import operations
from surveyapp.gathering.themes.forms import ThemeForm
from surveyapp.gathering.themes.starter_themes import STARTER_THEMES
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit


def show_themes(audit_id: int) -> ResponseReturnValue:
    """Show the themes of an audit and how many returns mention each."""
    return _themes_page(session.get_one(Audit, audit_id), ThemeForm(formdata=None))


def add_theme(audit_id: int) -> ResponseReturnValue:
    """Add a theme to the list."""
    audit, form = session.get_one(Audit, audit_id), ThemeForm()
    try:
        with transaction():
            operations.add_theme(audit, form.name.data or "", actor=acting_staff().name, now=clock.now())
    except operations.ThemeRefused as error:
        form.name.errors = [error.message]
        return _themes_page(audit, form), 422
    flash("The theme is on the list.", "success")
    return _redirect_to_themes(audit_id)


def begin_themes(audit_id: int) -> ResponseReturnValue:
    """Add the themes of the starter list."""
    audit = session.get_one(Audit, audit_id)
    with transaction():
        added = operations.add_starter_themes(audit, actor=acting_staff().name, now=clock.now())
    flash(f"{counted(added, 'theme')} added." if added else "All of them are on the list.", "success")
    return _redirect_to_themes(audit_id)


def change_theme(audit_id: int, theme_id: int) -> ResponseReturnValue:
    """Rename one theme."""
    audit, theme = session.get_one(Audit, audit_id), theme_by_id(audit_id, theme_id)
    form, changed = ThemeForm(obj=theme, data={"seen": operations.theme_digest(theme)}), None
    if form.is_submitted():
        try:
            with transaction():
                operations.rename_theme(
                    audit,
                    theme,
                    form.name.data or "",
                    seen=request.form.get("seen"),
                    actor=acting_staff().name,
                    now=clock.now(),
                )
        except EditConflict as error:
            changed, form.seen.data = error, operations.theme_digest(theme)
        except operations.ThemeRefused as error:
            form.name.errors = [error.message]
        else:
            flash("The theme is renamed, wherever it was given.", "success")
            return _redirect_to_themes(audit_id)
    page = render_template(
        "survey/gathering/theme.html",
        audit=audit,
        theme=theme_by_id(audit_id, theme_id),
        form=form,
        changed=changed,
        there=[("Theme", theme.name)],
        errors=form.errors if request.method == "POST" else {},
    )
    if changed:
        return page, changed.status
    return page, 422 if form.errors else 200


def move_theme(audit_id: int, theme_id: int) -> ResponseReturnValue:
    """Move one theme up or down the list."""
    audit, theme = session.get_one(Audit, audit_id), theme_by_id(audit_id, theme_id)
    with transaction():
        operations.move_theme(
            audit,
            theme,
            up=request.form.get("to") != "down",
            actor=acting_staff().name,
            now=clock.now(),
        )
    return _redirect_to_themes(audit_id)


def remove_theme(audit_id: int, theme_id: int) -> ResponseReturnValue:
    """Remove one theme."""
    audit, theme = session.get_one(Audit, audit_id), theme_by_id(audit_id, theme_id)
    with transaction():
        operations.remove_theme(audit, theme, actor=acting_staff().name, now=clock.now())
    flash("The theme is off the list.", "success")
    return _redirect_to_themes(audit_id)


def _themes_page(audit: Audit, form: ThemeForm) -> str:
    by_question = judgements_by_question(audit.id)
    return render_template(
        "survey/gathering/themes.html",
        audit=audit,
        counts=theme_counts(audit.id),
        progress=reading_progress(audit),
        by_question=[
            (question, by_question[question.id])
            for question in form_of(audit).questions
            if question.id in by_question
        ],
        starter_list=STARTER_THEMES,
        most=operations.MOST_THEMES,
        form=form,
        errors=form.errors,
    )


def _redirect_to_themes(audit_id: int) -> ResponseReturnValue:
    return redirect(url_for("survey.gathering.show_themes", audit_id=audit_id), 303)
