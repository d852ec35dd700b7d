"""What a browser would post from the main form of a page on which a form is made."""

from typing import Any

import html5lib


def page_fields(page: str) -> dict[str, Any]:
    """The fields of the page’s first form by name, without buttons; several values of a name are a list."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    form = next(form for form in tree.iter("form") if form.get("method") == "post")
    fields: dict[str, list[str]] = {}
    for element in form.iter():
        name, kind = element.get("name"), element.get("type", "")
        if name is None or element.tag not in {"input", "textarea", "select"}:
            continue
        if kind in {"checkbox", "radio"} and element.get("checked") is None:
            continue
        if element.tag == "select":
            options = list(element.iter("option"))
            chosen = next((option for option in options if option.get("selected") is not None), options[0])
            value = chosen.get("value", "")
        else:
            value = (element.text or "") if element.tag == "textarea" else element.get("value", "")
        fields.setdefault(name, []).append(value.removeprefix("\n"))
    fields.pop("csrf_token", None)
    return {name: values[0] if len(values) == 1 else values for name, values in fields.items()}
