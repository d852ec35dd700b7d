"""Handing over to a folder, where there is no mail server: each message is a file."""

import os
from pathlib import Path

from surveyapp.foundation.mail.transport import SMTP_OK, ServerReply, ServerUnavailable


class FolderTransport:
    """Puts each message into a folder as a file, where there is no mail server."""

    def __init__(self, folder: Path) -> None:
        """Take the folder."""
        self.folder = folder

    def open(self) -> None:
        """Make the folder."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ServerUnavailable(f"the folder {self.folder} cannot be made ({error.strerror})") from error

    def offer(self, to: str) -> None:
        """Take any address: a folder refuses nobody."""

    def withdraw(self) -> None:
        """Leave no trace."""

    def give(self, message: bytes, mail_id: int) -> None:
        """Write the file, and only then put it in its place: the same message twice is one file."""
        place = self.folder / f"{mail_id}.eml"
        beside = place.with_suffix(f".{os.getpid()}.part")
        with beside.open("wb") as file:
            file.write(message)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(place)

    def answer(self) -> ServerReply:
        """Say that it is there."""
        return ServerReply(SMTP_OK, "Put into the folder.")

    def close(self) -> None:
        """Nothing is open."""

    def drop(self) -> None:
        """Nothing is open."""
