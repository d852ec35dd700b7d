"""A mail server that fails on request: `python sink.py FOLDER [--tls] [--starttls] [--sign-in A:B]`.

It listens on a free port of 127.0.0.1 and writes the number to FOLDER/port. Before every command it reads
FOLDER/mode: ok; banner:421 text; mail:451 text; rcpt:450 text; data:552 text (the answer to the last dot);
go:451 text (to DATA); auth; dropmid; dropafter; dropquit; rubbish; stall:MAIL,30; stallfinal:30; most:1
(connections at once); and kill:CONNECT, kill:RCPT, kill:DATA, kill:DOT (before the answer) or kill:SENT
(after it), which kills the process whose number is in FOLDER/victim, once. “ for=ADDRESS” after a mode
limits it to one recipient. Accepted messages go to FOLDER/accepted, one JSON file each with its time;
received commands go to FOLDER/heard.
"""

import argparse
import asyncio
import base64
import contextlib
import json
import os
import signal
import socket
import ssl
import time
from pathlib import Path


class ConnectionDropped(Exception):
    """Ends the connection without a reply."""


class Sink:
    def __init__(self, folder: Path, options: argparse.Namespace) -> None:
        self.folder, self.options = folder, options
        self.accepted, self.open = 0, 0
        self.context: ssl.SSLContext | None = None
        if options.tls or options.starttls:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(folder / "cert.pem", folder / "key.pem")

    def mode(self, step: str, to: str = "") -> str:
        """The reply or the number of seconds that the mode sets for this step; empty if it sets none."""
        with contextlib.suppress(FileNotFoundError):
            mode, _, only = (self.folder / "mode").read_text(encoding="utf-8").strip().partition(" for=")
            name, _, rest = mode.partition(":")
            if name == step and (not only or only == to):
                return rest or name
        return ""

    def heard(self, line: str) -> None:
        with (self.folder / "heard").open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def strike(self, point: str) -> None:
        if self.mode("kill") != point:
            return
        with contextlib.suppress(FileNotFoundError, ProcessLookupError, ValueError):
            victim = self.folder / "victim"
            number = int(victim.read_text(encoding="utf-8"))
            victim.unlink()
            os.kill(number, signal.SIGKILL)

    async def stall(self, step: str) -> None:
        wanted, _, seconds = self.mode("stall").partition(",")
        if wanted == step:
            await asyncio.sleep(float(seconds))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        try:
            await self.talk(reader, writer)
        except (ConnectionDropped, ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            self.open -= 1
            writer.transport.abort()

    async def say(self, writer: asyncio.StreamWriter, text: str) -> None:
        writer.write(text.encode() + b"\r\n")
        await writer.drain()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:  # noqa: C901 — one case a verb
        sender, to = "", ""
        self.heard("CONNECT")
        self.strike("CONNECT")
        await self.stall("CONNECT")
        if refused := self.mode("banner"):
            await self.say(writer, refused)
            return
        if (most := self.mode("most")) and self.open > int(most):
            await self.say(writer, "432 4.3.2 too many connections")
            return
        await self.say(writer, "220 sink ready")
        while line := (await reader.readuntil(b"\r\n")).decode("utf-8", "replace").strip():
            self.heard(line)
            verb = line.partition(" ")[0].upper()
            await self.stall(verb)
            match verb:
                case "EHLO" | "HELO":
                    offers = [
                        "STARTTLS" if self.options.starttls else "",
                        "AUTH PLAIN LOGIN" if self.options.sign_in else "",
                        "8BITMIME",
                    ]
                    lines = ["sink", *filter(None, offers)]
                    await self.say(
                        writer, "\r\n".join(f"250{' ' if line is lines[-1] else '-'}{line}" for line in lines)
                    )
                case "STARTTLS":
                    await self.say(writer, "220 go on")
                    assert self.context is not None
                    await writer.start_tls(self.context)
                case "AUTH":
                    right = base64.b64encode(
                        b"\0" + self.options.sign_in.replace(":", "\0").encode()
                    ).decode()
                    known = line.split()[1:] == ["PLAIN", right] and not self.mode("auth")
                    await self.say(writer, "235 welcome" if known else "535 5.7.8 wrong password")
                case "MAIL":
                    sender = line
                    await self.say(writer, self.mode("mail") or "250 ok")
                case "RCPT":
                    to = line.partition("<")[2].rpartition(">")[0]
                    self.strike("RCPT")
                    await self.say(writer, self.mode("rcpt", to) or "250 ok")
                case "DATA":
                    await self.data(reader, writer, sender, to)
                case "RSET" | "NOOP":
                    await self.say(writer, "250 ok")
                case "QUIT":
                    await self.say(writer, "221 bye")
                    return
                case _:
                    await self.say(writer, "502 not known")

    async def data(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sender: str, to: str
    ) -> None:
        self.strike("DATA")
        if refused := self.mode("go", to):
            await self.say(writer, refused)
            return
        await self.say(writer, "354 go on")
        if self.mode("dropmid", to):
            await reader.read(50)
            raise ConnectionDropped
        lines = []
        while (line := await reader.readuntil(b"\r\n")) != b".\r\n":
            lines.append(line[1:] if line.startswith(b".") else line)
        if refused := self.mode("data", to):
            await self.say(writer, refused)
            return
        self.keep(sender, to, b"".join(lines))
        self.strike("DOT")
        if self.mode("dropafter", to):
            raise ConnectionDropped
        if seconds := self.mode("stallfinal", to):
            await asyncio.sleep(float(seconds))
        await self.say(writer, "hello there" if self.mode("rubbish", to) else "250 2.0.0 taken")
        self.strike("SENT")
        if self.mode("dropquit", to):
            raise ConnectionDropped

    def keep(self, sender: str, to: str, message: bytes) -> None:
        self.accepted += 1
        place = self.folder / "accepted" / f"{os.getpid()}-{self.accepted:06}.json"
        kept = {"at": time.time(), "sender": sender, "to": to, "message": message.decode("latin-1")}
        place.with_suffix(".part").write_text(json.dumps(kept), encoding="utf-8")
        place.with_suffix(".part").rename(place)


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--starttls", action="store_true")
    parser.add_argument("--sign-in", default="")
    parser.add_argument("--narrow", action="store_true", help="take little at a time")
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    (options.folder / "accepted").mkdir(exist_ok=True)
    sink = Sink(options.folder, options)
    door = socket.create_server(("127.0.0.1", options.port))
    if options.narrow:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    encrypted = sink.context if options.tls else None
    server = await asyncio.start_server(sink.serve, sock=door, limit=10_000_000, ssl=encrypted)
    beside = options.folder / "port.part"
    beside.write_text(str(server.sockets[0].getsockname()[1]), encoding="utf-8")
    beside.rename(options.folder / "port")
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
