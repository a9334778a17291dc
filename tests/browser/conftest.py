"""A real Chromium against the finished demo month: people log in, look at pages, and nothing may complain."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from deploy.demo.perintah import ADMIN_NIP
from shared.http.session import SESSION
from shared.web.build import ROOT
from tests.browser import ukuran
from tests.browser.mesin import FLAGS, chromium
from tests.browser.tamu import PATIENCE_MS, Visitor
from tests.dunia import Dunia, dimainkan

Visit = Callable[..., Any]
_FIGURES = ROOT / "build" / "halaman.json"
_told: list[tuple[str, object]] = []

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="package")
def dunia() -> Iterator[Dunia]:
    """A played month of their own: journeys through pages close months, lock offices and log people out."""
    with dimainkan() as world:
        yield world


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """What drives browsers. It holds the thread's event loop, so it ends with its package."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for the run."""
    opened = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
    yield opened
    opened.close()


class Perangkat:
    """The devices of the run: each person comes back to their own, where the site's files are already."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._kept: dict[tuple[str | None, bool], BrowserContext] = {}

    def new(self, javascript: bool = True, *, worker: bool = True) -> BrowserContext:
        """A device that nobody has used; without the site's service worker, if so wanted."""
        context = self._browser.new_context(
            viewport={"width": 1280, "height": 800},
            locale="id-ID",
            java_script_enabled=javascript,
            service_workers="allow" if worker else "block",
            # Nothing glides under the pointer, so nobody waits for it to come to rest.
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        return context

    def of(self, nip: str | None, javascript: bool) -> BrowserContext:
        """A person's device, as they left it but logged out."""
        if (nip, javascript) not in self._kept:
            self._kept[nip, javascript] = self.new(javascript)
        context = self._kept[nip, javascript]
        context.clear_cookies()
        return context


@pytest.fixture(scope="package")
def perangkat(browser: Browser) -> Perangkat:
    """Devices that people come back to."""
    return Perangkat(browser)


@pytest.fixture
def visit(perangkat: Perangkat, dunia: Dunia, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """`with visit("pegawai") as who:` a browser of somebody with that role; None for a stranger.

    Roles: pegawai, atasan, pengelola, keuangan, admin, bpkad, auditor; or a NIP. `javascript=False` turns
    scripts off; `fresh=True` gives a device of its own, for what changes a device, and `worker=False` one
    whose every byte passes where it is counted. Console errors, blocked content and failed requests fail the
    test, except with `allow`, texts that a complaint may contain.
    """
    seen = ukuran.Dilihat()

    @contextmanager
    def visiting(
        role: str | None = None,
        *,
        javascript: bool = True,
        width: int = 1280,
        allow: tuple[str, ...] = (),
        fresh: bool = False,
        worker: bool = True,
    ) -> Iterator[Visitor]:
        nip = None if role is None else person(dunia, role)
        own = fresh or not worker
        context = perangkat.new(javascript, worker=worker) if own else perangkat.of(nip, javascript)
        page: Page | None = None
        try:
            if nip is not None:
                give_session(context, dunia, dunia.token(nip))
            page = context.new_page()
            page.set_viewport_size({"width": width, "height": 800})
            who = Visitor(page, dunia.url.rstrip("/"), seen, scripts=javascript)
            yield who
            found = [one for one in who.complaints if not any(text in one for text in allow)]
            assert not found, found
        finally:
            if own:
                context.close()
            elif page is not None:
                page.close()

    yield visiting
    request.node.user_properties.append(ukuran.looked(seen))


@pytest.fixture
def ukur(request: pytest.FixtureRequest) -> ukuran.Ukur:
    """Says a figure that stands in the table at the end of the run."""

    def say(kode: str, apa: str, nilai: float, satuan: str, batas: float | None) -> None:
        request.node.user_properties.append(ukuran.told(kode, apa, nilai, satuan, batas))

    return say


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Collect what tests told, here or in the process that ran them."""
    if report.when == "teardown":
        _told.extend(report.user_properties)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures of the pages and write them to build/halaman.json."""
    found = ukuran.rows(_told)
    if found:
        ukuran.write(found, _FIGURES)
        terminalreporter.ensure_newline()
        terminalreporter.write(ukuran.table(found))


def give_session(context: BrowserContext, dunia: Dunia, token: str) -> None:
    """Put a session token where logging in puts it."""
    context.add_cookies(
        [{"name": SESSION, "value": token, "url": dunia.url, "httpOnly": True, "sameSite": "Lax"}]
    )


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
