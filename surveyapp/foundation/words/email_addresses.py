"""Email addresses as people type and paste them: cleaned, checked, and what is wrong with one."""

import re
from collections.abc import Collection

from surveyapp.foundation.normal_form import INVISIBLE
from surveyapp.foundation.words.clean_text import clean_text

# RFC 5321, sections 4.5.3.1.1 and 4.5.3.1.3: 256 octets with the angle brackets.
LONGEST_MAILBOX = 64
LONGEST_ADDRESS = 254
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
# RFC 5322, section 3.2.3, dot-atom: mail servers rarely take the quoted form, nor letters beyond ASCII.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
# RFC 3696, section 2: the last part is not all digits.
_ADDRESS = re.compile(rf"(?P<mailbox>{_ATOM}(?:\.{_ATOM})*)@(?:{_LABEL}\.)+(?![0-9]+\Z){_LABEL}")
_SHORTEST_LAST_LABEL = 2
# Header readers take it for the beginning of an encoded word (RFC 2047).
_ENCODED_WORD = "=?"
_CURLY_APOSTROPHES = re.compile("[‘’ʼ′´`]")
_EXAMPLE = "like name@agency.example"
# How much of a text that is no address a message quotes.
_LONGEST_QUOTED = 100


def clean_address(text: str) -> str:
    """Remove the spaces and invisible characters that come with pasting an email address."""
    return _INVISIBLE.sub("", clean_text(text)).strip()


def is_address(text: str) -> bool:
    """Whether text is one email address that we can send to; only the mail server knows whether it exists."""
    match = _ADDRESS.fullmatch(text) if len(text) <= LONGEST_ADDRESS else None
    return (
        match is not None
        and len(match["mailbox"]) <= LONGEST_MAILBOX
        and len(text.rpartition(".")[2]) >= _SHORTEST_LAST_LABEL
        and _ENCODED_WORD not in match["mailbox"]
    )


def address_problem(text: str) -> str:
    """What is wrong with a cleaned text that is not one email address, and what to enter instead.

    A sentence without its full stop, for the person who entered the text.
    """
    if not text:
        return f"Enter an email address, {_EXAMPLE}"
    quoted = f"“{text[:_LONGEST_QUOTED]}{'…' if len(text) > _LONGEST_QUOTED else ''}”"
    if len(text) > LONGEST_ADDRESS:
        return f"{quoted} has {len(text):,} characters, and an email address at most {LONGEST_ADDRESS}"
    if text.count("@") > 1:
        return f"{quoted} holds more than one email address. Enter one, {_EXAMPLE}"
    mended, faults = _mended(text)
    if is_address(mended):
        return f"{quoted} {' and '.join(faults)}: write {mended}"
    fault = _fault(mended)
    return (
        f"{quoted} {fault}: check it" if fault else f"{quoted} is not an email address. Enter one, {_EXAMPLE}"
    )


def _mended(text: str) -> tuple[str, list[str]]:
    """A text without what programs add to an address, and what that was, in words."""
    faults = []
    if text.startswith("<") or text.endswith(">"):
        text = text.removeprefix("<").removesuffix(">").strip()
        faults.append("stands between < and >")
    if text.lower().startswith("mailto:"):
        text = text[len("mailto:") :].partition("?")[0].strip()
        faults.append("begins with “mailto:”")
    if text.endswith((".", ",", ";")):
        text = text.rstrip(".,; ")
        faults.append("ends with a punctuation mark")
    if _CURLY_APOSTROPHES.search(text) and not is_address(text):
        text = _CURLY_APOSTROPHES.sub("'", text)
        faults.append("has a curly apostrophe")
    return text, faults


def _fault(text: str) -> str:  # noqa: PLR0911 — one for each fault
    """The first fault of a text with one @, in words that follow the text; empty if none of these."""
    mailbox, at, domain = text.partition("@")
    if not (at and mailbox and domain):
        return ""
    if " " in text:
        return "has a space in it"
    unknown = next((character for character in text if not character.isascii()), "")
    if unknown:
        return f"has “{unknown}” in it, which mail servers do not take"
    if ".." in text:
        return "has two dots side by side"
    if mailbox.startswith(".") or mailbox.endswith("."):
        return "has a dot at the beginning or the end of the part before the @"
    unusual = _ENCODED_WORD if _ENCODED_WORD in mailbox else re.sub(rf"{_ATOM}|\.", "", mailbox)[:1]
    if unusual:
        return f"has “{unusual}” before the @, which mail servers do not take"
    if len(mailbox) > LONGEST_MAILBOX:
        return f"has {len(mailbox)} characters before the @, which may be at most {LONGEST_MAILBOX}"
    labels = domain.split(".")
    if any(label.startswith("-") or label.endswith("-") for label in labels):
        return "has a hyphen at the beginning or the end of a part after the @"
    if len(labels) > 1 and labels[-1].isdecimal():
        return f"ends in “.{labels[-1]}”, and no email address ends in a number"
    return ""


def domain_of(address: str) -> str:
    """The domain of an email address, in lower case."""
    return address.rpartition("@")[2].lower().rstrip(".")


def unlisted_domain(address: str, domains: Collection[str]) -> str:
    """The domain of an address if it is neither in `domains` nor below one of them; otherwise empty.

    `domains` are in lower case: “police.uk” includes “kent.police.uk” but not “mypolice.uk”. With no
    domains, no address is unlisted.
    """
    domain = domain_of(address)
    is_listed = any(domain == known_domain or domain.endswith(f".{known_domain}") for known_domain in domains)
    return "" if is_listed or not domains else domain
