"""Genders, categories and plans as offices shorten them."""

from surveyapp.foundation.tables.columns import head_key
from surveyapp.planning.cases.details import CATEGORIES, GENDERS, PLANS

_SHORT = {
    "gender": {
        "f": "female",
        "girl": "female",
        "m": "male",
        "boy": "male",
        "nb": "non-binary",
        "unknown": "not known",
        "nk": "not known",
    },
    "category": {"emotional": "emotional abuse", "physical": "physical abuse", "sexual": "sexual abuse"},
    "plan": {
        "cp": "child protection",
        "cpp": "child protection",
        "child protection plan": "child protection",
        "cin": "child in need",
        "child in need plan": "child in need",
        "eh": "early help",
        "early help plan": "early help",
        "lac": "looked after",
        "cla": "looked after",
        "looked after child": "looked after",
    },
}
_USUAL = {"gender": GENDERS, "category": CATEGORIES, "plan": PLANS}


def usual_word(field: str, text: str) -> str:
    """The usual word for a gender, category or plan, however it is shortened; any other text stays."""
    key = head_key(text)
    usual = {head_key(word): word for word in _USUAL.get(field, ())}
    return usual.get(key) or _SHORT.get(field, {}).get(key) or text
