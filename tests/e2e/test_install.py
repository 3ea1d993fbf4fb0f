"""Installing by one pasted URL, as an administrator does it, every click counted.

With ``IEP_TEST_PICTURES=1`` the test also writes the pictures of docs/how-to/connect-an-lms.md.
"""

from __future__ import annotations

import os
import subprocess
import sys
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from playwright.sync_api import BrowserContext, FrameLocator, Locator, Page, expect

from lti_app.demo.supervisor import ToolServer
from lti_app.doors.records import DeploymentState
from lti_app.sandbox import SandboxConfig, SandboxHandle, run_in_thread
from lti_app.settings import Settings
from lti_app.wiring import Wired, wire
from tests.e2e.demo_fixtures import OPENED, free_port

PICTURES = Path(__file__).parents[2] / "docs" / "how-to" / "pictures"
MOST_CLICKS = 8
LARGEST_PICTURE = 60_000


@dataclass(slots=True, kw_only=True)
class EmptyPlace:
    """A school's own server and an LMS that does not know it yet."""

    lms: SandboxHandle
    environ: dict[str, str]

    def run(self, *words: str) -> str:
        """Run ``iep`` as the person who installs does, and return what it wrote."""
        done = subprocess.run(
            [sys.executable, "-m", "lti_app.cli", *words],
            env=self.environ,
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.stdout.strip()

    def wired(self) -> Wired:
        """Return everything put together on the same database, to look behind the screens."""
        return wire(Settings.from_env(self.environ))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, chromium: Path) -> Iterator[EmptyPlace]:
    """The tool as `iep db init` leaves it, running, and the practice LMS with no tool in it."""
    folder, port = tmp_path_factory.mktemp("install"), free_port()
    tool_url = f"http://127.0.0.1:{port}"
    environ = {name: text for name, text in os.environ.items() if not name.startswith("IEP_")}
    environ |= {
        "IEP_DATABASE_URL": f"sqlite:///{folder / 'rapport.db'}",
        "IEP_PUBLIC_URL": tool_url,
        "IEP_SECRET_KEYS": Fernet.generate_key().decode(),
        "IEP_DEMO": "1",
    }
    config = SandboxConfig(public_url="http://localhost:0", tool_url=tool_url, installed=False)
    with run_in_thread(config, 0) as lms:
        made = EmptyPlace(lms=lms, environ=environ)
        made.run("db", "init", "--school", "Cedar Hollow School")
        server = ToolServer(environ, port)
        server.start_server()
        try:
            server.wait_ready()
            yield made
        finally:
            server.end()


class Administrator:
    """Somebody with a mouse who reads what stands on the screen. `clicks` counts."""

    def __init__(self, page: Page, place: EmptyPlace) -> None:
        self.page, self.place = page, place
        self.clicks = 0

    @property
    def register(self) -> FrameLocator:
        """The tool's own page while it is being installed."""
        return self.page.frame_locator("#register_content")

    @property
    def tool(self) -> FrameLocator:
        """The tool once it is there."""
        return self.page.frame_locator("#tool_content")

    def click(self, what: Locator) -> None:
        """Click something, and count it."""
        what.click()
        self.clicks += 1

    def opened(self) -> None:
        """Wait until a launch has led to a screen."""
        frame = self.page.locator("#tool_content").element_handle().content_frame()
        assert frame is not None
        frame.wait_for_function(OPENED)

    def picture(self, name: str) -> None:
        """Keep what stands on the screen, when pictures are asked for."""
        if os.environ.get("IEP_TEST_PICTURES") == "1":
            PICTURES.mkdir(exist_ok=True)
            for frame in self.page.frames:  # what is in a frame is painted a moment after it is there
                frame.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))")
            path = PICTURES / f"{name}.webp"
            line = self.page.context.new_cdp_session(self.page)
            shot = line.send("Page.captureScreenshot", {"format": "webp", "quality": 70})
            path.write_bytes(b64decode(shot["data"]))
            assert path.stat().st_size < LARGEST_PICTURE, f"{name}: {path.stat().st_size} bytes"


@pytest.fixture
def administrator(place: EmptyPlace, context_at: Callable[..., BrowserContext]) -> Administrator:
    """The school's IT administrator at a computer."""
    return Administrator(context_at(1366, viewport={"width": 860, "height": 620}).new_page(), place)


def test_an_administrator_installs_by_one_pasted_url_in_eight_clicks(
    administrator: Administrator, place: EmptyPlace, axe: Callable[..., list[str]]
) -> None:
    """R1: from the account's menu to the first page of the tool, with one address pasted on the way."""
    url = place.run("lms", "invite")
    page = administrator.page
    page.goto(f"{place.lms.url}/accounts/1/developer_keys?as=pell")

    administrator.click(page.get_by_text("+ Developer Key"))
    administrator.picture("install-1-keys")
    administrator.click(page.get_by_role("link", name="+ LTI Registration"))
    page.get_by_label("Dynamic registration URL").fill(url)
    administrator.picture("install-2-paste")
    administrator.click(page.get_by_role("button", name="Continue"))

    expect(administrator.register.get_by_role("heading", name="Connect Cedar Hollow School")).to_be_visible()
    administrator.picture("install-3-connect")
    frame = page.locator("#register_content").element_handle().content_frame()
    assert frame is not None
    assert [] == axe(frame)
    administrator.click(administrator.register.get_by_role("button", name="Connect"))

    expect(page.get_by_role("heading", name="Review: Rapport")).to_be_visible()
    administrator.picture("install-4-review")
    administrator.click(page.get_by_role("button", name="Enable and close"))
    administrator.click(page.get_by_role("navigation", name="Account").get_by_role("link", name="Rapport"))

    administrator.opened()
    expect(administrator.tool.get_by_role("heading", level=1, name="Platforms")).to_be_visible()
    expect(administrator.tool.get_by_text("Who may appoint people?")).to_be_visible()
    administrator.picture("install-5-platforms")

    assert administrator.clicks <= MOST_CLICKS, administrator.clicks
    assert 6 == administrator.clicks
    wired = place.wired()
    (registration,) = wired.doors.registrations()
    (deployment,) = wired.doors.deployments()
    wired.engines.close()
    assert place.lms.url == registration.issuer
    assert DeploymentState.ACTIVE is deployment.state

    screen = page.locator("#tool_content").element_handle().content_frame()
    assert screen is not None
    assert [] == axe(screen)
    administrator.tool.get_by_role("button", name="Test").click()
    expect(administrator.tool.get_by_text("We can read the platform's keys.")).to_be_visible()
    expect(administrator.tool.get_by_text("It knows us and lets us read course lists.")).to_be_visible()
    assert 3 == administrator.tool.get_by_label("Test").get_by_text("good").count()


def test_what_follows_needs_no_shell(
    administrator: Administrator, place: EmptyPlace, context_at: Callable[..., BrowserContext]
) -> None:
    """The administrator names the first records officer among staff who have launched."""
    teacher = context_at(1366).new_page()
    teacher.goto(f"{place.lms.url}/courses/101/external_tools/1?as=halloran")
    frame = teacher.locator("#tool_content").element_handle().content_frame()
    assert frame is not None
    frame.wait_for_function(OPENED)

    administrator.page.goto(f"{place.lms.url}/accounts/1/external_tools/1?as=pell")
    administrator.opened()
    tool = administrator.tool
    tool.get_by_label("Records officer").select_option(label="Priya Halloran")
    tool.get_by_role("button", name="Name Records officer").click()
    expect(tool.get_by_text("Changed.")).to_be_visible()
    expect(tool.get_by_text("Who may appoint people?")).to_have_count(0)


def test_a_link_opened_by_hand_says_where_it_belongs(
    administrator: Administrator, place: EmptyPlace, axe: Callable[..., list[str]]
) -> None:
    """R4: clicked in a mail it says where to paste it; used up or mistyped it says whom to ask."""
    page, url = administrator.page, place.run("lms", "invite")
    page.goto(url)
    expect(page.get_by_role("heading", name="Paste this page's address into your platform")).to_be_visible()
    assert [] == axe(page)

    page.goto(url + "x")
    expect(page.get_by_text("This link was used before, or is too old.")).to_be_visible()
    expect(page.get_by_text("Ask for a new link.")).to_be_visible()
    assert [] == axe(page)


def test_a_platform_that_lies_is_told_in_its_frame(
    administrator: Administrator, place: EmptyPlace, axe: Callable[..., list[str]]
) -> None:
    """R3: settings that are not there: the reason, what to do, a number, and the button once more."""
    page, url = administrator.page, place.run("lms", "invite")
    page.goto(f"{url}?openid_configuration={place.lms.url}/nothing&registration_token=x")
    page.get_by_role("button", name="Connect").click()

    expect(page.get_by_role("heading", name="Not connected yet")).to_be_visible()
    expect(page.get_by_text("Reference")).to_be_visible()
    assert [] == axe(page)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Not connected yet")).to_be_visible()
