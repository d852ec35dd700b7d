"""Email addresses that the program accepts, for tests of everything that sends to them."""

import string

from hypothesis import strategies as st

from surveyapp.foundation.words.email_addresses import LONGEST_ADDRESS, is_address

_ATOM_CHARACTERS = string.ascii_letters + string.digits + "!#$%&'*+/=?^_`{|}~-"
_DOMAIN_CHARACTERS = string.ascii_letters + string.digits + "-"


def addresses() -> st.SearchStrategy[str]:
    """Addresses of every length and character that `is_address` accepts, from texts it mostly does."""
    mailbox = st.lists(st.text(_ATOM_CHARACTERS, min_size=1, max_size=20), min_size=1, max_size=4)
    domain = st.lists(st.text(_DOMAIN_CHARACTERS, min_size=1, max_size=63), min_size=2, max_size=5)
    like_an_address = st.builds(
        lambda names, labels: ".".join(names) + "@" + ".".join(labels), mailbox, domain
    )
    anything = st.text(max_size=LONGEST_ADDRESS + 10)
    return (like_an_address | anything).filter(is_address)
