"""Pages, the stage and the people of the practice LMS."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from lti_app.sandbox import SandboxConfig, create_sandbox, run_in_thread
from lti_app.sandbox.app import world_of
from lti_app.sandbox.config import PACKAGED_PEOPLE
from lti_app.sandbox.people import load_people
from tests.unit.sandbox.parts import Lms, Switch

ROOT = Path(__file__).parents[3]


def test_everybody_can_be_chosen(lms: Lms) -> None:
    """The first page offers each person with a link to a course or to the account."""
    page = lms.get("/").text

    assert set() == {u.name for u in lms.handle.world.people.users if u.name not in page}


def test_tool_is_one_neutral_item(lms: Lms) -> None:
    """The course menu has the tool among other items, under its neutral name."""
    page = lms.get("/courses/101?as=dana").text
    nav = page.split('aria-label="Course navigation"')[1].split("</nav>")[0]

    assert ["Home", "Announcements", "Assignments", "Grades", "Rapport"] == re.findall(
        r">([A-Z]\w+)</a>", nav
    )


def test_frame_is_opened_as_canvas_opens_it(lms: Lms) -> None:
    """The tool's frame has Canvas's allow list, no sandbox attribute, and a form that posts into it."""
    page = lms.get("/courses/101/external_tools/1?as=dana").text
    frame = page.split('<iframe id="tool_content"')[1].split(">")[0]

    assert "microphone *; camera *" in frame
    assert "sandbox=" not in frame
    assert f'action="{lms.handle.config.tool_base}/lti/login" target="tool_content"' in page


def test_bare_frame_shows_only_the_tool(lms: Lms) -> None:
    """For a pane of the stage there is no menu around the tool."""
    page = lms.get("/courses/101?as=elena&frame=bare").text

    assert 'name="tool_content"' in page
    assert "<nav" not in page


def test_pages_run_no_inline_code(lms: Lms) -> None:
    """Every script is a file of this server, and the policy says so."""
    paths = ["/", "/courses/101?as=dana", "/courses/101/external_tools/1?as=dana", "/stage", "/inbox?as=dana"]
    answers = [lms.get(path) for path in [*paths, "/mailbox", "/hostile?as=piper"]]

    for answer in answers:
        assert 200 == answer.status_code
        assert [] == re.findall(r"<script(?! src=\"/static/)|\son\w+=|style=", answer.text)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy


def test_inbox_makes_links_clickable_and_nothing_else(lms: Lms) -> None:
    """A message is text: its web address becomes a link, its HTML does not become HTML."""
    token = lms.consent()["access_token"]
    lms.send(token, lms.user_id("elena"), body="<b>Hola</b> http://127.0.0.1:8500/n/abc?x=1&y=2.")
    page = lms.get("/inbox?as=elena").text

    assert "&lt;b&gt;Hola&lt;/b&gt;" in page
    assert 'href="http://127.0.0.1:8500/n/abc?x=1&amp;y=2"' in page
    assert "Hola" not in lms.get("/inbox?as=farid").text


def test_hostile_page_frames_the_tool(lms: Lms) -> None:
    """The pupil's page frames the tool's root and its Today page, without any launch."""
    page = lms.get("/courses/104?as=piper&hostile=1")
    assert page.headers["Location"].endswith("/hostile?as=piper")
    frames = re.findall(r'<iframe[^>]+src="([^"]+)"', lms.get("/hostile?as=piper").text)

    assert [f"{lms.handle.config.tool_base}/", f"{lms.handle.config.tool_base}/app/today"] == frames


def stage_state(lms: Lms) -> dict[str, Any]:
    """What the stage polls."""
    state: dict[str, Any] = lms.get("/stage/wire.json").json()
    return state


def test_stage_shows_what_left_and_what_was_found(lms: Lms) -> None:
    """Each delivery comes with its bytes, a readable form and the result of the search."""
    token = lms.consent()["access_token"]
    lms.send(token, lms.user_id("elena"), body="A message waits.")
    lms.send(token, lms.user_id("farid"), body="Parwana has a new goal")
    clean, leaky = stage_state(lms)["deliveries"]

    assert ([], "Elena Duarte") == (clean["found"], clean["name"])
    assert "body: A message waits." in clean["readable"]
    assert clean["raw"].startswith("POST /api/v1/conversations HTTP/1.1\r\n")
    assert ["name", "plan"] == [f["kind"] for f in leaky["found"]]


def test_switch_stops_and_starts_the_server(lms: Lms, switch: Switch) -> None:
    """The buttons throw the supervisor's switch; without the page's key they do nothing."""
    key = re.search(r'data-page-key="([^"]+)"', lms.get("/stage").text)
    assert key is not None
    headers = {"X-Stage-Key": key[1]}

    assert 403 == lms.post("/stage/server", json={"action": "stop"}).status_code
    assert stage_state(lms)["server_up"]
    assert {"server_up": False} == lms.post("/stage/server", json={"action": "stop"}, headers=headers).json()
    assert not switch.up
    assert not stage_state(lms)["server_up"]
    assert {"server_up": True} == lms.post("/stage/server", json={"action": "start"}, headers=headers).json()
    assert 400 == lms.post("/stage/server", json=["stop"], headers=headers).status_code


def test_stage_without_a_switch_says_so() -> None:
    """Started alone, the stage has no buttons and tells how to stop the server instead."""
    with run_in_thread(SandboxConfig(public_url="", tool_url="http://127.0.0.1:9")) as alone:
        page = Lms(alone, keys=None).get("/stage").text  # type: ignore[arg-type]

    assert 'id="stop"' not in page
    assert "no switch here" in page


def test_given_port_keeps_the_public_url() -> None:
    """A chosen port leaves the configured issuer as it is; a taken port is an OSError."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        config = SandboxConfig(public_url=f"http://localhost:{port}/", tool_url="http://127.0.0.1:9/")
        with pytest.raises(OSError, match="in use"):
            run_in_thread(config, port)
    with run_in_thread(config, port) as running:
        assert (f"http://localhost:{port}", port) == (running.url, running.port)
        running.stop()


def test_it_runs_alone() -> None:
    """``python -m lti_app.sandbox`` says where everything is, serves, and ends cleanly when told to."""
    command = [sys.executable, "-m", "lti_app.sandbox", "--port", "0", "--smtp-port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        url = first.rpartition(" ")[2].strip()
        status = requests.get(f"{url}stage", timeout=5).status_code
        process.terminate()
        code = process.wait(timeout=10)

    assert (200, 0) == (status, code)


def test_taken_port_ends_with_a_plain_sentence() -> None:
    """Started alone on a taken port it says so and exits 1."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = [sys.executable, "-m", "lti_app.sandbox", "--port", str(taken.getsockname()[1])]
        run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30, cwd=ROOT)

    assert (1, "") == (run.returncode, run.stderr)
    assert "cannot start" in run.stdout


def test_any_wsgi_server_will_do() -> None:
    """Under another server the request head is put together again from the environment."""
    app = create_sandbox(SandboxConfig(public_url="http://localhost:1", tool_url="http://127.0.0.1:9"))
    here = world_of(app)
    token = here.tokens.issue(frozenset({"url:POST|/api/v1/conversations"}), user_key="halloran")
    client = app.test_client()
    elena = here.people.by_key("elena")
    assert elena is not None
    answer = client.post(
        "/api/v1/conversations?x=1",
        data={"recipients[]": elena.canvas_user_id, "body": "Hola"},
        headers={"Authorization": f"Bearer {token}"},
    )
    (delivery,) = here.wire.all()

    assert 201 == answer.status_code
    assert delivery.raw.startswith(b"POST /api/v1/conversations?x=1 HTTP/1.1\r\n")
    assert delivery.raw.endswith(f"recipients%5B%5D={elena.canvas_user_id}&body=Hola".encode())
    assert token.encode() not in delivery.raw


def test_other_machines_see_no_deliveries() -> None:
    """Stage, mailbox and inspection answer this machine only."""
    client = create_sandbox(SandboxConfig(public_url="http://x", tool_url="http://127.0.0.1:9")).test_client()
    paths = ("/stage", "/stage/wire.json", "/mailbox", "/sandbox/wire")

    for address in ("203.0.113.7", "not-an-address"):
        found = [client.get(p, environ_base={"REMOTE_ADDR": address}).status_code for p in paths]
        assert [403] * 4 == found


def test_caseload_has_twenty_four_children() -> None:
    """The resource room holds the twenty scenario children, Tess and three more; each has an observer."""
    people = load_people(PACKAGED_PEOPLE)
    children = {u.key for u in people.members(101) if "student" in u.roles_in(101)}
    observed = {key for u in people.members(101) for key in u.observes_in(101)}

    assert 24 == len(children)
    assert children == observed
    assert {"lucia", "tess", "ivo", "hollis"} <= children


def test_scenario_families_are_all_here(shared_folder: Path) -> None:
    """Every child and every named relative of the scenarios has an account, and the link between them."""
    people = load_people(PACKAGED_PEOPLE)
    by_name = {u.name: u for u in people.users}
    text = (shared_folder / "domain" / "scenarios.json").read_text("utf-8")
    for scenario in json.loads(text)["scenarios"]:
        child = by_name[scenario["student"]["name"]]
        for person in scenario["people"]:
            if person["relation"] == "caseworker" or "other family" in person["relation"]:
                continue
            assert child.key in by_name[person["name"]].observes_in(101)


def test_identities_are_unique_and_addresses_lead_nowhere() -> None:
    """No two people share a key, subject, number or address, and every address is reserved for examples."""
    users = load_people(PACKAGED_PEOPLE).users

    for field in ("key", "sub", "canvas_user_id", "email"):
        assert len(users) == len({getattr(u, field) for u in users})
    assert all(u.email.endswith("@example.org") for u in users)


def test_dangling_people_file_is_refused(tmp_path: Path) -> None:
    """A link to nobody stops the start instead of making a parent of nobody."""
    raw = json.loads(PACKAGED_PEOPLE.read_text("utf-8"))
    raw["users"][0]["enrollments"][0]["observes"] = ["ghost"]
    file = tmp_path / "people.json"
    file.write_text(json.dumps(raw), "utf-8")
    config = SandboxConfig(public_url="", tool_url="http://127.0.0.1:9")

    with pytest.raises(KeyError):
        run_in_thread(replace(config, people_file=file))
