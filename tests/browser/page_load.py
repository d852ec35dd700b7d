"""Loads a page in a browser that has never been here, and measures the bytes on the wire and the time."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser

# WebPageTest's “3G Slow”: 400 kbit/s each way, 400 ms there and back.
THREE_G_SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
_PAINTED = "performance.getEntriesByName('first-contentful-paint').map(entry => entry.startTime)"


@dataclass(frozen=True)
class PageLoad:
    """A visit: bytes on the wire by address, headers too; milliseconds to the first paint and to the end."""

    bytes_by_address: dict[str, int]
    first_paint: float
    loaded: float

    @property
    def bytes(self) -> int:
        """All bytes on the wire."""
        return sum(self.bytes_by_address.values())


def first_visit(browser: Browser, address: str, *, network: dict[str, Any] | None = None) -> PageLoad:
    """Visit a page with an empty cache until the network is quiet; `network` slows it down."""
    context = browser.new_context()
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    if network:
        wire.send("Network.emulateNetworkConditions", network)
    addresses: dict[str, str] = {}
    sizes: dict[str, int] = {}

    def finished(event: dict[str, Any]) -> None:
        sizes[addresses[event["requestId"]]] = int(event["encodedDataLength"])

    wire.on(
        "Network.responseReceived", lambda got: addresses.update({got["requestId"]: got["response"]["url"]})
    )
    wire.on("Network.loadingFinished", finished)
    page.goto(address, wait_until="networkidle")
    last = "Math.max(...performance.getEntries().map(entry => entry.responseEnd || 0))"
    load = PageLoad(sizes, float(page.evaluate(_PAINTED)[0]), float(page.evaluate(last)))
    context.close()
    return load
