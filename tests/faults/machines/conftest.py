"""The fixtures of tests with several machines: brokers behind a proxy, and Celery workers as processes."""

import os
import secrets
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from celery import Celery
from redis import Redis

from surveyapp.foundation.mail.waking import EXTENSION, WakeUps
from tests.faults.conftest import PATIENCE, FaultInstallation, wait_until
from tests.faults.machines.celery_host import celery_for
from tests.faults.machines.tcp_proxy import TcpProxy

BROKERS = {
    "redis": (6379, "redis://127.0.0.1:{port}/13"),
    "rabbitmq": (5672, "amqp://guest:guest@127.0.0.1:{port}//"),
}


@dataclass
class CeleryMachines:
    """An installation whose Celery app reaches its broker through a proxy, and its workers."""

    installation: FaultInstallation
    proxy: TcpProxy
    address: str
    queue: str
    _host: Celery | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def host(self) -> Celery:
        """The Celery app beside the app of this process, in the place of a web server."""
        if self._host is None:
            broker = self.address.format(port=self.proxy.port)
            self._host = celery_for(self.installation.app, broker=broker, queue=self.queue)
        return self._host

    @property
    def wake_ups(self) -> WakeUps:
        """What wakes workers from this process."""
        assert self.host
        found: WakeUps = self.installation.app.extensions[EXTENSION]
        return found

    def start_worker(
        self, *options: str, beat: float | None = None, lease: float = 900
    ) -> subprocess.Popen[bytes]:
        """Start Celery’s own worker; with `beat`, in seconds, its schedule too."""
        settings = {
            "BROKER": self.address.format(port=self.proxy.port),
            "QUEUE": self.queue,
            "LEASE_SECONDS": str(lease),
        }
        program = ["-m", "celery", "--app", "tests.faults.machines.celery_host", "worker"]
        program += [
            "--hostname",
            f"{secrets.token_hex(4)}@machine",
            "--concurrency",
            "2",
            "--loglevel",
            "INFO",
        ]
        if beat is not None:
            settings["BEAT_SECONDS"] = str(beat)
            schedule = self.installation.folder / f"beat-{secrets.token_hex(4)}"
            program += ["--beat", "--schedule", str(schedule)]
        worker = self.installation.start_program([*program, *options], settings)
        self.workers.append(worker)
        return worker

    def wait_until_ready(self, count: int = 1) -> None:
        """Wait until so many workers take tasks."""
        wait_until(lambda: self.log.count(" ready.") >= count, f"{count} Celery workers are ready")

    @property
    def log(self) -> str:
        """What all workers have written."""
        return (self.installation.folder / "worker.log").read_text(encoding="utf-8")

    def waiting(self) -> int:
        """How many wake-ups wait in the broker."""
        with self.host.connection_for_read() as connection:
            channel = connection.default_channel
            declared = channel.queue_declare(self.queue, durable=True, auto_delete=False)
            return int(declared.message_count)

    def drop_queue(self) -> None:
        """Delete what this test has made in the broker, which belongs to the machine."""
        if self.address.startswith("redis"):
            with Redis.from_url(self.address.format(port=self.proxy.port)) as redis:
                for key in list(redis.scan_iter(f"{self.queue}:*")):
                    redis.delete(key)
            return
        with self.host.connection_for_write() as connection:
            connection.default_channel.queue_delete(self.queue)


def require_broker(name: str, port: int) -> None:
    """Skip a test where there is no such broker; in CI that is a failure."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        sentence = f"There is no {name} on 127.0.0.1:{port}."
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)


@pytest.fixture(params=BROKERS)
def machines(request: pytest.FixtureRequest, installation: FaultInstallation) -> Iterator[CeleryMachines]:
    """Machines whose Celery has Redis or RabbitMQ as its broker."""
    port, address = BROKERS[request.param]
    require_broker(request.param, port)
    proxy = TcpProxy(port)
    made = CeleryMachines(installation, proxy, address, f"surveyapp-test-{secrets.token_hex(6)}")
    yield made
    for worker in made.workers:
        worker.terminate()
    for worker in made.workers:
        worker.wait(PATIENCE)
    proxy.mend()
    made.drop_queue()
    proxy.close()
