"""Whether an email address looks like one of somebody's work: its domain beside those of their agency."""

from collections.abc import Collection, Sequence

from surveyapp.foundation.settings import settings
from surveyapp.foundation.words.dates_and_lists import list_in_words
from surveyapp.foundation.words.email_addresses import domain_of, unlisted_domain
from surveyapp.foundation.words.number_words import number_in_words
from surveyapp.foundation.words.shares import counted

# Providers at which anybody can have a mailbox, as used in the United Kingdom.
PRIVATE_PROVIDERS = frozenset(
    {
        "aol.com",
        "aol.co.uk",
        "blueyonder.co.uk",
        "btinternet.com",
        "btopenworld.com",
        "duck.com",
        "fastmail.com",
        "gmail.com",
        "gmx.co.uk",
        "gmx.com",
        "gmx.net",
        "googlemail.com",
        "hotmail.co.uk",
        "hotmail.com",
        "hushmail.com",
        "icloud.com",
        "live.co.uk",
        "live.com",
        "mac.com",
        "mail.com",
        "me.com",
        "msn.com",
        "ntlworld.com",
        "outlook.co.uk",
        "outlook.com",
        "pm.me",
        "proton.me",
        "protonmail.com",
        "sky.com",
        "supanet.com",
        "talk21.com",
        "talktalk.net",
        "tiscali.co.uk",
        "tutanota.com",
        "virgin.net",
        "virginmedia.com",
        "yahoo.co.uk",
        "yahoo.com",
        "yandex.com",
        "ymail.com",
        "zoho.com",
    }
)

# The marks that an address has on pages. Nobody is refused for one.
WORK_DOMAIN, PRIVATE_MAILBOX, NOT_LISTED = "Work domain", "Private mailbox", "Domain not listed"
# A sentence names so many domains, and counts the rest.
_MOST_NAMED = 5


def domain_mark(address: str) -> str:
    """The mark of an address by its domain: listed in SURVEY_WORK_DOMAINS, a private provider’s, or neither.

    A private provider is always marked. Empty for any other address while the list is empty.
    """
    if domain_of(address) in PRIVATE_PROVIDERS:
        return PRIVATE_MAILBOX
    listed = settings().known_domains
    if not listed:
        return ""
    return NOT_LISTED if unlisted_domain(address, listed) else WORK_DOMAIN


def unlisted_in_words(addresses: Sequence[str]) -> str:
    """A sentence that counts the addresses at domains that are not listed, and names these; empty for none.

    Private mailboxes count too, also while the list is empty.
    """
    unlisted = [address for address in addresses if domain_mark(address) in {PRIVATE_MAILBOX, NOT_LISTED}]
    if not unlisted:
        return ""
    domains = list(dict.fromkeys(domain_of(address) for address in unlisted))
    named, more = domains[:_MOST_NAMED], len(domains) - _MOST_NAMED
    words = list_in_words([*named, counted(more, "other")] if more > 0 else named)
    if len(addresses) == 1:
        return f"The address is at a domain that is not on your list: {words}."
    of = number_in_words(len(addresses))
    if len(unlisted) == len(addresses):
        return f"{'Both' if of == 'two' else f'All {of}'} addresses are at domains not on your list: {words}."
    number = number_in_words(len(unlisted)).capitalize()
    are = "is at a domain" if len(unlisted) == 1 else "are at domains"
    return f"{number} of the {of} addresses {are} not on your list: {words}."


def outside_work(address: str, agency_domains: Collection[str]) -> str:
    """Why an address does not look like one of the agency's, in a sentence; empty if it does.

    `agency_domains` are those of the contacts whom staff entered, in lower case. A mailbox at a private
    provider is always named, even where such a contact has one too.
    """
    domain = domain_of(address)
    if domain in PRIVATE_PROVIDERS:
        return f"Anybody can have a mailbox at {domain}."
    if unlisted_domain(address, agency_domains):
        return f"No contact whom you entered for this agency has an address at {domain}."
    return ""
