"""Validating a document against a model: every mistake at once, in sentences."""

from pydantic import BaseModel

from surveyapp.defining.document_validation import validate_document
from surveyapp.defining.mistakes import FormMistakes, Mistake
from surveyapp.defining.strict_yaml import parse_document


class Person(BaseModel, extra="forbid"):
    name: str
    age: int


def test_a_document_is_read_or_all_its_mistakes_are_reported_at_once() -> None:
    assert validate_document(Person, parse_document("name: Ann\nage: 30", "p.yaml")) == (
        Person(name="Ann", age=30),
        [],
    )
    document = parse_document("age: old\nage: 3\nheight: 2", "p.yaml")
    person, mistakes = validate_document(Person, document)
    assert person is None
    refused = FormMistakes([*document.mistakes, *mistakes])
    assert refused.mistakes == (
        Mistake("p.yaml", 1, 1, '"name" is missing'),
        Mistake("p.yaml", 2, 1, '"age" is given twice, first in line 1'),
        Mistake("p.yaml", 3, 1, '"height" is not known here; check the spelling'),
    )
    assert str(refused).startswith('p.yaml:1:1: "name" is missing\n')
