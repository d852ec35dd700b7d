"""Whether an email address looks like one of somebody's work: its domain beside those of their agency."""

from collections.abc import Collection

from surveyapp.foundation.words.email_addresses import domain_of, unlisted_domain

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
