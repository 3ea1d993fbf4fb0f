"""Manners in the frame of an LMS: height, scroll, focus, title, voice, language, contrast, last way in."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Frame, Page, expect

from tests.contract.lti.platform import CLAIM
from tests.e2e.test_door_in_a_frame import NO_STORAGE, Contexts, Theatre, refusing, shows, theatre, tool_frame

__all__ = ["theatre"]

LISTENER = """<script>
window.heard = [];
addEventListener("message", ({data}) => heard.push(data));
</script>"""


def open_listening(theatre: Theatre, context: Any, **claims: Any) -> tuple[Page, Frame]:
    """Open a course whose page keeps what its frame says to it, with a launch of these claims."""
    usual = theatre.platform.claims
    theatre.platform.claims = lambda nonce, /, **more: usual(nonce, **{**claims, **more})  # type: ignore[method-assign]
    theatre.server.expect_request("/listening").respond_with_data(
        LISTENER + '<iframe name="tool0" src="/start" width="900" height="300"></iframe>',
        content_type="text/html",
    )
    page = context.new_page()
    page.goto(theatre.server.url_for("/listening"))
    frame = tool_frame(page)
    shows(frame, "Today")
    return page, frame


def wait_for(page: Page, subject: str, more: str = "true") -> None:
    """Wait until the frame has said this to the course's page."""
    page.wait_for_function(f"heard.some((said) => said.subject === '{subject}' && {more})", timeout=30_000)


def test_height_follows_the_page(theatre: Theatre, context_at: Contexts) -> None:
    """The LMS hears how tall the page is, at first and when it grows."""
    page, frame = open_listening(theatre, context_at())
    wait_for(page, "lti.frameResize", "said.height >= 480")
    frame.evaluate("document.getElementById('end').style.height = '3000px'")
    wait_for(page, "lti.frameResize", "said.height >= 3000")


def test_new_screen_begins_at_its_top(theatre: Theatre, context_at: Contexts) -> None:
    """A new screen asks the LMS to scroll up, takes the focus at its heading, its title, and is announced."""
    page, frame = open_listening(theatre, context_at())
    page.evaluate("heard.length = 0")
    frame.get_by_role("link", name="Goal").click()
    shows(frame, "Goal")
    wait_for(page, "lti.scrollToTop")
    assert ["h1", "Goal"] == frame.evaluate("[document.activeElement.localName, document.title]")
    expect(frame.locator("#say")).to_have_text("Goal")


def test_messages_hold_no_data(theatre: Theatre, context_at: Contexts) -> None:
    """What any framing page may hear is a subject and a height, nothing else."""
    page, frame = open_listening(theatre, context_at())
    frame.get_by_role("link", name="Goal").click()
    shows(frame, "Goal")
    wait_for(page, "lti.scrollToTop")
    said = page.evaluate("heard.map((one) => Object.keys(one).sort().join())")
    assert {"height,subject", "subject"} == set(said)


def test_language_of_the_launch(theatre: Theatre, context_at: Contexts) -> None:
    """The locale of the frame (launch_presentation) goes before the person's own."""
    _, frame = open_listening(theatre, context_at(), launch_presentation={"locale": "es-MX"}, locale="de")
    frame.get_by_role("link", name="Goal").click()
    expect(frame.locator("#lang")).to_have_text("es-MX")


def test_contrast_of_the_launch(theatre: Theatre, context_at: Contexts) -> None:
    """More contrast asked for in the LMS holds on every screen and after a reload."""
    wish = {CLAIM + "custom": {"prefers_high_contrast": "true"}}
    _, frame = open_listening(theatre, context_at(), **wish)
    html = frame.locator("html")
    expect(html).to_have_attribute("data-contrast", "more")
    frame.get_by_role("link", name="Goal").click()
    shows(frame, "Goal")
    expect(html).to_have_attribute("data-contrast", "more")
    frame.evaluate("location.reload()")
    shows(frame, "Goal")
    expect(html).to_have_attribute("data-contrast", "more")


def test_usual_contrast(theatre: Theatre, context_at: Contexts) -> None:
    """Without a wish the system decides."""
    _, frame = open_listening(theatre, context_at())
    assert "data-contrast" not in frame.evaluate("document.documentElement.outerHTML.slice(0, 200)")


def test_own_window_says_nothing(theatre: Theatre, context_at: Contexts) -> None:
    """In a window of its own nobody is told a height."""
    page = context_at().new_page()
    page.add_init_script("addEventListener('message', () => (window.heardSelf = true))")
    page.goto(theatre.server.url_for("/start"))
    expect(page.locator("h1")).to_have_text("Today")
    page.get_by_role("link", name="Goal").click()
    expect(page.locator("h1")).to_have_text("Goal")
    assert page.evaluate("window.heardSelf") is None


def test_window_is_the_last_way_at_the_launch_too(theatre: Theatre, context_at: Contexts) -> None:
    """P3: a browser that keeps a cookie and does not send it gets the link at the launch, and it works."""
    context = context_at()
    refusing(context, theatre, NO_STORAGE)  # the page's own cookie is kept; none reaches the server
    page = context.new_page()
    page.goto(theatre.course())
    frame = tool_frame(page)
    link = frame.get_by_role("link", name="Open in a new window")
    expect(link).to_be_visible(timeout=30_000)
    assert "launch" == frame.evaluate("document.body.dataset.bind")
    theatre.cookies_pass = True
    with context.expect_page() as opened:
        link.click()
    expect(opened.value.locator("h1")).to_have_text("Today")
