"""The whole loop over real HTTP, and what the outbox does when the other side breaks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from lti_app.demo.browser import Browser
from lti_app.demo.caseload import demo_id
from lti_app.demo.check import Loop, connect_canvas, walk
from lti_app.demo.supervisor import Demo
from lti_app.settings import Settings
from lti_app.wiring import wire

SECONDS = 20.0


@pytest.fixture
def sandbox(demo: Demo) -> Iterator[Callable[..., Any]]:
    """Ask the practice LMS behind the scenes; faults are switched off afterwards."""

    def ask(path: str, **fault: object) -> Any:
        headers = {"X-Sandbox-Key": demo.lms.admin_key}
        url = f"{demo.lms_url}/sandbox/{path}"
        if fault:
            answer = requests.post(url, json=fault, headers=headers, timeout=5)
        else:
            answer = requests.get(url, headers=headers, timeout=5)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    yield ask
    ask("faults", mode="ok")


def wait_for(what: Callable[[], bool]) -> bool:
    """Wait until something is so, at most 20 seconds."""
    limit = time.monotonic() + SECONDS
    while time.monotonic() < limit:
        if what():
            return True
        time.sleep(0.1)
    return False


def states(demo: Demo) -> dict[str, int]:
    """Return how many outbox items stand in each state, read from the demo's own database."""
    wired = wire(Settings.from_env(demo.environ))
    try:
        with wired.store(wired.doors.sites()[0].id).read() as uow:
            return dict(uow.outbox.counts())
    finally:
        wired.engines.close()


def received(sandbox: Callable[..., Any], reader: str) -> list[Any]:
    """Return the conversations that hold a message for a reader."""
    listed = sandbox("conversations")
    rows = listed if isinstance(listed, list) else listed["conversations"]
    return [row for row in rows if reader in str(row)]


def send_note(demo: Demo, child: str, goal: str = "main") -> None:
    """Send a note about a child as the case manager, as the screen would."""
    teacher = Browser()
    teacher.launch(demo.lms_url, demo.tool_url, "halloran", 101)
    form = teacher.open(f"/app/g/{demo_id('goal', child, goal)}/write").form("/write")
    teacher.send(form, went_well="A good day.")


def test_the_whole_loop_is_whole(demo: Demo) -> None:
    """Launch, roster, points, finding, note in Spanish, delivered once, read, answered, seen on Today."""
    told: list[str] = []

    whole = walk(demo, told.append)

    assert whole, "\n".join(told)


def test_a_lost_answer_is_looked_up_and_not_sent_twice(demo: Demo, sandbox: Callable[..., Any]) -> None:
    """The platform took the notice and the line broke: unknown, looked up, found, sent once."""
    loop = Loop(demo=demo)
    loop.teacher.launch(demo.lms_url, demo.tool_url, "halloran", 101)
    connect_canvas(loop)
    before = states(demo).get("sent", 0)
    sandbox("faults", mode="reset_after_read", times=1)

    send_note(demo, "callum")

    assert wait_for(lambda: states(demo).get("sent", 0) == before + 1), states(demo)
    count = len(sandbox("wire")["deliveries"] if isinstance(sandbox("wire"), dict) else sandbox("wire"))
    time.sleep(2.5)  # the worker goes on for two more rounds
    after = len(sandbox("wire")["deliveries"] if isinstance(sandbox("wire"), dict) else sandbox("wire"))
    assert count == after
    assert 0 == states(demo).get("unknown", 0)


def test_a_dead_platform_loses_nothing(demo: Demo, sandbox: Callable[..., Any]) -> None:
    """While the platform cuts every line the notice waits; the note itself is in the tool at once."""
    sandbox("faults", mode="refuse_429")
    send_note(demo, "luca")
    assert wait_for(lambda: states(demo).get("queued", 0) >= 1), states(demo)

    parent = Browser()
    parent.launch(demo.lms_url, demo.tool_url, "bruna", 101)
    page = parent.open(f"/app/g/{demo_id('goal', 'luca', 'main')}/talk")

    assert "A good day." in page.text


def test_a_killed_server_comes_back_with_everything(demo: Demo) -> None:
    """The stage's switch: killed at once, started again, the session and the data are still there."""
    teacher = Browser()
    teacher.launch(demo.lms_url, demo.tool_url, "halloran", 101)

    demo.tool.stop_server()
    down = demo.tool.server_is_up()
    demo.tool.start_server()
    demo.tool.wait_ready()

    assert not down
    assert "Callum" in teacher.open("/app/today").text


def test_a_pupil_and_a_stranger_get_the_same_page(demo: Demo) -> None:
    """A pupil with a plan, one without, and an observer of nobody: the same bytes and status."""
    pages = []
    for person, course in (("maya", 101), ("piper", 104), ("ned", 101)):
        visitor = Browser()
        pages.append(visitor.launch(demo.lms_url, demo.tool_url, person, course))

    assert {200} == {page.status for page in pages}
    assert 1 == len({page.html for page in pages})
