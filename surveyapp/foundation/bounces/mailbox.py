"""The IMAP mailbox that is read for bounces: encrypted, with time-outs, and never a whole large message."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from imaplib import IMAP4
from typing import TYPE_CHECKING

from surveyapp.foundation.bounces.reports import LONGEST_READ
from surveyapp.foundation.settings import settings

if TYPE_CHECKING:
    from imap_tools import BaseMailBox

# Seconds, to connect and for each answer of the server.
TIMEOUT = 20.0
_SEEN = "\\Seen"


class MailboxUnavailable(Exception):
    """The mailbox cannot be read now; `reason` is for staff. `is_refusal`: of user or password."""

    def __init__(self, reason: str, *, is_refusal: bool = False) -> None:
        """Keep the reason, which holds nothing that the server said."""
        super().__init__(reason)
        self.reason = reason
        self.is_refusal = is_refusal


class Mailbox:
    """An open mailbox; every number is that of a message, and grows with later messages."""

    def __init__(self, box: "BaseMailBox", validity: int) -> None:
        """Keep the connection and the validity of the numbers."""
        self._box = box
        self.validity = validity

    def numbers_after(self, last: int, *, most: int) -> list[int]:
        """The numbers of the messages after number `last`, lowest first, at most `most`."""
        found = self._box.uids(f"UID {last + 1}:*")
        # A server answers with the last message where there is none after it.
        return sorted(number for number in map(int, found) if number > last)[:most]

    def first_bytes(self, number: int) -> bytes:
        """The first LONGEST_READ bytes of a message, which stays unread."""
        _status, answer = self._box.client.uid("fetch", str(number), f"(UID BODY.PEEK[]<0.{LONGEST_READ}>)")
        return next((part[1] for part in answer if isinstance(part, tuple)), b"")

    def put_away(self, number: int) -> None:
        """Move a message into the folder of those that are done; without one, mark it as read."""
        if settings().bounce_done_folder:
            self._box.move(str(number), settings().bounce_done_folder)
        else:
            self._box.flag(str(number), _SEEN, value=True)


@contextmanager
def open_mailbox() -> Iterator[Mailbox]:
    """Open the mailbox of the settings. Raises MailboxUnavailable, also for what fails while it is open."""
    from imap_tools import MailBox, MailBoxUnencrypted
    from imap_tools.errors import ImapToolsError, MailboxLoginError

    chosen = settings()
    host, port = chosen.bounce_host, chosen.bounce_port
    try:
        if chosen.bounce_tls:
            box: BaseMailBox = MailBox(host, port, TIMEOUT, ssl_context=ssl.create_default_context())
        else:
            box = MailBoxUnencrypted(host, port, TIMEOUT)
        try:
            box.login(chosen.bounce_user, chosen.bounce_password, chosen.bounce_folder)
            validity = box.folder.status(chosen.bounce_folder, ["UIDVALIDITY"])["UIDVALIDITY"]
            yield Mailbox(box, validity)
        finally:
            _leave(box)
    except MailboxLoginError as error:
        raise MailboxUnavailable("it refuses the user or the password", is_refusal=True) from error
    except ImapToolsError as error:
        raise MailboxUnavailable("it does not have the folder, or refuses a command") from error
    except (OSError, IMAP4.error) as error:
        raise MailboxUnavailable("it cannot be reached, or its certificate is not trusted") from error


def _leave(box: "BaseMailBox") -> None:
    """End the connection; what the server says to that makes no difference."""
    try:
        box.logout()
    except Exception:  # noqa: BLE001 — see above
        box.client.shutdown()
