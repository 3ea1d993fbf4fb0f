"""The browser of the end-to-end tests: Debian's Chromium, third-party cookies blocked, three sizes, axe.

A test that asks for `browser` or `page_at` is marked `browser` by the root conftest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Browser, BrowserContext, Frame, Page, sync_playwright
from pytest_httpserver import HTTPServer

from lti_app.demo.supervisor import Demo
from tests.e2e.demo_fixtures import COURSE, AtDevice, Behind, running_demo

ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # One process for a page and its frames. A launch crosses sites three times within a second; with one for
    # each, Playwright at times loses the frame (it is there on the screen, but cannot be asked). What counts
    # as cross-site for cookies and storage does not change: test_hostile_browser.py proves that.
    "--disable-site-isolation-trials",
    # A context of Playwright's is off the record, where Chromium refuses third-party cookies anyway; this
    # says so for the day that it does not. test_hostile_browser.py proves it.
    "--test-third-party-cookie-phaseout",
)

# A phone, a tablet and a Chromebook.
SIZES = {390: (390, 844), 820: (820, 1180), 1366: (1366, 768)}

# WCAG 2.2 AA, and axe's own advice beside it.
AXE_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Browser]:
    """One Chromium for the whole run."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(chromium), args=list(ARGS))
        yield started
        started.close()


@pytest.fixture(scope="session")
def make_httpserver() -> Iterator[HTTPServer]:
    """The server behind `httpserver`, with threads: a browser keeps several connections open."""
    server = HTTPServer(host="127.0.0.1", port=0, threaded=True)
    server.start()
    yield server
    server.clear()
    server.stop()


@pytest.fixture
def context_at(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Return a maker of contexts of one width: own cookies and storage, so one person at one device."""
    made: list[BrowserContext] = []

    def make(width: int = 1366, **options: Any) -> BrowserContext:
        wide, high = SIZES[width]
        options = {
            "viewport": {"width": wide, "height": high},
            "locale": "en-US",
            "timezone_id": "UTC",
            **options,
        }
        options.setdefault("has_touch", width < 1000)
        options.setdefault("reduced_motion", "reduce")
        context = browser.new_context(**options)
        context.set_default_timeout(10_000)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def page_at(context_at: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """Return a maker of pages, each in its own context: 390 is a phone, 820 a tablet, 1366 a Chromebook."""

    def make(width: int = 1366, **options: Any) -> Page:
        return context_at(width, **options).new_page()

    return make


@pytest.fixture
def axe() -> Callable[..., list[str]]:
    """Return a check of a page or frame that lists what axe finds wrong, a line per element."""

    def check(where: Page | Frame, *, without: tuple[str, ...] = ()) -> list[str]:
        # Only the document itself is judged; hand in a frame by itself. `evaluate` is not bound by the CSP.
        where.evaluate(Path(AXE_FILE_PATH).read_text(encoding="utf-8"))
        options = {
            "runOnly": {"type": "tag", "values": list(AXE_TAGS)},
            "rules": {rule: {"enabled": False} for rule in without},
            "iframes": False,
            "resultTypes": ["violations"],
        }
        found = where.evaluate("options => axe.run(document, options)", options)
        return [
            f"{violation['id']} ({violation['impact']}): {violation['help']}: {node['html'][:160]}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    return check


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, chromium: Path) -> Iterator[Demo]:
    """The running demonstration with its seeded caseload: practice LMS, tool server and worker."""
    with running_demo(tmp_path_factory.mktemp("demo") / "demo") as running:
        yield running


@pytest.fixture
def device(demo: Demo, context_at: Callable[..., BrowserContext]) -> Callable[..., AtDevice]:
    """Return a maker of people at devices of one width, each with a browser of their own."""

    def make(key: str, width: int = 1366, *, course: int = COURSE, **options: Any) -> AtDevice:
        return AtDevice(demo, key, context_at(width, **options), course=course)

    return make


@pytest.fixture
def behind(demo: Demo) -> Iterator[Behind]:
    """The database and the practice LMS behind the screens."""
    found = Behind.of(demo)
    yield found
    found.wired.engines.close()
