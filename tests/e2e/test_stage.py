"""The stage of the demonstration: three live panes, the school's switch, and what left the building."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from lti_app.demo.supervisor import Demo
from tests.e2e.demo_fixtures import SIDEWAYS, running_demo

Pages = Callable[..., Page]


@pytest.fixture(scope="module", params=[820, 1366])
def width(request: pytest.FixtureRequest) -> int:
    """A tablet and a Chromebook."""
    return int(request.param)


@pytest.fixture(scope="module")
def demo(width: int, tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> object:
    """One demonstration for each width: its story begins at the beginning."""
    with running_demo(tmp_path_factory.mktemp(f"stage{width}") / "demo") as running:
        yield running


@pytest.fixture
def stage(demo: Demo, page_at: Pages, width: int) -> Page:
    """The stage, with the teacher's and the parent's screens there."""
    page = page_at(width)
    page.goto(f"{demo.lms_url}/stage")
    expect(pane(page, "teacher").locator("h1").first).to_contain_text("Priya Halloran")
    expect(pane(page, "phone").locator("h1").first).to_have_text("Lucía")
    return page


def pane(page: Page, name: str) -> FrameLocator:
    """Return the tool in one of the panes."""
    return page.frame_locator(f"#{name}").frame_locator("#tool_content")


def test_three_panes_live_and_the_script_can_be_followed(stage: Page, axe: Callable[..., list[str]]) -> None:
    """From a tap on the iPad to the mother's answer, everything in one page, step by step of its script."""
    assert [] == axe(stage)
    assert 0 == stage.evaluate(SIDEWAYS)
    teacher, phone = pane(stage, "teacher"), pane(stage, "phone")

    # Twenty taps, four children; the power goes out, and comes back.
    teacher.get_by_role("link", name="Record", exact=True).first.click()
    for number in range(5):
        if number == 2:
            stage.get_by_role("button", name="Stop the school's server").click()
            expect(stage.locator("#server")).to_have_text("School's server: stopped", timeout=20_000)
            expect(stage.get_by_role("button", name="Start it again")).to_be_focused()
        for child in ("Ivo", "Maya", "Tess", "Theo"):
            row = teacher.get_by_role("group", name=child, exact=True)
            row.get_by_role("button", name="Correct", exact=True).click()
    expect(teacher.locator("#saved")).to_contain_text("taps kept on this page")
    stage.get_by_role("button", name="Start it again").click()
    expect(stage.locator("#server")).to_have_text("School's server: running", timeout=20_000)
    expect(teacher.locator("#saved")).to_have_text("Saved at school", timeout=20_000)
    teacher.get_by_role("button", name="End session").first.click()
    expect(teacher.locator("h1").first).to_have_text("Session ended")
    expect(teacher.get_by_text("5 of 5 alone")).to_have_count(4)

    # A note home, seen to leave.
    expect(stage.locator("#verdict")).to_contain_text("Nothing has left yet.")
    teacher.get_by_role("link", name="Today", exact=True).first.click()
    expect(teacher.locator("h1").first).to_contain_text("Priya Halloran")
    teacher.get_by_role("link", name=re.compile("^On track")).click()
    teacher.get_by_role("link", name="Lucía", exact=True).click()
    teacher.get_by_role("link", name="Reading aloud", exact=True).click()
    expect(teacher.locator("h1").first).to_contain_text("words in a minute")
    teacher.get_by_role("link", name="Write to the family").click()
    teacher.get_by_role("button", name="Send", exact=True).click()
    expect(teacher.locator("h1").first).to_have_text("Messages about Lucía")
    with stage.context.expect_page() as opened:
        teacher.get_by_role("button", name="Connect Canvas").click()
    opened.value.get_by_label("A real LMS knows who you are").select_option("halloran")
    with opened.value.expect_event("close"):
        opened.value.get_by_role("button", name="Authorize").click()
    expect(stage.locator("#wire > li")).to_have_count(1, timeout=30_000)
    expect(stage.locator("#verdict")).to_contain_text("No child, no plan, no name of the family in it.")
    expect(stage.locator("#wire .raw")).to_contain_text("POST /api/v1/conversations")
    assert [] == axe(stage)

    # The parent's inbox and answer; the teacher sees it with its language.
    stage.get_by_role("button", name="Inbox").click()
    expect(stage.frame_locator("#phone").locator(".message")).to_have_count(1)
    stage.get_by_role("group", name="What the phone shows").get_by_role("button", name="Rapport").click()
    phone.locator("textarea[name=text]").first.fill("Gracias, qué bonito.")
    phone.locator("form:has(textarea[name=text]) button[type=submit]").first.click()
    expect(phone.locator(".notice.good")).to_be_visible()
    stage.get_by_role("button", name="Open again").click()
    waiting = teacher.get_by_role("list", name="Waiting for you")
    expect(waiting.locator("[lang^=es]", has_text="Gracias, qué bonito.")).to_be_visible()
    expect(stage.locator("#wire > li")).to_have_count(1)


def test_the_phone_changes_hands(stage: Page) -> None:
    """Farid's phone reads from right to left; the teacher beside it stays who she is."""
    stage.get_by_role("button", name=re.compile("Farid")).click()
    expect(pane(stage, "phone").locator("h1").first).to_have_text("Parwana")
    expect(pane(stage, "phone").locator("html")).to_have_attribute("dir", "rtl")
    expect(pane(stage, "teacher").locator("h1").first).to_contain_text("Priya Halloran")


def test_a_right_ends_on_the_stage_and_nothing_new_leaves(stage: Page) -> None:
    """The last step of the script: the mother's right ends; no note to her, nothing on her phone."""
    teacher = pane(stage, "teacher")
    left = stage.locator("#wire > li").count()
    teacher.get_by_role("link", name=re.compile("^On track")).click()
    teacher.get_by_role("link", name="Lucía", exact=True).click()
    teacher.get_by_role("link", name="Family and rights").click()
    teacher.get_by_role("link", name=re.compile("^Change Elena Duarte")).click()
    teacher.locator("[name=may_access_records][value=no]").check(force=True)
    teacher.locator("[name=may_decide][value=no]").check(force=True)
    teacher.get_by_label(re.compile("^The paper that takes away")).fill("Order of 3 March, on file")
    teacher.get_by_label("What does this rest on?").fill("court order seen today")
    teacher.get_by_role("button", name="Save").click()
    expect(teacher.get_by_text("The rights are changed.")).to_be_visible()
    teacher.get_by_role("link", name="Lucía", exact=True).first.click()
    teacher.get_by_role("link", name="Write to the family").click()
    expect(teacher.get_by_text("The right to see the record has ended")).to_be_visible()
    stage.get_by_role("button", name="Elena · Español").click()
    expect(pane(stage, "phone").locator("h1").first).to_have_text("Nothing to open here")
    assert left == stage.locator("#wire > li").count()
