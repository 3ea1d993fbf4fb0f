"""What the LMS's own scripts do in a real browser: platform storage, frame size, the stage's panes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from lti_app.sandbox import SandboxConfig, run_in_thread
from tests.unit.sandbox.parts import Lms

pytestmark = pytest.mark.browser

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]

# A tool that asks its parent for storage and writes down every answer.
TOOL_PAGE = """<!doctype html><title>Tool</title><pre id="heard"></pre><script>
const heard = [], where = %(target)s;
addEventListener("message", (event) => {
  heard.push({ origin: event.origin, ...event.data });
  document.getElementById("heard").textContent = JSON.stringify(heard);
});
const frame = where && where !== "_parent" ? parent.frames[where] : parent;
const say = (body, to = frame) => to.postMessage(body, %(lms)s);
say({ subject: "lti.capabilities", message_id: "c" }, parent);
setTimeout(() => {
  say({ subject: "lti.put_data", message_id: "p", key: "state", value: "s1" });
  say({ subject: "lti.get_data", message_id: "g", key: "state" });
  say({ subject: "lti.get_data", message_id: "n", key: "never" });
  say({ subject: "lti.put_data", message_id: "e", key: "state", value: 7 });
  say({ subject: "lti.get_data", key: "state" });
  say({ subject: "lti.frameResize", height: 1234 }, parent);
  say({ subject: "lti.fetchWindowSize", message_id: "w" }, parent);
}, 300);
</script>"""


@pytest.fixture(scope="module")
def practice() -> Iterator[Lms]:
    """An LMS on localhost beside a tool on 127.0.0.1: two sites for a browser."""
    with HTTPServer(host="127.0.0.1", port=0, threaded=True) as server:
        config = SandboxConfig(public_url="", tool_url=server.url_for("").rstrip("/"))
        with run_in_thread(config) as handle:

            def tool(request: Request) -> Response:
                texts = {
                    "target": json.dumps(request.form.get("lti_storage_target")),
                    "lms": json.dumps(handle.url),
                }
                return Response(TOOL_PAGE % texts, content_type="text/html")

            server.expect_request("/lti/login", method="POST").respond_with_handler(tool)
            yield Lms(handle, keys=None)  # type: ignore[arg-type]
        server.clear()


@pytest.fixture(scope="module")
def chrome(chromium: Path) -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(chromium), args=ARGS)
        yield started
        started.close()


@pytest.fixture
def page(chrome: Browser) -> Iterator[Page]:
    """A fresh page that fails on any script error."""
    context = chrome.new_context(viewport={"width": 1366, "height": 800})
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    yield opened
    context.close()
    assert [] == problems


def heard(page: Page, *, until: str) -> dict[str, dict[str, Any]]:
    """What the tool heard, by message id, once the message ``until`` is there."""
    frame = page.frame(name="tool_content")
    assert frame is not None
    # The frame may still hold the LMS's own page on its way to the tool: nothing there yet to read, and a
    # policy that evaluates functions only, no text.
    frame.wait_for_function(
        "said => document.getElementById('heard')?.textContent.includes(said)",
        arg=f'"{until}"',
        timeout=30_000,
    )
    listed = json.loads(frame.locator("#heard").inner_text())
    return {message.get("message_id") or "missing": message for message in listed}


@pytest.mark.parametrize(("storage", "frame"), [("parent", None), ("frame", "post_message_forwarding")])
def test_storage_answers_the_tool(page: Page, practice: Lms, storage: str, frame: str | None) -> None:
    """Data put is got back, what was never put is null, a faulty message gets an error."""
    page.goto(f"{practice.url}/courses/101/external_tools/1?as=dana&storage={storage}")
    told = heard(page, until="w")
    places = {s["subject"]: s.get("frame") for s in told["c"]["supported_messages"]}

    assert {practice.url} == {message["origin"] for message in told.values()}
    assert (frame, frame) == (places["lti.put_data"], places["lti.get_data"])
    assert ("lti.put_data.response", "s1") == (told["p"]["subject"], told["p"]["value"])
    assert ("lti.get_data.response", "state", "s1") == tuple(
        told["g"][k] for k in ("subject", "key", "value")
    )
    assert told["n"]["value"] is None
    assert ["bad_request"] * 2 == [told[k]["error"]["code"] for k in ("e", "missing")]
    assert (1234, "1234px") == (
        told["w"]["height"],
        page.eval_on_selector("#tool_content", "e => e.style.blockSize"),
    )


@pytest.mark.parametrize("storage", ["silent", "none"])
def test_storage_can_be_switched_off(page: Page, practice: Lms, storage: str) -> None:
    """No answer to any storage message comes; only the size is told."""
    page.goto(f"{practice.url}/courses/101/external_tools/1?as=dana&storage={storage}")
    told = heard(page, until="w")

    assert set() == {"p", "g", "n", "e", "missing"} & set(told)
    assert ("c" in told) == (storage == "none")


def test_other_origins_are_not_heard(page: Page, practice: Lms) -> None:
    """A message from the LMS's own pages, or from any other origin than the tool's, gets no answer."""
    page.goto(f"{practice.url}/courses/101/external_tools/1?as=dana")
    heard(page, until="w")
    page.evaluate("""() => {
        window.answers = 0;
        addEventListener("message", ({ data }) => { answers += String(data.subject).endsWith(".response"); });
        postMessage({ subject: "lti.get_data", message_id: "x", key: "state" }, "*");
    }""")
    page.evaluate("() => new Promise((done) => setTimeout(done, 200))")

    assert 0 == page.evaluate("answers")


def test_stage_shows_three_people_at_once(page: Page, practice: Lms) -> None:
    """The panes are two people; the phone changes hands; what leaves appears by itself and is judged."""
    page.goto(f"{practice.url}/stage")
    page.get_by_role("button", name="Farid").click()
    page.get_by_role("button", name="Inbox").click()
    page.frame_locator("#phone").get_by_text("No messages for Farid Nazari yet.").wait_for()
    world = practice.handle.world
    token = world.tokens.issue(frozenset({"url:POST|/api/v1/conversations"}), user_key="halloran")
    practice.send(token, practice.user_id("farid"), body="A message waits.").raise_for_status()
    page.locator("#verdict[data-state=none]").wait_for(timeout=5000)
    practice.send(token, practice.user_id("farid"), body="Parwana's goal").raise_for_status()
    page.locator("#verdict[data-state=found]").wait_for(timeout=5000)

    assert "Found in it: Parwana, goal" in page.locator("#verdict").inner_text()
    assert 2 == page.locator("#wire > li").count()
    assert "POST /api/v1/conversations HTTP/1.1" in page.locator("#wire pre").first.inner_text()
