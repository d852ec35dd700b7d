"""The benchmark page: a table of other places beside our own figure, and the form to paste or upload it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.collating.comparison import benchmark_operations as operations
from surveyapp.collating.comparison.benchmarks import (
    benchmark_in_words,
    mean_figure,
    printed_percent,
    ranked_places,
)
from surveyapp.collating.comparison.forms import BenchmarkForm
from surveyapp.collating.comparison.queries import benchmark_of
from surveyapp.collating.models import Benchmark
from surveyapp.foundation import clock
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.web.access import acting_staff
from surveyapp.planning.models import Audit


def show_benchmark(audit_id: int) -> ResponseReturnValue:
    """Show the audit's benchmark, or go to the form where it has none."""
    audit = session.get_one(Audit, audit_id)
    benchmark = benchmark_of(audit)
    if benchmark is None:
        return redirect(url_for("survey.collating.change_benchmark", audit_id=audit.id))
    average = mean_figure(benchmark.pairs)
    return render_template(
        "survey/collating/benchmark.html",
        audit=audit,
        benchmark=benchmark,
        places=ranked_places(benchmark.pairs, benchmark.own, settings().partnership or "Your own figure"),
        average=None if average is None else printed_percent(average),
        sentence=benchmark_in_words(benchmark.pairs, benchmark.own, benchmark.national_average),
    )


def change_benchmark(audit_id: int) -> ResponseReturnValue:
    """Paste or upload the places that the audit is compared with."""
    audit = session.get_one(Audit, audit_id)
    form = BenchmarkForm()
    if form.is_submitted():
        if form.validate():
            try:
                with transaction():
                    operations.save_benchmark(
                        audit,
                        form.details(),
                        seen=request.form.get("seen"),
                        actor=acting_staff().name,
                        now=clock.now(),
                    )
            except EditConflict as error:
                form.seen.data = operations.benchmark_digest(benchmark_of(audit))
                # A browser does not keep a chosen file, so its rows are put into the text box.
                form.rows.data = "\n".join(f"{name}\t{figure}" for name, figure in form.details().rows)
                return _form_page(audit, form, changed=error), error.status
            flash("The benchmark is saved.", "success")
            return redirect(url_for("survey.collating.show_benchmark", audit_id=audit_id), 303)
        return _form_page(audit, form), 422
    benchmark = benchmark_of(audit)
    form.seen.data = operations.benchmark_digest(benchmark)
    if benchmark is not None:
        form.show(benchmark)
    return _form_page(audit, form)


def remove_benchmark(audit_id: int) -> ResponseReturnValue:
    """Remove the audit's benchmark."""
    audit = session.get_one(Audit, audit_id)
    with transaction():
        removed = operations.remove_benchmark(audit, actor=acting_staff().name, now=clock.now())
    flash("The benchmark is taken away." if removed else "There was no benchmark.", "success")
    return redirect(url_for("survey.collating.change_benchmark", audit_id=audit_id), 303)


def _form_page(audit: Audit, form: BenchmarkForm, *, changed: EditConflict | None = None) -> str:
    benchmark = benchmark_of(audit)
    return render_template(
        "survey/collating/benchmark-form.html",
        audit=audit,
        form=form,
        errors=form.errors,
        mistakes=getattr(form, "mistakes", [])[1:],
        is_kept=benchmark is not None,
        changed=changed,
        there=_stored_values(benchmark)
        if benchmark
        else [("Stored", "Nothing: the benchmark was taken away")],
    )


def _stored_values(benchmark: Benchmark) -> list[tuple[str, str]]:
    """The stored benchmark as labels and values, shown beside the form after a concurrent edit."""
    own_figure = f"{benchmark.own_count} of {benchmark.own_of}" if benchmark.own is not None else ""
    return [
        ("Measured", benchmark.measure),
        ("Period", benchmark.period),
        ("Source", benchmark.source),
        ("Own figure", own_figure),
        ("National average", benchmark.national_average),
        ("Places", "\n".join(f"{name}, {figure}" for name, figure in benchmark.pairs)),
    ]
