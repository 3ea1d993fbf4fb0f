"""Without a live session nothing opens, and what everybody may see is the same bytes for everybody."""

from __future__ import annotations

import pytest

from lti_app.session.tokens import hash_of
from tests.contract.screens.furnished import World, named_html
from tests.contract.screens.guide import OPEN
from tests.contract.screens.viewers import bearer
from tests.contract.screens.walking import steps
from tests.unit.screens.conftest import House

NASTY = "Zed<img src=x onerror=1>\u202eneve\u202c\"'"


@pytest.mark.parametrize("kind", ["none", "garbage", "expired", "ended", "revoked"])
def test_no_session_opens_nothing(kind: str, house: House, world: World) -> None:
    """Reading without a bearer gives the one empty shell; a dead bearer, or a form without one, gives 401."""
    token = bearer(house, world, "manager", idle_minutes=5)
    if kind == "expired":
        house.clock.forward(minutes=6)
    if kind == "revoked":
        house.wired.doors.revoke_session(hash_of(token), at=house.clock())
    if kind == "ended":
        house.clock.forward(hours=13)
    headers = {
        "none": {},
        "garbage": {"Authorization": f"Bearer {'x' * 43}"},
    }.get(kind, {"Authorization": f"Bearer {token}"})
    shells = set()
    wrong = []
    for step in steps(house, world):
        if step.right == OPEN:
            continue
        answer = house.client.open(
            step.path, method=step.method, data=step.data, json=step.json, headers=headers
        )
        if kind == "none" and step.method == "GET":
            shells.add(answer.data)
            ok = answer.status_code == 200
        else:
            ok = answer.status_code == 401 and answer.headers["Rapport-Answer"] == "session_over"
        ok = ok and answer.headers["Cache-Control"] == "no-store"
        if not ok:
            wrong.append((step.method, step.rule, answer.status_code))
        if "Content-Security-Policy" not in answer.headers:
            wrong.append((step.method, step.rule, answer.status_code))
    assert [] == wrong
    assert (1 if kind == "none" else 0) == len(shells)


def test_neutral_page_is_the_same_with_and_without_a_plan(house: House, world: World) -> None:
    """A pupil with a plan, one without, a stranger and a revoked parent get the same bytes and headers."""
    seen = set()
    for viewer in ("pupil_with_plan", "pupil_without", "stranger", "revoked"):
        headers = {"Authorization": f"Bearer {bearer(house, world, viewer)}"}
        answer = house.client.get("/app/my", headers=headers)
        kept = tuple(sorted((key, value) for key, value in answer.headers.items() if key != "Date"))
        seen.add((answer.status_code, answer.data, kept))
    assert 1 == len(seen)
    for path in ("/app/", f"/app/my/{house.student('maya')}", f"/app/c/{house.student('maya')}"):
        answers = {
            house.client.get(path, headers={"Authorization": f"Bearer {bearer(house, world, viewer)}"}).data
            for viewer in ("pupil_with_plan", "pupil_without")
        }
        assert 1 == len(answers), path


@pytest.mark.parametrize("viewer", ["manager", "stepparent"])
def test_names_are_words_and_never_markup(viewer: str, house: House, world: World) -> None:
    """A child whose name is markup and turns the direction is shown as letters on every screen."""
    named_html(house, "jonah", NASTY)
    token, shown = bearer(house, world, viewer), 0
    for step in steps(house, world):
        if step.method != "GET" or step.right == OPEN:
            continue
        answer = house.client.get(step.path, headers={"Authorization": f"Bearer {token}"})
        text = answer.get_data(as_text=True)
        assert "<img src=x" not in text, step.rule
        assert "\u202e" not in text.partition("<title>")[2].partition("</title>")[0], step.rule
        assert "\n" not in str(answer.headers.get("Rapport-Goto", "")), step.rule
        shown += "Zed&lt;img" in text
    assert shown >= 2


def test_a_moved_address_never_leads_to_another_host(house: House, world: World) -> None:
    """A redirect that the router makes by itself stays on this site, whatever the Host header says."""
    headers = {"Authorization": f"Bearer {bearer(house, world, 'manager')}", "Host": "elsewhere.example"}
    for path in ("/app", "/app//today", "//elsewhere.example/app/today"):
        answer = house.client.get(path, headers=headers)
        assert "elsewhere.example" not in answer.headers.get("Location", ""), path
