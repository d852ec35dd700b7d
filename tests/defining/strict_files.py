"""Reads files strictly; all mistakes of a file are raised at once."""

from surveyapp.defining.document_validation import ModelT, validate_document
from surveyapp.defining.mistakes import FormMistakes
from surveyapp.defining.strict_yaml import StrictDocument, parse_document


def read_strict(text: bytes | str, name: str) -> StrictDocument:
    """Read one document; raises FormMistakes, also for keys given twice."""
    document = parse_document(text, name)
    if document.mistakes:
        raise FormMistakes(document.mistakes)
    return document


def read_model(model: type[ModelT], text: bytes | str, name: str) -> ModelT:
    """Read a file into `model`; raises FormMistakes with everything that is wrong, each with its place."""
    document = parse_document(text, name)
    found, mistakes = validate_document(model, document)
    if found is None or document.mistakes:
        raise FormMistakes([*document.mistakes, *mistakes])
    return found
