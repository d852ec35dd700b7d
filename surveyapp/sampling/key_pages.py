"""The page that makes the key, which child each case is, from the same file; nothing of it is stored."""

from flask import render_template
from flask.typing import ResponseReturnValue

from surveyapp.foundation import clock
from surveyapp.foundation.documents.csv_writer import write_csv
from surveyapp.foundation.errors import Refused, SurveyError
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.digests import is_digest_of
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.tables.typed_cells import cell_line
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.web.file_response import file_response
from surveyapp.planning import queries as audits
from surveyapp.planning.models import Audit
from surveyapp.planning.next_step import next_step
from surveyapp.sampling.columns import columns_with_heads
from surveyapp.sampling.forms import KeyForm
from surveyapp.sampling.population import Population, fingerprint_of, read_population
from surveyapp.sampling.posted_list import open_posted_list
from surveyapp.sampling.queries import sample_of
from surveyapp.sampling.sample import Sample

_ANOTHER_FILE = (
    "This is not the file from which the sample was drawn, or a cell of it was changed since. "
    "That file held {:,} children"
)
HEAD = ("Case", "Row of the export", "Case reference")


class AnotherFile(Refused):
    """The file is not the one from which the sample was drawn."""


def show_key(audit_id: int) -> ResponseReturnValue:
    """Show how to make the key."""
    return _page(audits.audit_by_id(audit_id), KeyForm(formdata=None))


def make_key(audit_id: int) -> ResponseReturnValue:
    """Read the same file again, and send the key as a file; neither of them is stored."""
    audit, form = audits.audit_by_id(audit_id), KeyForm()
    sample = sample_of(audit)
    if sample is None or not any(child.pseudonym for child in sample.children.values()):
        raise Refused("No case has been made of a list yet.", way_on="Make cases of the sample first.")
    try:
        sheet, sampling = open_posted_list(form.file.data).sheet, sample.sampling
        if not is_digest_of(sampling.file_digest, fingerprint_of(sheet)):
            raise AnotherFile(_ANOTHER_FILE.format(len(sample.children)))
        match = columns_with_heads(sheet, sampling.heads)
        content = write_csv(HEAD, key_rows(sample, read_population(sheet, match, on=sampling.listed_on)))
        with transaction():
            record_event(acting_staff().name, "made_sample_key", f"audit {audit.id}", now=clock.now())
    except SurveyError as error:
        form.file.errors = [error.message]
        return _page(audit, form), 422
    return file_response(content, "text/csv; charset=utf-8", "key-to-the-cases.csv")


def key_rows(sample: Sample, population: Population) -> list[tuple[str, int, str]]:
    """Each case with the row of the file and the file’s own reference, in the order of the file."""
    rows = [
        (child.pseudonym, population.rows[child.number], cell_line(population.references[child.number]))
        for child in sample.children.values()
        if child.pseudonym
    ]
    return sorted(rows, key=lambda row: row[1])


def _page(audit: Audit, form: KeyForm) -> str:
    sample = sample_of(audit)
    cases = sum(bool(child.pseudonym) for child in sample.children.values()) if sample else 0
    return render_template(
        "survey/sampling/key.html",
        audit=audit,
        form=form,
        cases=cases,
        next=next_step(audit),
        errors=form.errors,
    )
