"""Reads an XLSForm with pyxform into a form, and names every part of it that our forms do not have."""

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from surveyapp.defining.definition import COMMENT, NONE_OF_THESE
from surveyapp.defining.document_validation import validate_document
from surveyapp.defining.editing.draft import FormDraft
from surveyapp.defining.editing.draft_changes import id_from
from surveyapp.defining.exchange.taken_form import TakenForm, UnreadableForm
from surveyapp.defining.question_parts import TODAY
from surveyapp.defining.rules.question_rules import MAX_SCALE_STEPS, RESERVED_IDS
from surveyapp.defining.strict_yaml import StrictDocument
from surveyapp.foundation.words.clean_text import clean_line

_THEME = ("practice", "Practice")
_NOT_INSTALLED = "This is an XLSForm, which cannot be read here: install the part “xlsform” of this program."
_SELECTS = {"select one": "choice", "select all that apply": "choices"}
_TEXTS = {"text": "text", "string": "text", "date": "date", "integer": "number", "int": "number"}
# What a tool notes by itself while somebody fills in a form.
_METADATA = frozenset(
    (
        "start",
        "end",
        "today",
        "deviceid",
        "subscriberid",
        "simserial",
        "phonenumber",
        "username",
        "email",
        "audit",
        "start-geopoint",
    )
)
# The parts of a question that are read, or that say only how a tool draws it.
_READ = frozenset(
    (
        "type",
        "name",
        "label",
        "hint",
        "bind",
        "control",
        "choices",
        "itemset",
        "list_name",
        "parameters",
        "children",
        "default",
        "sms_field",
        "instance",
    )
)
_CHOSEN = re.compile(
    r"selected\(\s*\$\{([^}]+)\}\s*,\s*['\"]([^'\"]*)['\"]\s*\)|\$\{([^}]+)\}\s*=\s*['\"]?([\w.-]+)['\"]?"
)
_NOT_CHOSEN = re.compile(
    r"\$\{([^}]+)\}\s*!=\s*['\"]['\"]\s+and\s+not\(\s*selected\(\s*\$\{\1\}\s*,\s*['\"]([^'\"]+)['\"]\s*\)\s*\)"
)
_BOUND = re.compile(r"\.\s*(>=|<=|>|<)\s*(-?[0-9]{1,9}|today\(\)|date\('([0-9-]{10})'\))")
_NONE_ALONE = re.compile(r"not\(\s*selected\(\., 'none_of_these'\) and count-selected\(\.\) > 1\)")


def read_xlsform(content: bytes) -> TakenForm:
    """The form in an XLSForm workbook, with every loss. Raises UnreadableForm where pyxform refuses it."""
    try:
        from pyxform.errors import PyXFormError
        from pyxform.xls2json import workbook_to_json
        from pyxform.xls2json_backends import get_xlsform
    except ImportError:
        raise UnreadableForm(_NOT_INSTALLED) from None

    warnings: list[str] = []
    try:
        workbook = get_xlsform(io.BytesIO(content), file_type=".xlsx")
        survey = workbook_to_json(workbook_dict=workbook, fallback_form_name="form", warnings=warnings)
    except PyXFormError as error:
        raise UnreadableForm(f"The XLSForm has a mistake: {clean_line(str(error))[:500]}") from None
    return _Reader(survey).read()


class _Reader:
    """Turns the elements of an XLSForm into questions, and collects what is lost."""

    def __init__(self, survey: Mapping[str, Any]) -> None:
        self.survey = survey
        self.questions: list[dict[str, Any]] = []
        self.losses: list[str] = []
        # Our id of each element by its name, and our value of each choice by element and name.
        self.ids: dict[str, str] = {}
        self.values: dict[str, dict[str, str]] = {}
        self.section = ""
        self.languages: set[str] = set()

    def read(self) -> TakenForm:
        for element in self.survey.get("children", ()):
            self.element(element, "")
        title = clean_line(str(self.survey.get("title") or "")) or "A form without a title"
        content = {
            "form": "taken",
            "title": title[:200],
            "source": "An XLSForm",
            "themes": dict([_THEME]),
            "questions": self.questions,
        }
        draft, mistakes = validate_document(FormDraft, StrictDocument("", content, None))
        if draft is None:
            raise UnreadableForm(*dict.fromkeys(mistake.message for mistake in mistakes))
        return TakenForm(draft, tuple(dict.fromkeys([*self.losses_of_form(), *self.losses])))

    def losses_of_form(self) -> Iterator[str]:
        yield f"An XLSForm has no themes: every question is put under “{_THEME[1]}”."
        if self.languages:
            default = self.survey.get("default_language", "default")
            others = ", ".join(sorted(self.languages))
            yield f"The words in {others} are not taken, only those in “{default}”."

    def words(self, value: object) -> str:
        """The words of a label or hint in the default language, or else in the first."""
        if isinstance(value, Mapping):
            default = str(self.survey.get("default_language", "default"))
            chosen = default if default in value else next(iter(value), "")
            self.languages |= {str(name) for name in value if name != chosen}
            value = value.get(chosen, "")
        plain = re.sub(r"</?[a-z][^>]*>|\*\*", "", clean_line(str(value or "")))
        # pyxform makes every quotation mark a straight one.
        return re.sub(r"(?<=\w)'", "’", re.sub(r'"([^"]*)"', r"“\1”", plain))[:2_000]

    def element(self, element: Mapping[str, Any], relevant: str) -> None:
        kind, name = str(element.get("type", "")), str(element.get("name", ""))
        about = self.about(element)
        if kind == "group":
            self.group(element, relevant)
        elif kind == "repeat":
            inside = self.inside(element)
            self.losses.append(
                f"{about} is a group that repeats; it and the questions in it are not taken: {inside}."
            )
        elif kind in _SELECTS:
            self.select(element, relevant)
        elif kind == "range":
            self.range(element, relevant)
        elif kind in _TEXTS:
            self.written(element, relevant)
        elif kind == "note":
            self.losses.append(f"{about} is a note to read, not a question; it is not taken.")
        elif kind in _METADATA:
            self.losses.append(f"“{name}” is noted by the tool itself ({kind}); it is not taken.")
        else:
            self.losses.append(
                f"{about} is of the kind “{kind}”, which our forms do not have; it is not taken."
            )

    def about(self, element: Mapping[str, Any]) -> str:
        return f"“{self.words(element.get('label')) or element.get('name', '')}”"

    def inside(self, element: Mapping[str, Any]) -> str:
        names = [self.about(child) for child in element.get("children", ())]
        return ", ".join(names) or "it is empty"

    def group(self, element: Mapping[str, Any], relevant: str) -> None:
        if element.get("control", {}).get("bodyless"):
            return
        parts = [str(child.get("name", "")) for child in element.get("children", ())]
        name = str(element.get("name", ""))
        if parts == [f"{name}_{part}" for part in ("name", "telephone", "email")]:
            self.question(element, {"kind": "contact"}, relevant)
            return
        own = str(element.get("bind", {}).get("relevant", ""))
        both = " and ".join(filter(None, (relevant, own)))
        before = len(self.questions)
        self.section = self.words(element.get("label"))
        for child in element.get("children", ()):
            self.element(child, both)
        if len(self.questions) > before and not self.questions[before].get("section") and self.section:
            self.questions[before]["section"] = self.section
        self.section = ""

    def select(self, element: Mapping[str, Any], relevant: str) -> None:
        kind = _SELECTS[str(element["type"])]
        name = str(element.get("name", ""))
        values: dict[str, str] = {}
        options = []
        for choice in element.get("choices", ()):
            value = _option_value(str(choice.get("name", "")), set(values.values()))
            values[str(choice.get("name", ""))] = value
            options.append({"value": value, "label": self.words(choice.get("label")) or value})
            if "media" in choice:
                self.losses.append(f"{self.about(element)}: pictures or sounds of its answers are not taken.")
        self.values[name] = values
        made: dict[str, Any] = {"kind": kind}
        none = next((option for option in options if option["value"] == NONE_OF_THESE), None)
        if kind == "choices" and none is not None:
            lines = [option for option in options if option is not none]
            made = {
                "kind": "checklist",
                "items": [{"id": _line_id(line["value"]), "label": line["label"]} for line in lines],
                "none_of_these": none["label"],
            }
            self.values[name] = {
                key: value if value == NONE_OF_THESE else _line_id(value) for key, value in values.items()
            }
        elif options:
            made["answers"] = options
        else:
            self.losses.append(f"{self.about(element)}: its answers come from elsewhere and are not taken.")
        self.question(element, made, relevant)

    def range(self, element: Mapping[str, Any], relevant: str) -> None:
        numbers = element.get("parameters") or element.get("control") or {}
        bounds = [
            str(numbers.get(name, other)) for name, other in (("start", "1"), ("end", "10"), ("step", "1"))
        ]
        if all(re.fullmatch(r"-?[0-9]{1,9}", bound) for bound in bounds):
            lowest, highest, step = map(int, bounds)
            is_scale = step == 1 and 0 <= lowest < highest <= lowest + MAX_SCALE_STEPS
            if step != 1:
                self.losses.append(f"{self.about(element)}: its steps of {step} are not taken.")
            self.question(
                element,
                {"kind": "scale" if is_scale else "number", "lowest": lowest, "highest": highest},
                relevant,
            )
        else:
            self.losses.append(
                f"{self.about(element)} is a range of numbers that are not whole; it is not taken."
            )

    def written(self, element: Mapping[str, Any], relevant: str) -> None:
        kind, name = _TEXTS[str(element["type"])], str(element.get("name", ""))
        is_long = "multiline" in str(element.get("control", {}).get("appearance", ""))
        before = self.questions[-1] if self.questions else None
        if (
            before
            and kind == "text"
            and self.ids.get(name.removesuffix(f"_{COMMENT}")) == before["id"]
            and name.endswith(f"_{COMMENT}")
        ):
            before["comment"] = self.words(element.get("label")) or "Comments"
            required = str(element.get("bind", {}).get("required", ""))
            gate, chosen = self.condition(required) or ("", [])
            if chosen and gate == before["id"]:
                before["comment_when"] = chosen
            elif required:
                self.losses.append(
                    f"{self.about(element)}: when it has to be answered is not taken: {required}"
                )
            return
        self.question(element, {"kind": "long_text" if kind == "text" and is_long else kind}, relevant)

    def question(self, element: Mapping[str, Any], made: dict[str, Any], relevant: str) -> None:
        name, about = str(element.get("name", "")), self.about(element)
        taken = {question["id"] for question in self.questions} | RESERVED_IDS
        question: dict[str, Any] = {
            "id": _question_id(name, taken),
            "number": len(self.questions) + 1,
            "theme": _THEME[0],
        }
        self.ids[name] = question["id"]
        question["ask"] = self.words(element.get("label")) or name
        hint = self.words(element.get("hint"))
        if hint:
            question["hint"] = hint
        if self.section:
            question["section"], self.section = self.section, ""
        bind = element.get("bind", {})
        self.required(question, str(bind.get("required", "")), about)
        both = " and ".join(filter(None, (relevant, str(bind.get("relevant", "")))))
        if both:
            self.show_if(question, both, about)
        question |= made
        constraint = str(bind.get("constraint", ""))
        if constraint and not (_NONE_ALONE.fullmatch(constraint) and made["kind"] == "checklist"):
            bounds = _bounds_of(constraint, made["kind"])
            question |= bounds
            if not bounds:
                self.losses.append(f"{about}: the limit of its answers is not taken: {constraint}")
        self.losses += [
            f"{about}: its {key.removeprefix('jr:')} is not taken."
            for key in sorted(bind)
            if key.removeprefix("jr:")
            not in {"required", "relevant", "constraint", "constraintMsg", "requiredMsg", "type"}
        ]
        self.losses += [
            f"{about}: its {key.replace('_', ' ')} is not taken." for key in sorted(set(element) - _READ)
        ]
        if "default" in element:
            self.losses.append(f"{about}: the answer filled in beforehand is not taken: {element['default']}")
        self.questions.append(question)

    def required(self, question: dict[str, Any], required: str, about: str) -> None:
        if required in ("yes", "true()", "true"):
            question["required"] = True
        elif required not in ("", "no", "false()", "false"):
            self.losses.append(f"{about}: when it has to be answered is not taken: {required}")

    def show_if(self, question: dict[str, Any], relevant: str, about: str) -> None:
        negative = _NOT_CHOSEN.fullmatch(relevant.strip())
        if negative and negative[1] in self.ids and negative[2] in self.values.get(negative[1], {}):
            question["show_if"] = {
                "question": self.ids[negative[1]],
                "is_not": self.values[negative[1]][negative[2]],
            }
            return
        found = self.condition(relevant)
        if found is None:
            self.losses.append(f"{about}: it is asked always, since its condition is not taken: {relevant}")
            return
        gate, chosen = found
        question["show_if"] = {"question": gate} | (
            {"is": chosen[0]} if len(chosen) == 1 else {"one_of": chosen}
        )

    def condition(self, expression: str) -> tuple[str, list[str]] | None:
        """The question and the answers that an expression asks for: one of these; None if it says more."""
        parts = [_CHOSEN.fullmatch(part.strip()) for part in re.split(r"\s+or\s+", expression.strip())]
        pairs = [(part[1] or part[3], part[2] if part[1] else part[4]) for part in parts if part]
        gates = {gate for gate, _ in pairs}
        if len(pairs) != len(parts) or len(gates) != 1:
            return None
        gate = gates.pop()
        asked = next((one for one in self.questions if one["id"] == self.ids.get(gate)), None)
        known = self.values.get(gate, {})
        if asked is not None and asked["kind"] == "scale":
            known = {str(step): str(step) for step in range(asked["lowest"], asked["highest"] + 1)}
        if asked is None or not all(value in known for _, value in pairs):
            return None
        return asked["id"], [known[value] for _, value in pairs]


def _bounds_of(constraint: str, kind: str) -> dict[str, Any]:
    """The limits of a number or a date; empty if the constraint says anything else."""
    parts = [_BOUND.fullmatch(part.strip()) for part in re.split(r"\s+and\s+", constraint.strip())]
    bounds: dict[str, Any] = {}
    for part in parts:
        if part is None:
            return {}
        is_low, is_strict = part[1].startswith(">"), len(part[1]) == 1
        is_number = re.fullmatch(r"-?[0-9]+", part[2]) is not None
        if kind == "number" and is_number:
            number = int(part[2]) + (0 if not is_strict else 1 if is_low else -1)
            bounds["lowest" if is_low else "highest"] = number
        elif kind == "date" and not is_number and not is_strict:
            bounds["earliest" if is_low else "latest"] = part[3] or TODAY
        else:
            return {}
    return bounds


def _question_id(name: str, taken: set[str]) -> str:
    if (
        re.fullmatch(r"[a-z][a-z0-9_]{0,59}", name)
        and name not in taken
        and not name.startswith(("validate_", "filter_"))
    ):
        return name
    return id_from(
        f"question {name}" if name.startswith(("validate_", "filter_")) else name.replace("_", " "),
        taken,
        otherwise="question",
    )


def _option_value(name: str, taken: set[str]) -> str:
    if re.fullmatch(r"[a-z0-9][a-z0-9_]{0,59}", name) and name not in taken:
        return name
    return id_from(name, taken, otherwise="answer")


def _line_id(value: str) -> str:
    return value if value[0].isalpha() and value not in {COMMENT, NONE_OF_THESE} else f"line_{value}"[:60]
