"""The interface of a mail transport, and the errors it raises."""

from dataclasses import dataclass
from typing import Protocol

SMTP_OK = 250


@dataclass(frozen=True)
class ServerReply:
    """A mail server's reply: its code of three digits and its text.

    The code is -1 for a reply that cannot be parsed, and 0 when the connection was lost.
    """

    code: int
    text: str

    @property
    def is_permanent(self) -> bool:
        """Whether the server refuses the message for good."""
        return 500 <= self.code < 600  # noqa: PLR2004 — SMTP's own classes

    @property
    def is_temporary(self) -> bool:
        """Whether a later attempt may succeed."""
        return 400 <= self.code < 500  # noqa: PLR2004 — SMTP's own classes


class MessageRejected(Exception):
    """The mail server refuses this message."""

    def __init__(self, answer: ServerReply) -> None:
        """Keep the server's reply."""
        super().__init__(answer.code)
        self.answer = answer


class ServerUnavailable(Exception):
    """No message can be delivered now.

    `reason` is shown in the banner; `needs_person`: trying again would do harm; `is_connection_limit`: the
    server has too many connections from us, so other workers may go on.
    """

    def __init__(self, reason: str, *, needs_person: bool = False, is_connection_limit: bool = False) -> None:
        """Keep the reason as the banner words it."""
        super().__init__(reason)
        self.reason = reason
        self.needs_person = needs_person
        self.is_connection_limit = is_connection_limit


class MailTransport(Protocol):
    """Delivers messages: open, offer, give, answer, close. Until `give`, no message has been handed over."""

    def open(self) -> None:
        """Connect, if necessary. Raises ServerUnavailable."""

    def offer(self, to: str) -> None:
        """Announce a message for `to`. Raises MessageRejected, ServerUnavailable or OSError."""

    def withdraw(self) -> None:
        """Withdraw the offer; no message follows."""

    def give(self, message: bytes, mail_id: int) -> None:
        """Hand the message over. After MessageRejected, ServerUnavailable or OSError it was not accepted."""

    def answer(self) -> ServerReply:
        """Wait for the server's reply to the message. After OSError its fate is unknown."""
        ...

    def close(self) -> None:
        """End the connection properly; never raises."""

    def drop(self) -> None:
        """Drop the connection to a server that no longer answers."""
