"""Text as it comes in: cleaned once, before anything is checked or stored (promises 3.13)."""

import re
import unicodedata
from collections.abc import Collection

# C0 and C1 but LF and TAB, surrogates, non-characters, and marks that turn the direction of what follows.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
_ADDRESS = re.compile(
    r"[^@\s,;<>()\[\]\"\\]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}", re.IGNORECASE
)

LONGEST_COMMENT = 20_000
LONGEST_ADDRESS = 254


def clean_text(text: str) -> str:
    """Give text as we keep it: NFC, lines ending in LF, without characters that no file format bears."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _UNWANTED.sub("", lines))


def clean_line(text: str) -> str:
    """Give one line of text: cleaned, with every run of white space as one space."""
    return " ".join(clean_text(text).split())


def has_letter_or_digit(text: str) -> bool:
    """Whether text holds a letter or a figure: blanks, dots and marks that nobody sees say nothing."""
    return any(each.isalnum() for each in text)


def clean_address(text: str) -> str:
    """Give an email address without the spaces and invisible characters that come with pasting."""
    return _INVISIBLE.sub("", clean_text(text)).strip()


def is_address(text: str) -> bool:
    """Whether text has the shape of one email address; only the mail server knows whether it is one."""
    return len(text) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(text) is not None


def address_problem(text: str) -> str:
    """Say what is wrong with a text that is not one email address."""
    several = text.count("@") > 1
    said = f"“{text}” holds more than one email address." if several else f"“{text}” is not an email address."
    return (
        f"{said} Enter one, like name@agency.example"
        if text
        else "Enter an email address, like name@agency.example"
    )


def unlisted_domain(address: str, domains: Collection[str]) -> str:
    """The domain of an address that is none of these and below none of them; else empty, as without any.

    Domains are in small letters: “police.uk” takes in “kent.police.uk”, and not “mypolice.uk”.
    """
    domain = address.rpartition("@")[2].lower().rstrip(".")
    inside = any(domain == each or domain.endswith(f".{each}") for each in domains)
    return "" if inside or not domains else domain
