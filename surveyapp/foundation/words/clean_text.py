"""Cleans text on the way in, before it is checked or stored (promises 3.13)."""

import re
import unicodedata
from collections.abc import Collection

# Control characters except LF and TAB, surrogates, non-characters and marks that reverse the text direction.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
# Of these, clean_line keeps the two joiners, because emoji and some scripts need them.
_INVISIBLE_IN_A_LINE = re.compile("[\u00ad\u200b\u200e\u200f\u2060-\u2064\ufeff]")
_ADDRESS = re.compile(
    r"[^@\s,;<>()\[\]\"\\]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}", re.IGNORECASE
)

LONGEST_COMMENT = 20_000
LONGEST_ADDRESS = 254


def clean_text(text: str) -> str:
    """Normalise text to NFC and LF line ends, and remove characters that not every file format accepts."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _UNWANTED.sub("", lines))


def clean_line(text: str) -> str:
    """Clean a text and join it into one line; every run of white space becomes one space.

    Invisible characters are removed: they come with pasting, and nobody could tell the name apart from the
    same name without them.
    """
    return " ".join(_INVISIBLE_IN_A_LINE.sub("", clean_text(text)).split())


# What a word processor types for us: curly for straight quotes, and any of several dashes.
_TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛`´ʼ′", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
    }
)


def name_key(name: str) -> str:
    """The key by which two spellings of a name are recognised as the same name.

    It leaves out of account capitals, the form of quotes and dashes, invisible characters, and the number and
    kind of spaces. For comparing only: a name is stored and shown as it was typed.
    """
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", clean_text(name).translate(_TYPOGRAPHY)))
    return " ".join(unicodedata.normalize("NFC", plain.casefold()).split())


def has_letter_or_digit(text: str) -> bool:
    """Whether text holds a letter or a digit, not only blanks, punctuation and invisible characters."""
    return any(character.isalnum() for character in text)


def clean_address(text: str) -> str:
    """Remove the spaces and invisible characters that come with pasting an email address."""
    return _INVISIBLE.sub("", clean_text(text)).strip()


def is_address(text: str) -> bool:
    """Whether text has the form of one email address; only the mail server knows whether it exists."""
    return len(text) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(text) is not None


def address_problem(text: str) -> str:
    """A sentence for the person who entered a text that is not one email address."""
    several = text.count("@") > 1
    mistake = (
        f"“{text}” holds more than one email address." if several else f"“{text}” is not an email address."
    )
    return (
        f"{mistake} Enter one, like name@agency.example"
        if text
        else "Enter an email address, like name@agency.example"
    )


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
