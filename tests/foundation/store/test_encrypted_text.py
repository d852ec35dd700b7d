"""A text that was moved in the database, or changed there, is noticed wherever it is read (promises P12)."""

import pytest
from flask import Flask
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, select, text, type_coerce
from sqlalchemy.orm import Mapper, Session, aliased, registry

from surveyapp.answering.models import Answer
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.store.encrypted_text import (
    EncryptedText,
    encrypted_columns,
    tell_types_their_columns,
)
from surveyapp.foundation.store.text_cipher import UnreadableText
from surveyapp.planning.models import Audit, Involvement
from tests.page_client import PageClient
from tests.row_maker import Maker

SAID = "Seen by her health visitor."


def answered(make: Maker) -> Audit:
    """An audit with one comment, and one agency's own reference of the same words."""
    audit = make.audit(cases=1, agencies=1)
    make.returned(make.requests(audit)[0], (GivenAnswer("supervision", item="comment", text=SAID),))
    return audit


def test_every_column_of_texts_has_a_place_of_its_own(app: Flask) -> None:
    assert app.name
    columns = encrypted_columns()
    assert len(columns) > 30
    types = [column.type for column in columns]
    assert [kind.place for kind in types if isinstance(kind, EncryptedText)] == [
        f"{c.table.name}.{c.name}" for c in columns
    ]


def test_two_columns_cannot_share_a_type() -> None:
    shared = EncryptedText()
    twin = Table(
        "twin",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("first", shared),
        Column("second", shared),
    )
    mapper: Mapper[object] = registry().map_imperatively(type("Twin", (), {}), twin)
    with pytest.raises(TypeError, match=r"twin\.second shares its type with twin\.first"):
        tell_types_their_columns(mapper, mapper.class_)


def test_a_text_moved_into_another_column_is_noticed_however_it_is_read(
    make: Maker, session: Session
) -> None:
    answered(make)
    session.execute(text("UPDATE survey_involvement SET own_reference = (SELECT text FROM survey_answer)"))
    session.commit()
    again = aliased(Involvement)
    inner = select(Involvement.own_reference).subquery()
    for query in (
        select(Involvement),
        select(Involvement.own_reference),
        select(again),
        select(inner),
        select(Involvement.__table__),
        select(type_coerce(Answer.text, Involvement.__table__.c.own_reference.type)),
    ):
        with pytest.raises(UnreadableText):
            session.execute(query).all()
    assert session.scalars(select(Answer)).one().text == SAID


def test_a_text_read_through_an_alias_or_a_subquery_is_of_its_column(make: Maker, session: Session) -> None:
    answered(make)
    session.expire_all()
    again, inner = aliased(Answer), select(Answer.text).subquery()
    assert session.scalars(select(again)).one().text == SAID
    assert session.scalars(select(inner.c.text)).one() == SAID
    raw = session.scalars(select(type_coerce(Answer.text, LargeBinary))).one()
    assert SAID.encode() not in raw


def test_a_moved_text_is_a_page_that_says_so_and_a_line_in_the_log_without_the_text(
    make: Maker, session: Session, client: PageClient, caplog: pytest.LogCaptureFixture
) -> None:
    audit = answered(make)
    session.execute(text("UPDATE survey_involvement SET own_reference = (SELECT text FROM survey_answer)"))
    session.commit()
    page = client.get(f"/audits/{audit.id}/references", status=500)
    assert "was changed or moved in the database" in page.text
    assert SAID not in page.text
    assert "A text in survey_involvement.own_reference does not open: it was changed or moved." in caplog.text
    assert SAID not in caplog.text
