"""A real Chromium against the finished demo month: people log in, look at pages, and nothing may complain."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from os import geteuid
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    CDPSession,
    ConsoleMessage,
    Error,
    Page,
    Playwright,
    Response,
    sync_playwright,
)

from deploy.demo.perintah import ADMIN_NIP
from shared.http.session import SESSION
from shared.web.build import NPM, ROOT
from tests.dunia import Dunia

PICTURES = ROOT / "build" / "tangkapan"
AXE = NPM / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (360, 1280)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_ENGLISH = re.compile(
    r"\b(?:the|and|or|of|is|are|be|this|that|you|your|with|from|not|please|page|error|invalid|required|field|"
    r"value|submit|save|cancel|delete|back|next|previous|loading|failed|found|search|none|null|true|false)\b",
    re.IGNORECASE,
)
_AXE_RUN = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations
    .filter((one) => ["serious", "critical"].includes(one.impact))
    .map((one) => `${one.id}: ${one.help}: ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`);
}"""


def chromium() -> str:
    """The system's Chromium, installed by apt where that is possible; else the run ends saying what to do."""
    for _ in range(2):
        if found := next((path for name in _NAMES if (path := shutil.which(name))), None):
            return found
        if geteuid() != 0 or not shutil.which("apt-get"):
            break
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "chromium"], check=False, stdout=subprocess.DEVNULL
        )
    pytest.exit(
        "Uji halaman memerlukan Chromium. Debian/Ubuntu: sudo apt install chromium. "
        "macOS: pasang Google Chrome atau Chromium dan letakkan `chromium` pada PATH.",
        2,
    )


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives browsers; one for the run, as there can be no second in a thread."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for the run; every visitor gets a fresh profile of it."""
    opened = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
    yield opened
    opened.close()


@dataclass
class Visitor:
    """Somebody at a browser. What pages complain about is collected and must be empty at the end."""

    page: Page
    url: str
    network: CDPSession
    complaints: list[str] = field(default_factory=list)
    bytes_seen: int = 0
    """As they travelled, headers included."""

    def open(self, path: str, status: int = 200) -> Response:
        """Go to a path of this site; cards have come in when it returns."""
        answer = self.page.goto(self.url + path, wait_until="networkidle")
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"
        return answer

    def press(self, name: str) -> None:
        """Press the button or link with this name and wait for what follows."""
        self.page.get_by_role("button", name=name, exact=True).or_(
            self.page.get_by_role("link", name=name, exact=True)
        ).first.click()
        self.page.wait_for_load_state("networkidle")

    def fill(self, label: str, text: str, nth: int = 0) -> None:
        """Type into the field with this label."""
        self.page.get_by_label(label, exact=True).nth(nth).fill(text)

    def sees(self, text: str) -> None:
        """Assert that a text is on the page."""
        shown = self.page.get_by_text(text).first
        shown.wait_for(state="visible", timeout=15_000)

    def signal(self, there: bool) -> None:
        """Lose the network, or have it again; the page is told, as on a phone."""
        self.page.context.set_offline(not there)
        # Our own session would otherwise tell the next page that there is one.
        self.network.send(
            "Network.emulateNetworkConditions",
            {"offline": not there, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1},
        )

    def check(self, name: str) -> None:
        """Look at the page as it stands: axe, no English, nothing wider than the screen, both pictures."""
        assert self.page.evaluate("document.documentElement.lang") == "id"
        leaks = sorted(set(_ENGLISH.findall(self.page.inner_text("body"))))
        assert not leaks, f"{name}: bahasa Inggris: {leaks}"
        if not self.page.evaluate("typeof axe !== 'undefined'"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        PICTURES.mkdir(parents=True, exist_ok=True)
        before = self.page.viewport_size
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 800})
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{name}: {wide} px lebar pada layar {width} px"
            serious = self.page.evaluate(_AXE_RUN)
            assert not serious, f"{name} pada {width} px: " + "; ".join(serious)
            self.page.screenshot(path=str(PICTURES / f"{name}-{width}.png"), full_page=True)
        if before:
            self.page.set_viewport_size(before)


Visit = Callable[..., Any]


@pytest.fixture
def visit(browser: Browser, dunia: Dunia) -> Visit:
    """`with visit("pegawai") as who:` a browser of somebody with that role; None for a stranger.

    Roles: pegawai, atasan, pengelola, keuangan, admin, bpkad, auditor; or a NIP. `javascript=False` turns
    scripts off. Console errors, blocked content and failed requests fail the test, except with `allow`, a
    list of texts that a complaint may contain.
    """

    @contextmanager
    def visiting(
        role: str | None = None, *, javascript: bool = True, width: int = 1280, allow: tuple[str, ...] = ()
    ) -> Iterator[Visitor]:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, locale="id-ID", java_script_enabled=javascript
        )
        try:
            if role is not None:
                give_session(context, dunia, dunia.token(person(dunia, role)))
            opened = context.new_page()
            who = Visitor(opened, dunia.url.rstrip("/"), context.new_cdp_session(opened))
            _listen(who)
            yield who
            found = [one for one in who.complaints if not any(text in one for text in allow)]
            assert not found, found
        finally:
            context.close()

    return visiting


def give_session(context: BrowserContext, dunia: Dunia, token: str) -> None:
    """Put a session token where logging in puts it."""
    context.add_cookies(
        [{"name": SESSION, "value": token, "url": dunia.url, "httpOnly": True, "sameSite": "Lax"}]
    )


def _listen(who: Visitor) -> None:
    def console(message: ConsoleMessage) -> None:
        # CSP violations arrive here as errors too.
        if message.type in ("error", "warning"):
            who.complaints.append(f"{who.page.url}: {message.type}: {message.text}")

    def finished(told: dict[str, Any]) -> None:
        who.bytes_seen += int(told["encodedDataLength"])

    def broken(error: Error) -> None:
        who.complaints.append(f"{who.page.url}: {error}")

    who.page.on("console", console)
    who.page.on("pageerror", broken)
    who.network.on("Network.loadingFinished", finished)
    who.network.send("Network.enable")


def person(dunia: Dunia, role: str) -> str:
    """The NIP of somebody with a role in the demo's world."""
    if role.isdigit():
        return role
    offices, pemda = dunia.bulan.pejabat, dunia.pemda
    opd = next(iter(offices.keuangan))
    holders = {
        "admin": ADMIN_NIP,
        "bpkad": offices.bpkad,
        "auditor": offices.auditor,
        "keuangan": offices.keuangan[opd],
        "pengelola": offices.pengelola[opd],
    }
    if role in holders:
        return holders[role]
    busy = {*holders.values(), offices.admin_bkd}
    kinds = {"pegawai": ("JF", "Pelaksana"), "atasan": ("Administrator",)}[role]
    return next(o.nip for o in pemda.orang if pemda.jabatan[o.jabatan].jenis in kinds and o.nip not in busy)
