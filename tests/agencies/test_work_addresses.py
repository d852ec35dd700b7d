"""The mark of an address by its domain, and the sentence about those that are not listed."""

from dataclasses import replace

import pytest
from flask import Flask

from surveyapp.agencies.models import Agency
from surveyapp.agencies.work_addresses import domain_mark, unlisted_in_words
from surveyapp.foundation.store.db import session
from tests.page_client import PageClient
from tests.planning import pasted_tables
from tests.row_maker import Maker

ARE = "are at domains not on your list"
LIST = """Agency\tKind\tName\tEmail
Northside Police\tPolice\tDS Amir Khan\ta.khan@northside.pnn.police.uk
Hill Nursery\tEarly years\tPat Lowe\tpat.lowe@gmail.com
Hill Charity\tVoluntary\tJo Reed\tjo@hillcharity.org
"""


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("address", "mark"),
    [
        ("a.khan@northside.pnn.police.uk", "Work domain"),
        ("sam@NHS.net", "Work domain"),
        ("sam@trust.nhs.uk", "Work domain"),
        ("sam@wrenford.gov.uk", "Work domain"),
        ("sam@mygov.uk", "Domain not listed"),
        ("jo@hillcharity.org", "Domain not listed"),
        ("pat.lowe@gmail.com", "Private mailbox"),
    ],
)
def test_each_address_has_the_mark_of_its_domain(address: str, mark: str) -> None:
    assert domain_mark(address) == mark


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("addresses", "words"),
    [
        ([], ""),
        (["a@nhs.net"], ""),
        (["a@hill.org"], "The address is at a domain that is not on your list: hill.org."),
        (
            ["a@hill.org", "b@nhs.net"],
            "One of the two addresses is at a domain not on your list: hill.org.",
        ),
        (
            ["a@hill.org", "b@gmail.com", "c@hill.org", "d@nhs.net"],
            "Three of the four addresses are at domains not on your list: hill.org and gmail.com.",
        ),
        (
            [f"a@c{number}.org" for number in range(7)],
            f"All seven addresses {ARE}: c0.org, c1.org, c2.org, c3.org, c4.org and 2 others.",
        ),
    ],
)
def test_the_sentence_counts_and_names_the_domains(addresses: list[str], words: str) -> None:
    assert unlisted_in_words(addresses) == words


def test_without_a_list_only_private_mailboxes_are_marked(app: Flask) -> None:
    state = app.extensions["survey"]
    app.extensions["survey"] = replace(state, settings=replace(state.settings, work_domains=""))
    assert domain_mark("jo@hillcharity.org") == domain_mark("sam@nhs.net") == ""
    assert domain_mark("pat.lowe@gmail.com") == "Private mailbox"


def test_the_directory_marks_listed_domains_and_private_mailboxes(client: PageClient, make: Maker) -> None:
    police = make.agency("Northside Police", contact="a.khan@kent.police.uk")
    nursery = make.agency("Hill Nursery", contact="pat@gmail.com")
    charity = make.agency("Hill Charity", contact="jo@hillcharity.org")
    page = client.get("/agencies").text
    assert (page.count("Work domain"), page.count("Private mailbox"), page.count("not listed")) == (1, 1, 0)
    for agency, mark in ((police, "Work domain"), (nursery, "Private mailbox"), (charity, "")):
        shown = client.get(f"/agencies/{agency.id}").text
        assert [words for words in ("Work domain", "Private mailbox", "not listed") if words in shown] == (
            [mark] if mark else []
        )


def test_an_import_marks_each_address_before_it_is_stored(client: PageClient) -> None:
    page = pasted_tables.paste(client, "/agencies/from-file", LIST)
    assert (
        "Two of the three addresses are at domains not on your list: gmail.com and hillcharity.org." in page
    )
    for words in (
        "a.khan@northside.pnn.police.uk (work domain)",
        "pat.lowe@gmail.com (private mailbox)",
        "jo@hillcharity.org (domain not listed)",
    ):
        assert words in page
    pasted_tables.press(client, "/agencies/from-file", page, step="store", status=303)
    assert session.query(Agency).count() == 3
    session.rollback()
    again = pasted_tables.paste(client, "/agencies/from-file", LIST)
    assert "not on your list" not in again, "Those in the directory are known already."


def test_before_issue_a_sentence_warns_and_nothing_is_held_up(client: PageClient, make: Maker) -> None:
    agencies = [
        make.agency("Northside Police", contact="a.khan@kent.police.uk"),
        make.agency("Hill Nursery", contact="pat@gmail.com"),
        make.agency("Hill Charity", contact="jo@hillcharity.org"),
    ]
    audit = make.audit(cases=1, agencies=agencies, issued=False)
    page = client.get(f"/audits/{audit.id}/issue").text
    assert (
        "Two of the three addresses are at domains not on your list: hillcharity.org and gmail.com." in page
    )
    assert "nothing is held up" in page
    for mark in ("Work domain", "Private mailbox", "Domain not listed"):
        assert page.count(mark) == 1
    assert page.count("Correct the address") == 2
    done = client.post(f"/audits/{audit.id}/issue")
    assert "3 requests issued. 3 emails on the way." in client.follow(done).text


def test_no_warning_where_every_domain_is_listed(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=[make.agency(contact="a@kent.police.uk")], issued=False)
    page = client.get(f"/audits/{audit.id}/issue").text
    assert "not on your list" not in page
    assert "Worth knowing" not in page
