"""A TCP proxy on loopback that a test cuts, before a broker that belongs to the machine."""

import contextlib
import socket
import threading
from enum import Enum


class Line(Enum):
    """What becomes of connections: passed on, refused and cut, or taken and never answered."""

    WHOLE = "whole"
    CUT = "cut"
    SILENT = "silent"


class TcpProxy:
    """Passes connections on to a port of 127.0.0.1, while its line is whole; keeps what clients sent."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._line = Line.WHOLE
        self._sockets: list[socket.socket] = []
        self._guard = threading.Lock()
        # Every byte from clients to the server.
        self.sent = bytearray()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._door.getsockname()[1])
        threading.Thread(target=self._accept, args=(self._door,), daemon=True).start()

    def cut(self) -> None:
        """End every connection and refuse new ones."""
        if self._line is Line.CUT:
            return
        self._line = Line.CUT
        # A thread that waits in accept() would keep the port.
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._hang_up()

    def silence(self) -> None:
        """Take connections, and bytes on those that are open, without ever answering."""
        self._line = Line.SILENT

    def mend(self) -> None:
        """Pass connections on again; those that were silent are ended."""
        was, self._line = self._line, Line.WHOLE
        self._hang_up()
        if was is Line.CUT:
            self._door = socket.create_server(("127.0.0.1", self.port))
            threading.Thread(target=self._accept, args=(self._door,), daemon=True).start()

    def close(self) -> None:
        """End everything."""
        self.cut()

    def _hang_up(self) -> None:
        with self._guard:
            sockets, self._sockets = self._sockets, []
        for wire in sockets:
            with contextlib.suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)
            wire.close()

    def _accept(self, door: socket.socket) -> None:
        while True:
            try:
                client, _ = door.accept()
            except OSError:
                return
            if self._line is Line.CUT:
                client.close()
                return
            with self._guard:
                self._sockets.append(client)
            if self._line is Line.SILENT:
                continue
            try:
                server = socket.create_connection(("127.0.0.1", self._target), timeout=5)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            with self._guard:
                self._sockets.append(server)
            for source, target, keep in ((client, server, True), (server, client, False)):
                threading.Thread(target=self._pass_on, args=(source, target, keep), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, keep: bool) -> None:  # noqa: FBT001 — a thread's own
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                if self._line is Line.SILENT:
                    continue
                if keep:
                    self.sent += piece
                target.sendall(piece)
        for wire in (source, target):
            with contextlib.suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)
