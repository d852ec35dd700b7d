"""The mail transport for an app without a mail server: each message becomes a file in a folder."""

import os
from pathlib import Path

from surveyapp.foundation.mail.transport import SMTP_OK, ServerReply, ServerUnavailable
from surveyapp.foundation.private_files import make_private_folder, open_private_file


class FolderTransport:
    """Writes each message as an .eml file into a folder."""

    def __init__(self, folder: Path) -> None:
        """Deliver into `folder`."""
        self.folder = folder

    def open(self) -> None:
        """Make the folder. Raises ServerUnavailable."""
        try:
            make_private_folder(self.folder)
        except OSError as error:
            raise ServerUnavailable(f"the mail folder cannot be made ({error.strerror})") from error

    def offer(self, to: str) -> None:
        """Accept any address."""

    def withdraw(self) -> None:
        """Do nothing: no message has been written."""

    def give(self, message: bytes, mail_id: int) -> None:
        """Write the message to a temporary file and rename it; the same message twice is one file."""
        target = self.folder / f"{mail_id}.eml"
        partial = target.with_suffix(f".{os.getpid()}.part")
        # Each message holds a link, so only the owner may read it.
        with os.fdopen(open_private_file(partial), "wb") as file:
            file.write(message)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)

    def answer(self) -> ServerReply:
        """Accept the message."""
        return ServerReply(SMTP_OK, "Put into the folder.")

    def close(self) -> None:
        """Nothing is open."""

    def drop(self) -> None:
        """Nothing is open."""
