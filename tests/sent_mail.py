"""The recipient of an email that was sent, without the name beside the address."""

from email.message import EmailMessage


def recipient(letter: EmailMessage) -> str:
    """The one address in an email's To header. Raises ValueError if there is not exactly one."""
    (address,) = letter["To"].addresses
    return str(address.addr_spec)
