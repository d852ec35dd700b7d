"""The form for a resource of the library."""

import re
from urllib.parse import unquote, urlsplit

from wtforms import HiddenField, StringField
from wtforms.validators import ValidationError

from surveyapp.brief.brief import Resource
from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import MaxCharacters, RequiredText

# A link may not be named with these words alone: they do not say where it leads (stories I10).
_VAGUE_WORD_LIST = """
    click press tap see read available more link website page this it here for the a to go
    """
_VAGUE_WORDS = frozenset(_VAGUE_WORD_LIST.split())
# Characters that end an address where it is pasted or written into a file.
_ENDS_AN_ADDRESS = re.compile(r"[\"“”<>`\\]")
# Direction marks, zero-width characters and control characters.
_INVISIBLE_CHARACTERS = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


class ResourceForm(SurveyForm):
    """The form for a resource of the library."""

    name = LineField(
        "Name",
        validators=[RequiredText("Enter what it is called, such as Neglect toolkit"), MaxCharacters(120)],
    )
    what = LineField(
        "What it is",
        validators=[
            RequiredText("Say what it is or when it helps, in a few words"),
            MaxCharacters(200),
        ],
    )
    address = LineField(
        "Address",
        validators=[RequiredText("Enter its address, beginning with https://"), MaxCharacters(500)],
    )

    seen = HiddenField()

    def validate_name(self, field: StringField) -> None:
        """Refuse a name that does not say where the link leads."""
        words = re.findall(r"[^\W_]+", (field.data or "").casefold())
        if _VAGUE_WORDS.issuperset(words):
            raise ValidationError("Enter what it is called: a link named so tells nobody where it leads")

    def validate_address(self, field: StringField) -> None:
        """Accept a web address without a password, quotation marks or invisible characters."""
        try:
            parts = urlsplit(field.data or "")
            is_web_address = parts.scheme in {"http", "https"} and bool(parts.hostname)
        except ValueError:
            is_web_address = False
        if not is_web_address or re.search(r"\s", field.data or ""):
            raise ValidationError("Enter an address of the web, like https://www.example.org/toolkit")
        if parts.username is not None or parts.password is not None:
            raise ValidationError("Leave out the name and password before the @: everybody reads the address")
        if _ENDS_AN_ADDRESS.search(field.data or ""):
            raise ValidationError("Leave out quote marks and angle brackets: an address has none")
        if _INVISIBLE_CHARACTERS.search(unquote(field.data or "")):
            raise ValidationError("Leave out what nobody sees: it shows another address than it leads to")

    def resource(self) -> Resource:
        """The typed resource; valid only after validate() returned True."""
        return Resource(self.name.data or "", self.what.data or "", self.address.data or "")
