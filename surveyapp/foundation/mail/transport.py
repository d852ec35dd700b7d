"""How a message is handed over, whoever takes it: five steps, and what may be said to them."""

from dataclasses import dataclass
from typing import Protocol

SMTP_OK = 250


@dataclass(frozen=True)
class ServerReply:
    """What the mail server said: three digits and its words; -1 is rubbish."""

    code: int
    text: str

    @property
    def is_permanent(self) -> bool:
        """Whether it said no and means it."""
        return 500 <= self.code < 600  # noqa: PLR2004 — SMTP's own classes

    @property
    def is_temporary(self) -> bool:
        """Whether it said no for now."""
        return 400 <= self.code < 500  # noqa: PLR2004 — likewise


class MessageRejected(Exception):
    """The mail server does not take this message."""

    def __init__(self, answer: ServerReply) -> None:
        """Keep what it said."""
        super().__init__(answer.code)
        self.answer = answer


class ServerUnavailable(Exception):
    """No message can go: the server is away, or it will not have us.

    `reason` is for the banner; `needs_person` says that trying again would do harm, `is_connection_limit` that the
    server has too many connections, so that other workers may go on.
    """

    def __init__(self, reason: str, *, needs_person: bool = False, is_connection_limit: bool = False) -> None:
        """Keep the reason as the banner says it."""
        super().__init__(reason)
        self.reason = reason
        self.needs_person = needs_person
        self.is_connection_limit = is_connection_limit


class MailTransport(Protocol):
    """The five steps of handing a message over; up to `offer` nothing has been given away."""

    def open(self) -> None:
        """Be ready for messages. Raises ServerTrouble."""

    def offer(self, to: str) -> None:
        """Say for whom a message is. Raises Declined, ServerTrouble or OSError."""

    def withdraw(self) -> None:
        """Take the offer back: there is no message after all."""

    def give(self, message: bytes, mail_id: int) -> None:
        """Give the message with its last dot. Raises Declined, ServerTrouble or OSError: it was not taken."""

    def answer(self) -> ServerReply:
        """Wait for what the server says of it. Raises OSError: then nobody can know."""
        ...

    def close(self) -> None:
        """End the conversation; never fails."""

    def drop(self) -> None:
        """Hang up on a server that no longer answers."""
