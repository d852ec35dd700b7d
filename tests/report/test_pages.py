import io
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager

import docx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.store.event_log import Event
from surveyapp.gathering.models import Narrative
from surveyapp.planning.models import Audit
from surveyapp.report.models import ReportText, SavedReport
from surveyapp.report.word.default_template import default_template
from tests.concluding.example_conclusions import acted, found, recommended
from tests.conftest import MONDAY_MORNING
from tests.exports.opened_files import exported
from tests.exports.test_views import downloaded
from tests.gathering.conftest import commented
from tests.page_client import PageClient, seen_digest
from tests.report.report_readers import text_of_pdf, text_of_word
from tests.row_maker import Maker

AtMost = Callable[[int], AbstractContextManager[list[str]]]
ODD = "<b>mine</b> {{ 7 * 7 }} #panic()"


@pytest.fixture
def audit(make: Maker) -> Audit:
    """One case, two agencies, one return."""
    audit = make.audit(cases=1, agencies=2, title="Neglect")
    make.returned(make.requests(audit)[0], (GivenAnswer("supervision", option="yes"),))
    return audit


def of_section(audit: Audit, name: str = "question-supervision") -> str:
    return f"/audits/{audit.id}/report/sections/{name}"


def test_the_audit_links_to_its_report_and_the_report_to_each_section(
    client: PageClient, audit: Audit
) -> None:
    assert f'href="/audits/{audit.id}/report"' in client.get(f"/audits/{audit.id}").text
    page = client.get(f"/audits/{audit.id}/report").text
    for address in (
        "report.docx",
        "report.pdf",
        "report/details",
        "report/template",
        "report/sections/terms",
    ):
        assert f'/audits/{audit.id}/{address}"' in page
    for question in audit.form.questions:
        assert f"/report/sections/question-{question.id}" in page


@pytest.mark.slow
def test_a_section_shows_its_figures_and_saves_the_authors_text(
    client: PageClient, audit: Audit, session: Session
) -> None:
    page = client.get(of_section(audit)).text
    assert "In 1 of 1 return (100%) the answer was “Yes”" in page
    assert "<svg" in page
    page = client.follow(client.post(of_section(audit), {"text": f"One.\n\n{ODD}", "seen": ""})).text
    assert "Your text is saved." in page
    assert "&lt;b&gt;mine&lt;/b&gt; {{ 7 * 7 }} #panic()" in page
    assert "8 words" in client.get(f"/audits/{audit.id}/report").text
    text = session.scalars(select(ReportText)).one()
    assert text.text == f"One.\n\n{ODD}"
    event = session.scalars(select(Event).where(Event.action == "saved_report_text")).one()
    assert (event.object, event.detail) == (f"audit {audit.id}", "question-supervision")
    for ending, read in (("docx", text_of_word), ("pdf", text_of_pdf)):
        content = downloaded(client, f"/audits/{audit.id}/report.{ending}").data
        assert ODD in read(content), ending


def test_two_stars_make_words_bold_on_the_page_as_its_hint_explains(client: PageClient, audit: Audit) -> None:
    recommended(audit, "Keep **chronologies** up to date, <b>now</b>.")
    page = client.get(of_section(audit, "recommendations")).text
    assert "Keep <strong>chronologies</strong> up to date, &lt;b&gt;now&lt;/b&gt;." in page
    assert "two stars on each side make **words** bold" in page


def test_a_section_is_marked_in_the_outline_and_links_to_what_was_written_to_its_question(
    client: PageClient, make: Maker
) -> None:
    audit = make.audit(cases=1, agencies=1)
    page = client.get(of_section(audit)).text
    # Once in the outline beside the page, once in the one that narrow screens open.
    assert page.count('<strong aria-current="page">') == 2
    assert 'class="survey-footer__line" data-typed>Example Safeguarding Children Partnership' in page
    link = f"/audits/{audit.id}/collation/questions/supervision"
    assert f'href="{link}#written"' in page
    client.get(link)


def test_the_outline_says_what_is_left_to_do_in_each_section(
    client: PageClient, make: Maker, session: Session
) -> None:
    audit = make.audit(cases=1, agencies=1)
    make.returned(make.requests(audit)[0], commented("supervision", "It is in the file."))
    for address in (f"/audits/{audit.id}/report", of_section(audit)):
        page = " ".join(client.get(address).text.split())
        for words in ("1 comment to read", "population not said", "nothing written yet", "no case example"):
            assert page.count(f"<strong>To do:</strong> {words}</span>") == 2, words
    finding = found(audit, "Plans drift.")
    assert "1 without an action" in client.get(f"/audits/{audit.id}/report").text
    acted(audit, "Ask.", finding_id=finding.id)
    client.post(of_section(audit, "conclusions"), {"text": "Files are better than before.", "seen": ""})
    session.add(Narrative(audit_id=audit.id, kind="case_example", text="A boy waited."))
    session.commit()
    page = client.get(f"/audits/{audit.id}/report").text
    assert "5 words of yours" in page
    for words in ("without an action", "nothing written yet", "no case example"):
        assert words not in page


def test_simultaneous_edits_of_a_section_show_both_texts(
    client: PageClient, audit: Audit, session: Session
) -> None:
    client.post(of_section(audit), {"text": "Theirs.", "seen": ""})
    page = client.post(of_section(audit), {"text": "Mine.", "seen": ""}, status=409).text
    assert "Somebody else has changed this section" in page
    assert "Theirs." in page
    assert "Mine." in page
    client.post(of_section(audit), {"text": "Theirs. Mine.", "seen": seen_digest(page)})
    assert session.scalars(select(ReportText)).one().text == "Theirs. Mine."


def test_an_empty_text_is_deleted_and_a_long_one_is_refused(
    client: PageClient, audit: Audit, session: Session
) -> None:
    client.post(of_section(audit), {"text": "x" * 40_000, "seen": ""})
    seen = seen_digest(client.get(of_section(audit)).text)
    page = client.post(of_section(audit), {"text": "x" * 40_001, "seen": seen}, status=422).text
    assert "Your own paragraphs: use 40,000 characters or fewer, not 40,001" in page
    assert "x" * 40_001 in page
    client.post(of_section(audit), {"text": "  \n", "seen": seen})
    assert session.scalars(select(ReportText)).all() == []


def test_a_text_without_a_section_is_shown_but_not_printed(
    client: PageClient, audit: Audit, session: Session
) -> None:
    now = audit.created_at
    session.add(ReportText(audit_id=audit.id, section="question-gone", text="Kept words.", updated_at=now))
    session.commit()
    page = client.get(f"/audits/{audit.id}/report").text
    assert "Texts without a section" in page
    assert "Kept words." in page
    assert "Kept words." not in text_of_word(downloaded(client, f"/audits/{audit.id}/report.docx").data)


def test_an_unknown_section_is_not_found(client: PageClient, audit: Audit) -> None:
    for name in ("question-nothing", "theme-nothing", "nothing", "question-", "terms-x"):
        client.get(of_section(audit, name), status=404)
        client.post(of_section(audit, name), {"text": "x"}, status=409)


@pytest.mark.slow
def test_every_section_has_a_page_even_without_returns(client: PageClient, make: Maker) -> None:
    for audit in (make.audit(cases=1, agencies=1), make.audit(cases=0, agencies=0, issued=False)):
        names = [f"theme-{theme}" for theme in ("records", "other")]
        fixed = (
            "terms",
            "audit",
            "response",
            "sources",
            "families",
            "presentation",
            "context",
            "voices",
            "conclusions",
            "recommendations",
            "question-supervision",
        )
        for name in (*fixed, *names):
            client.get(of_section(audit, name))


@pytest.mark.slow
def test_the_details_of_the_report_are_saved_and_printed(
    client: PageClient, audit: Audit, session: Session
) -> None:
    fields = {
        "author": "Ann <Lee>",
        "dated_on": ["3", "2", "2026"],
        "population": "202 plans & more",
        "criteria": "One\nTwo",
        "references": "An act",
    }
    page = client.follow(client.post(f"/audits/{audit.id}/report/details", fields)).text
    for words in ("Ann &lt;Lee&gt;", "Tuesday 3 February 2026", "202 plans &amp; more", "An act"):
        assert words in page
    assert "Ann &lt;Lee&gt;" in client.get(f"/audits/{audit.id}/report/details").text
    text = text_of_word(downloaded(client, f"/audits/{audit.id}/report.docx").data)
    for words in ("Author: Ann <Lee>", "3 February 2026", "202 plans & more", "An act"):
        assert words in text
    page = client.post(
        f"/audits/{audit.id}/report/details", {**fields, "dated_on": ["31", "2", "2026"]}, status=422
    ).text
    assert "enter a real day" in page
    assert "202 plans &amp; more" in page
    assert session.scalars(select(SavedReport)).one().author == "Ann <Lee>"


def test_simultaneous_edits_of_the_details_show_both(
    client: PageClient, audit: Audit, session: Session
) -> None:
    address = f"/audits/{audit.id}/report/details"
    client.post(address, {"author": "First", "criteria": "Theirs", "seen": ""})
    page = client.post(address, {"author": "Second", "criteria": "Mine", "seen": ""}, status=409).text
    for words in ("Somebody else has changed this", "First", "Theirs", "Second", "Mine"):
        assert words in page
    kept = session.scalars(select(SavedReport)).one()
    assert kept.author == "First"
    client.post(address, {"author": "Second", "seen": seen_digest(page)})
    assert session.scalars(select(SavedReport)).one().author == "Second"


def test_saving_can_continue_with_the_next_section(client: PageClient, audit: Audit) -> None:
    answer = client.post(of_section(audit, "terms"), {"text": "x", "seen": "", "then": "next"})
    assert answer.headers["Location"].endswith("/report/sections/audit")
    answer = client.post(of_section(audit, "recommendations"), {"text": "x", "seen": "", "then": "next"})
    assert answer.headers["Location"].endswith("/report/sections/recommendations")


@pytest.mark.slow
def test_a_template_is_downloaded_restyled_uploaded_and_used(
    client: PageClient, audit: Audit, session: Session
) -> None:
    address = f"/audits/{audit.id}/report/template"
    document = docx.Document(io.BytesIO(client.get(f"{address}.docx").data))
    document.add_paragraph("Our own last line for {{ title }}")
    content = io.BytesIO()
    document.save(content)
    page = client.follow(client.post(address, {"file": (io.BytesIO(content.getvalue()), "Ours.docx")})).text
    assert "The template is kept: Ours.docx" in page
    assert "use your template Ours.docx" in page
    assert "Our own last line for Neglect" in text_of_word(
        downloaded(client, f"/audits/{audit.id}/report.docx").data
    )
    assert client.get(f"{address}.docx").data == content.getvalue()
    client.follow(client.post(f"{address}/remove"))
    assert "Our own last line" not in text_of_word(downloaded(client, f"/audits/{audit.id}/report.docx").data)
    assert client.get(f"{address}.docx").data == default_template()
    assert [event.action for event in session.scalars(select(Event)) if "template" in event.action] == [
        "kept_report_template",
        "removed_report_template",
    ]


def test_what_a_template_leaves_out_is_said_each_time_its_page_is_opened(
    client: PageClient, audit: Audit
) -> None:
    address = f"/audits/{audit.id}/report/template"
    document = docx.Document(io.BytesIO(default_template()))
    for line in document.paragraphs:
        line.text = line.text.replace("{{ as_of }}", "").replace("{{ line }}", "")
    content = io.BytesIO()
    document.save(content)
    content.seek(0)
    page = client.follow(client.post(address, {"file": (content, "Ours.docx")})).text
    assert "The template is kept: Ours.docx." in page
    assert "Read below what they leave out." in page
    for shown in (page, client.get(address).text):
        assert "Your template has no place for lists: Word files of this report leave them out." in shown
        assert "so Word files say “Internal version, not for publication.” above everything else" in shown
    report = docx.Document(io.BytesIO(downloaded(client, f"/audits/{audit.id}/report.docx").data))
    assert report.paragraphs[0].text.startswith(
        "Internal version, not for publication. Figures as they stood on"
    )


def test_a_file_without_tags_is_refused_with_the_tag_that_it_needs(client: PageClient, audit: Audit) -> None:
    minutes = docx.Document()
    minutes.add_paragraph("Minutes of the meeting")
    content = io.BytesIO()
    minutes.save(content)
    content.seek(0)
    address = f"/audits/{audit.id}/report/template"
    page = client.post(address, {"file": (content, "Minutes.docx")}, status=422).text
    assert "The file has no {%p for part in parts %}, so no section of the report would be in it" in page
    assert "use our template" in page


@pytest.mark.slow
def test_a_template_that_an_earlier_version_kept_writes_no_report_without_sections(
    client: PageClient, audit: Audit, session: Session
) -> None:
    minutes = docx.Document()
    minutes.add_paragraph("Minutes of the meeting")
    content = io.BytesIO()
    minutes.save(content)
    kept = SavedReport(
        audit_id=audit.id,
        template=content.getvalue(),
        template_name="Minutes.docx",
        updated_at=MONDAY_MORNING,
    )
    session.add(kept)
    session.commit()
    refusal = "The file has no {%p for part in parts %}, so no section of the report would be in it"
    assert refusal in client.get(f"/audits/{audit.id}/report.docx", status=422).text
    assert refusal in client.get(f"/audits/{audit.id}/report/template").text
    assert client.get(f"/audits/{audit.id}/report/template.docx?ours=1").data == default_template()
    with zipfile.ZipFile(io.BytesIO(exported(audit, "zip"))) as archive:
        assert "Neglect" in text_of_word(archive.read("report.docx"))


def test_a_template_with_a_wrong_tag_is_refused_and_not_saved(
    client: PageClient, audit: Audit, session: Session
) -> None:
    address = f"/audits/{audit.id}/report/template"
    document = docx.Document(io.BytesIO(default_template()))
    document.add_paragraph("{{ titel }}")
    content = io.BytesIO()
    document.save(content)
    page = client.post(address, {"file": (io.BytesIO(content.getvalue()), "Ours.docx")}, status=422).text
    assert "The tag “{{ titel }}” of the template failed: “titel” is undefined" in page
    assert "use our template" in page
    assert "Choose a Word template to upload" in client.post(address, {}, status=422).text
    assert session.scalars(select(SavedReport)).all() == []


def test_a_download_is_recorded_named_and_not_cached(
    client: PageClient, audit: Audit, session: Session
) -> None:
    for ending in ("docx", "pdf"):
        answer = downloaded(client, f"/audits/{audit.id}/report.{ending}")
        assert f"report-{audit.id}-Neglect-2026-11-30.{ending}" in answer.headers["Content-Disposition"]
        assert "no-store" in answer.headers["Cache-Control"]
    noted = session.scalars(select(Event.detail).where(Event.action == "exported_audit")).all()
    assert noted == [".docx, 1 return", ".pdf, 1 return"]


def test_a_head_request_for_a_file_records_no_download(
    client: PageClient, stranger: PageClient, audit: Audit, session: Session
) -> None:
    for path in ("report.pdf", "report.docx", "brief/brief.pptx", "collation/export.zip"):
        answer = client.head(f"/audits/{audit.id}/{path}")
        assert (answer.mimetype or "").startswith("application/")
        assert "no-store" in answer.headers["Cache-Control"]
        stranger.head(f"/audits/{audit.id}/{path}", status=302)
    client.head(f"/audits/{audit.id}/report")
    assert session.scalars(select(Event.detail).where(Event.action == "exported_audit")).all() == []


def test_pages_need_at_most_fifteen_queries(client: PageClient, audit: Audit, queries: AtMost) -> None:
    for address in (
        f"/audits/{audit.id}/report",
        f"/audits/{audit.id}/report/details",
        of_section(audit),
        *(of_section(audit, name) for name in ("audit", "response", "context", "voices", "conclusions")),
    ):
        client.get(address)
        with queries(15):
            client.get(address)
