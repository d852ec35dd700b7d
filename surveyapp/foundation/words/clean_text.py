"""Cleans text on the way in, before it is checked or stored (promises 3.13)."""

import re

from surveyapp.foundation.normal_form import INVISIBLE, normal_form

# Control characters except LF and TAB, surrogates, non-characters and marks that reverse the text direction.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
# Of these, clean_line keeps the two joiners, because emoji and some scripts need them.
_INVISIBLE_IN_A_LINE = re.compile("[\u00ad\u200b\u200e\u200f\u2060-\u2064\ufeff]")

LONGEST_COMMENT = 20_000


def clean_text(text: str) -> str:
    """Normalise text to NFC and LF line ends, and remove characters that not every file format accepts.

    The time is linear in the length of the text, whatever it holds.
    """
    if text.isascii() and text.isprintable():
        # Most cells of a table, of which there may be a million: nothing to clean.
        return text
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return normal_form("NFC", _UNWANTED.sub("", lines))


def clean_line(text: str) -> str:
    """Clean a text and join it into one line; every run of white space becomes one space.

    Invisible characters are removed: they come with pasting, and nobody could tell the name apart from the
    same name without them.
    """
    return " ".join(_INVISIBLE_IN_A_LINE.sub("", clean_text(text)).split())


# What a word processor types for us: curly for straight quotes, and any of several dashes.
_TYPED_FOR = {"'": "‘’‚‛`´ʼ′", '"': "“”„‟«»″", "-": "‐‑‒–—―−"}
_TYPOGRAPHY = str.maketrans({typed: plain for plain, others in _TYPED_FOR.items() for typed in others})


def name_key(name: str) -> str:
    """The key by which two spellings of a name are recognised as the same name.

    It leaves out of account capitals, the form of quotes and dashes, invisible characters, and the number and
    kind of spaces. For comparing only: a name is stored and shown as it was typed.
    """
    plain = normal_form("NFKC", _INVISIBLE.sub("", clean_text(name).translate(_TYPOGRAPHY)))
    return " ".join(normal_form("NFC", plain.casefold()).split())


def name_pattern(name: str) -> str:
    """A regular expression that finds a name in a text with other quotes, dashes or spaces than its own.

    Compile it with re.IGNORECASE where capitals make no difference either.
    """
    plain = " ".join(clean_line(name).translate(_TYPOGRAPHY).split())
    others = {typed: f"[{re.escape(typed + more)}]" for typed, more in _TYPED_FOR.items()} | {" ": r"\s+"}
    return "".join(others.get(character) or re.escape(character) for character in plain)


def has_letter_or_digit(text: str) -> bool:
    """Whether text holds a letter or a digit, not only blanks, punctuation and invisible characters."""
    return any(character.isalnum() for character in text)
