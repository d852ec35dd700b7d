"""The presses of a page that takes a table, in tests."""

import re
from typing import Any

from werkzeug.test import TestResponse

from tests.page_client import PageClient


def paste(client: PageClient, address: str, cells: str, *, status: int = 200) -> str:
    """Paste cells and press Preview."""
    client.get(address)
    return client.post(address, {"cells": cells}, status=status).text


def press(
    client: PageClient, address: str, page: str, *, step: str = "store", status: int = 303, **chosen: str
) -> TestResponse:
    """Press a button of a preview, with other choices and answers, by their keys."""
    form = page[page.index("<form") :]
    fields: dict[str, Any] = {"step": step}
    for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form):
        if name != "csrf_token":
            fields.setdefault(name, []).append(value)
    fields.update(re.findall(r'name="(choice-[^"]+)" type="\w+" value="(\w+)" checked', form))
    for name, options in re.findall(
        r'<select[^>]* name="(choice-[^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        fields[name] = "".join(re.findall(r'value="(\w*)" selected', options))
    fields |= {f"choice-{key}": choice for key, choice in chosen.items()}
    return client.post(address, fields, status=status)
