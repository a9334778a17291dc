"""Somebody at a browser: goes, presses, types, looks; what pages complain about is kept."""

import os
import re
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlsplit

from playwright.sync_api import CDPSession, ConsoleMessage, Error, Locator, Page, Response

from shared.web.build import NPM, ROOT
from tests.browser import panduan
from tests.browser.ukuran import Dilihat

PICTURES = ROOT / "build" / "tangkapan"
AXE = NPM / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (360, 1280)
_TAKES_PICTURES = "PYTEST_XDIST_WORKER" not in os.environ
"""The run of all tests, several at once, takes none: half a second each, and nobody looks at them."""
_ENGLISH = re.compile(
    # A year of the Buddhist calendar is written "2570 BE".
    r"\b(?:the|and|or|of|is|are|(?<!\d )be|this|that|you|your|with|from|not|please|page|error|invalid|"
    r"required|field|value|submit|save|cancel|delete|back|next|previous|loading|failed|found|search|none|null|true|false)\b",
    re.IGNORECASE,
)
AXE_RUN = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations
    .filter((one) => ["serious", "critical"].includes(one.impact))
    .map((one) => `${one.id}: ${one.help}: ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`);
}"""
_KINDS = """() => {
  const kind = (one) => [one.localName, one.className, ...one.getAttributeNames().sort()].join(" ");
  const {tema, ukuran, kontras} = document.documentElement.dataset;
  const parts = [...document.body.querySelectorAll("*")];
  return [`${tema} ${ukuran} ${kontras}`, ...parts.map((one) => `${kind(one.parentElement)} > ${kind(one)}`)];
}"""
_IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d{2}")
_LOOKED_AT: dict[tuple[str, int], set[str]] = defaultdict(set)
"""What axe has been shown: for a page and a width, each kind of element in its kind of place."""
_SETTLED = """() => document.readyState === "complete"
  && !document.querySelector("[data-fragmen] [data-menunggu]:not([hidden]), .htmx-request")"""
_BLOCKED = """() => [...document.querySelectorAll(".terhalang")].filter((one) => one.checkVisibility())
  .map((one) => [
  Boolean([...one.querySelectorAll("p > strong")].some((who) => who.textContent.trim())),
  Boolean(one.querySelector("a[href], button, .colek-kabar")),
])"""


PATIENCE_MS = 60_000
"""How long something may take to appear: a machine with many runs at once is no failure."""
DRAF = """async (text) => {
  const draft = await antrean.draf.ambil("realisasi:/skp/realisasi/baru");
  return Boolean(draft?.nilai.flat().includes(text));
}"""
"""Whether the device keeps a draft of the realisasi form with this in a field."""


def sampai(page: Page, asked: str, arg: object = None) -> None:
    """Wait until an asynchronous function of the page says yes."""
    end = time.monotonic() + PATIENCE_MS / 1000
    while not page.evaluate(asked, arg):
        assert time.monotonic() < end, f"tidak terjadi: {asked}"
        page.wait_for_timeout(50)


@dataclass
class Visitor:
    """Somebody at a browser. What pages complain about is collected and must be empty at the end."""

    page: Page
    url: str
    seen: Dilihat
    scripts: bool = True
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", self._broken)

    @cached_property
    def network(self) -> CDPSession:
        """The browser's own view of the page's network."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("Network.enable")
        return session

    def open(self, path: str, status: int = 200) -> Response:
        """Go to a path of this site; cards have come in when it returns."""
        answer = self.page.goto(self.url + path, wait_until="load")
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"
        self.settle()
        return answer

    def settle(self) -> None:
        """Wait until the page and its cards are there."""
        self.page.wait_for_load_state("load")
        if self.scripts:
            self.page.wait_for_function(_SETTLED)

    def press(self, name: str) -> None:
        """Press the button or link with this name and wait for what follows."""
        self._named(name).click()
        self.settle()

    def sends(self, name: str) -> None:
        """Press what sends a form and stay until its answer is the page: a reload before that has no page."""
        with self.page.expect_navigation():
            self._named(name).click()
        self.settle()

    def _named(self, name: str) -> Locator:
        buttons = self.page.get_by_role("button", name=name, exact=True)
        return buttons.or_(self.page.get_by_role("link", name=name, exact=True)).first

    def fill(self, label: str, text: str, nth: int = 0) -> None:
        """Type into the field with this label."""
        self.page.get_by_label(label, exact=True).nth(nth).fill(text)

    def sees(self, text: str) -> None:
        """Assert that a text is on the page."""
        self.page.get_by_text(text).first.wait_for(state="visible")

    def signal(self, there: bool) -> None:
        """Lose the network, or have it again; the page is told, as on a phone."""
        self.page.context.set_offline(not there)
        # The page's own session would otherwise tell the next page that there is one.
        self._line(not there, 0, -1)

    def slow_line(self, kilobits: int, latency_ms: int) -> None:
        """A line of this speed from now on."""
        self._line(False, latency_ms, kilobits * 1000 // 8)

    def _line(self, offline: bool, latency: int, rate: int) -> None:
        self.network.send(
            "Network.emulateNetworkConditions",
            {"offline": offline, "latency": latency, "downloadThroughput": rate, "uploadThroughput": rate},
        )

    def check(self, name: str) -> None:
        """Look at the page as it stands: axe, no English, nothing wider than the screen, two pictures."""
        self.page.wait_for_load_state("load")
        assert self.page.evaluate("document.documentElement.lang") == "id"
        leaks = sorted(set(_ENGLISH.findall(self.page.inner_text("body"))))
        self.seen.inggris += len(leaks)
        assert not leaks, f"{name}: bahasa Inggris: {leaks}"
        blocked = self.page.evaluate(_BLOCKED)
        self.seen.terhalang += len(blocked)
        self.seen.terhalang_jalan += sum(way for _, way in blocked)
        nameless = sum(not named for named, _ in blocked)
        self.seen.tanpa_nama += nameless
        assert not nameless, f"{name}: {nameless} keadaan terhalang tidak menyebut yang harus bertindak"
        before = self.page.viewport_size
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 800})
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            self.seen.terlalu_lebar += wide > width
            assert wide <= width, f"{name}: {wide} px lebar pada layar {width} px"
            self._axe(name, width)
            if _TAKES_PICTURES:
                self.page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True)
        self.seen.halaman.append(name)
        if before:
            self.page.set_viewport_size(before)

    def _axe(self, name: str, width: int) -> None:
        """Serious findings of axe, unless it has seen this page with all these kinds of elements before.

        The second width lays the same elements out anew: there each kind is looked at once for all pages.
        """
        path = _IDS.sub("…", urlsplit(self.page.url).path) if width == WIDTHS[0] else ""
        known = _LOOKED_AT[path, width]
        kinds = set(self.page.evaluate(_KINDS))
        if kinds <= known:
            return
        if not self.page.evaluate("typeof axe !== 'undefined'"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        serious = self.page.evaluate(AXE_RUN)
        self.seen.axe += 1
        self.seen.axe_serius += len(serious)
        assert not serious, f"{name} pada {width} px: " + "; ".join(serious)
        known |= kinds

    def gambar(self, name: str, *, width: int = panduan.PHONE, dari: Locator | None = None) -> None:
        """A picture for the guides, from the top of the page or of a part; taken only when asked for."""
        panduan.ambil(self.page, name, width, dari)

    def _console(self, message: ConsoleMessage) -> None:
        # CSP violations arrive here as errors too.
        if message.type in ("error", "warning"):
            self.complaints.append(f"{self.page.url}: {message.type}: {message.text}")

    def _broken(self, error: Error) -> None:
        self.complaints.append(f"{self.page.url}: {error}")


def bytes_of(who: Visitor) -> Callable[[], int]:
    """Counts what travels from now on, packed and with headers; call the answer for the sum so far."""
    sizes: list[int] = []
    who.network.on("Network.loadingFinished", lambda told: sizes.append(int(told["encodedDataLength"])))
    return lambda: sum(sizes)
