"""Validates a document against a pydantic model, and puts each error into a sentence with its place."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from surveyapp.defining.mistakes import Mistake
from surveyapp.defining.strict_yaml import StrictDocument

ModelT = TypeVar("ModelT", bound=BaseModel)


def validate_document(model: type[ModelT], document: StrictDocument) -> tuple[ModelT | None, list[Mistake]]:
    """The content of a document as a `model`; None and every mistake if it is not valid."""
    try:
        return model.model_validate(document.data), []
    except ValidationError as error:
        # pydantic also calls a list "too short" if every part of it is wrong, which adds nothing.
        errors = [detail for detail in error.errors() if detail["type"] != "too_short" or not detail["input"]]
        return None, [_from_pydantic(detail, document) for detail in errors]


_NAMES = {"tuple_type": "a list", "list_type": "a list", "string_type": "text", "bool_type": "true or false"}


_NAMES |= {
    "dict_type": "a mapping (name: value)",
    "model_type": "a mapping (name: value)",
    "int_type": "a whole number",
}


_NAMES |= {
    "bool_parsing": "true or false",
    "int_parsing": "a whole number",
    "model_attributes_type": _NAMES["model_type"],
}


def _from_pydantic(error: ErrorDetails, document: StrictDocument) -> Mistake:
    loc, kind, ctx = error["loc"], error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        way_on = (
            "check the spelling" if error["input"] else "is it text after a comma? Put the text in quotes"
        )
        return document.mistake(loc, f'"{loc[-1]}" is not known here; {way_on}', of_key=True)
    if kind == "missing":
        return document.mistake(loc[:-1], f'"{loc[-1]}" is missing')
    if loc and loc[-1] == "[key]":
        return document.mistake(loc, _mistake_message(kind, str(loc[-2]), ctx, error["msg"]), of_key=True)
    return document.mistake(loc, _mistake_message(kind, error["input"], ctx, error["msg"]))


def _mistake_message(kind: str, given: object, ctx: dict[str, Any], otherwise: str) -> str:  # noqa: PLR0911 — one a sentence
    shown = f'"{given}"' if isinstance(given, str | int) else _shape(given)
    if kind in _NAMES:
        return f"expected {_NAMES[kind]}, found {'nothing' if given in ('', None) else shown}"
    if kind == "literal_error":
        return f"{shown} is none of {str(ctx['expected']).replace(chr(39), '')}"
    if kind == "string_pattern_mismatch":
        return f"{shown} cannot be an id: small letters, digits and _, beginning with a letter, at most 60"
    if kind in {"string_too_short", "too_short"}:
        return "nothing stands here"
    if kind == "string_too_long":
        return f"the text is longer than {ctx['max_length']:,} characters"
    if kind in {"greater_than_equal", "less_than_equal"}:
        return f"{shown} is not {'at least' if 'ge' in ctx else 'at most'} {ctx.get('ge', ctx.get('le'))}"
    return otherwise.removeprefix("Value error, ")


def _shape(given: object) -> str:
    if isinstance(given, dict):
        return "a mapping (name: value)"
    return "a list" if isinstance(given, list | tuple) else "nothing"
