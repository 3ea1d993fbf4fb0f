"""Every rule of the map is walked by every kind of viewer; the guide's table says what may be seen."""

from __future__ import annotations

import logging
import re
import uuid
from functools import cache

import pytest
from werkzeug.test import TestResponse

from iepcore.access import AuditKind
from lti_app.demo.seed import people
from tests.contract.screens.furnished import CHILDREN, WORDS, World
from tests.contract.screens.guide import ALSO_KNOWS, BOOKS, CLOSED_403, GUIDE, OPEN, PUBLIC, Row
from tests.contract.screens.viewers import SEEDED, adult_of, bearer
from tests.contract.screens.walking import Step, may, steps
from tests.unit.screens.conftest import House

BOOK_LOOKS = frozenset({"record_requests", "disclosures"})
"""What looking into the office's books leaves: they name a child and are not the record."""

DONE = frozenset({200, 303, 409, 422})
"""A permitted request may still be told that its form does not fit or that somebody was faster."""


BESIDE_THE_RECORD = frozenset({"site_records_officer", "break_glass"})
"""Reading the office's own books about a child, or opening with a reason, rests on no right to a record."""


@cache
def names_of() -> dict[str, frozenset[str]]:
    """Return the words that name each pupil and each adult of a family, by key. School staff may be named."""
    found = {}
    for user in people()["users"]:
        held = {one["role"] for one in user["enrollments"]}
        if not held & {"student", "observer"} or held & {"teacher", "ta"}:
            continue
        found[user["key"]] = frozenset({user["name"], user["email"], user["given_name"]})
    return found


def forbidden(house: House, viewer: str, row: Row, step: Step | None) -> set[str]:
    """Return every word that must not stand in an answer to this viewer."""
    known = set(row.children) | set(ALSO_KNOWS.get(viewer, ())) | set(row.adults)
    if viewer in SEEDED:
        known.add(SEEDED[viewer])
    if viewer.startswith("pupil"):
        known.add({"pupil_with_plan": "maya", "pupil_without": "piper"}[viewer])
    addresses = {user["email"] for user in people()["users"]}
    words = {word for name, word in WORDS.items() if name not in row.hears} | addresses
    if "everybody" in row.adults:
        return words
    if step is not None and step.rule.startswith(BOOKS) and "books" in row.site:
        return words - addresses
    allowed = {part for key in known for part in names_of().get(key, ())}
    lists_observers = (
        step is not None and "/family" in step.rule and "family!" in row.children.get(step.about, ())
    )
    for key, parts in names_of().items():
        if key in known or (lists_observers and key not in CHILDREN):
            continue
        words |= parts - allowed
    return words


@cache
def _any_of(words: frozenset[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<!\w)({'|'.join(map(re.escape, longest_first))})(?!\w)")


def told(words: set[str], text: str) -> list[str]:
    """Return which words stand in a text, as whole words."""
    return sorted(set(_any_of(frozenset(words)).findall(text)))


def whole(answer: TestResponse) -> str:
    """Return an answer with its headers, as it goes over the wire."""
    return f"{answer.status}\n{answer.headers}\n{answer.get_data(as_text=True)}"


def ask(house: House, step: Step, token: str | None) -> TestResponse:
    """Send one request of the walk."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if step.rule == "/session/resume":
        headers = {"Origin": "http://127.0.0.1:8500"}
    return house.client.open(step.path, method=step.method, data=step.data, json=step.json, headers=headers)


def check_headers(answer: TestResponse, step: Step) -> list[str]:
    """Return what is missing in the headers of an answer."""
    wrong = []
    policy = answer.headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "frame-ancestors 'self'" not in policy or "unsafe" in policy:
        wrong.append(f"policy {policy!r}")
    if answer.headers.get("X-Content-Type-Options") != "nosniff":
        wrong.append("nosniff")
    if answer.headers.get("Referrer-Policy") != "no-referrer":
        wrong.append("referrer")
    if step.rule not in PUBLIC and "no-store" not in answer.headers.get("Cache-Control", ""):
        wrong.append(f"cache {answer.headers.get('Cache-Control')!r}")
    if step.right != OPEN and answer.headers.getlist("Set-Cookie"):
        wrong.append("cookie")
    onward = answer.headers.get("Rapport-Goto", "/app/")
    if not re.fullmatch(r"/app/[A-Za-z0-9/_?=&.\-]*", onward):
        wrong.append(f"goto {onward!r}")
    if answer.status_code >= 300 and answer.status_code < 400:
        wrong.append(f"moved to {answer.headers.get('Location')}")
    return wrong


def verdict(house: House, viewer: str, step: Step, answer: TestResponse, missing: TestResponse) -> str:
    """Return what is wrong with an answer by the guide, empty when it is right."""
    row, status = GUIDE[viewer], answer.status_code
    if step.right == OPEN:
        return "" if status < 500 else "an open page broke"
    if viewer.startswith("face_of_") and step.method != "GET" and step.rule != "/session/end":
        return "" if status == 403 and answer.headers["Rapport-Answer"] == "masquerade" else "a face wrote"
    if step.rule == "/session/end":
        return "" if status == 204 else "sign-out"
    if may(row, step, viewer):
        if status in DONE or (viewer.startswith("face_of_") and status in {403, 404}):
            return ""
        return "refused, and the guide permits it"
    if step.rule in CLOSED_403 and "staff" in row.site and "opens_records" not in row.site:
        return "" if status == 403 else "not closed"
    if viewer == "face_of_manager" and step.rule in CLOSED_403 and status == 403:
        return ""  # nothing may be opened under another face
    if status != 404:
        return "answered, and the guide refuses it"
    if answer.data != missing.data:
        return "a refusal looks different from nothing there"
    same = {key: value for key, value in missing.headers.items() if key != "Date"}
    return "" if same == {key: value for key, value in answer.headers.items() if key != "Date"} else "headers"


@pytest.mark.parametrize("viewer", GUIDE)
def test_every_route_for_every_viewer(
    viewer: str, house: House, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """What the guide permits opens, all else is the same 404; no answer, log or trail names anybody else."""
    caplog.set_level(logging.DEBUG, logger="lti_app")
    caplog.set_level(logging.DEBUG, logger="iepcore")
    missing = ask(
        house,
        Step(method="GET", rule="", path=f"/app/c/{uuid.uuid4()}"),
        bearer(house, world, "unknown_staff"),
    )
    assert 404 == missing.status_code
    token = bearer(house, world, viewer)
    row, wrong, walked = GUIDE[viewer], [], steps(house, world, is_open=viewer == "stranger")
    for step in walked:
        answer = ask(house, step, token)
        found = verdict(house, viewer, step, answer, missing)
        if found:
            wrong.append(
                f"{step.method} {step.rule} [{step.about} {step.thing}] {answer.status_code}: {found}"
            )
        told_here = whole(answer) if answer.data != missing.data else ""
        leaks = told(forbidden(house, viewer, row, step), told_here)
        if leaks:
            wrong.append(f"{step.method} {step.rule} [{step.about} {step.thing}] tells {leaks}")
        wrong += [f"{step.method} {step.rule}: {one}" for one in check_headers(answer, step)]
        answer.close()
    assert "" == "\n".join(sorted(set(wrong)))

    everything = set(WORDS.values()) | {part for parts in names_of().values() for part in parts}
    everything |= {user[part] for user in people()["users"] for part in ("email", "name")}
    lines = "\n".join(f"{one.getMessage()} {one.exc_text or ''}" for one in caplog.records)
    assert [] == told(everything, lines)
    assert [] == re.findall(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}", lines)
    assert caplog.records

    me = adult_of(house, world, viewer)
    with house.wired.store(house.wired.doors.sites()[0].id).read() as uow:
        trail = {child: uow.audit.of_student(house.student(child), limit=10_000) for child in CHILDREN}
    for child, events in trail.items():
        mine = [one for one in events if one.actor_id == me]
        kinds = {
            one.kind
            for one in mine
            if me is not None and one.reason not in BESIDE_THE_RECORD and one.what not in BOOK_LOOKS
        }
        rights = row.children.get(child, frozenset())
        assert (AuditKind.READ in kinds) == bool(rights or (row.asked and child == "amara")), child
        if me is not None and not rights:
            assert AuditKind.REFUSED in kinds, child
        assert [] == told(everything, "\n".join(repr(one) for one in events))
