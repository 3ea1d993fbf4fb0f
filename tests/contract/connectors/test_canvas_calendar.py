"""A reminder in one's own Canvas calendar: seen by oneself, with a neutral title, once."""

from __future__ import annotations

import inspect
from datetime import datetime, timedelta

import pytest

from connectors.canvas import CanvasCalendar
from iepcore.notices import Receipt
from tests.contract.connectors.canvas_fake.faults import cut, instead
from tests.contract.connectors.canvas_school import EVERY_SCOPE
from tests.contract.connectors.doers import ALL_SCOPES, TEACHER, Scene

ADD = ("POST", "/api/v1/calendar_events")
REMOVE = ("DELETE", "/api/v1/calendar_events/:id")
JSON = "application/json"
ELSEWHERE = '{"id": 5, "title": "x", "context_code": "course_42", "workflow_state": "active"}'


@pytest.fixture
def calendar(scene: Scene) -> CanvasCalendar:
    """Return the calendar of the scene's teacher, connected with every scope."""
    scene.connect(scopes=EVERY_SCOPE)
    return CanvasCalendar(scene.senders)


def remind(
    calendar: CanvasCalendar, scene: Scene, title: str = "Prepare the meeting", **more: object
) -> Receipt:
    """Ask for a reminder of half an hour, tomorrow."""
    begins = scene.watch.at + timedelta(days=1)
    return calendar.remind(
        title,
        begins,
        begins + timedelta(minutes=30),
        owner_id=scene.teacher_id,
        **more,  # type: ignore[arg-type]
    )


def outcome(receipt: Receipt) -> tuple[str, str, bool]:
    """Return what a caller acts on."""
    return receipt.state.value, receipt.reason, receipt.retryable


def test_a_reminder_is_seen_by_its_owner(calendar: CanvasCalendar, scene: Scene) -> None:
    """And by nobody else, as Canvas itself says."""
    receipt = remind(calendar, scene)

    [event] = scene.canvas.world.things
    assert {TEACHER} == event.seen_by
    assert ("sent", "", False) == outcome(receipt)
    assert receipt.audience_verified
    assert str(event.id) == receipt.platform_id
    assert "2026-10-02T15:00:00+00:00" == event.fields["start_at"]


def test_no_context_can_be_named() -> None:
    """There is no word for a course in what can be asked."""
    asked = set(inspect.signature(CanvasCalendar.remind).parameters)

    assert {"self", "title", "starts_at", "ends_at", "owner_id", "names"} == asked


@pytest.mark.parametrize(
    ("title", "more", "reason"),
    [
        ("IEP meeting", {}, "notice_names_plan"),
        ("Meeting about Avery", {"names": ["Avery Smith"]}, "notice_names_child"),
        ("", {}, "title_form"),
        ("Two\nlines", {}, "title_form"),
        ("x" * 121, {}, "title_form"),
    ],
)
def test_a_title_that_tells_does_not_leave(
    calendar: CanvasCalendar, scene: Scene, title: str, more: dict[str, object], reason: str
) -> None:
    """A calendar is often on a shared screen."""
    assert ("refused", reason, False) == outcome(remind(calendar, scene, title, **more))
    assert [] == scene.canvas.seen


@pytest.mark.parametrize("minutes", [-1, None])
def test_a_time_that_is_none_is_refused(calendar: CanvasCalendar, scene: Scene, minutes: int | None) -> None:
    """It ends before it begins, or nobody knows where on Earth it is."""
    begins = scene.watch.at if minutes else datetime(2026, 10, 1)  # noqa: DTZ001
    receipt = calendar.remind(
        "Reminder", begins, begins + timedelta(minutes=minutes or 0), owner_id=scene.teacher_id
    )

    assert ("refused", "time_form", False) == outcome(receipt)


def test_without_a_grant_nothing_leaves(calendar: CanvasCalendar, scene: Scene) -> None:
    """Never connected, and no longer."""
    scene.grants.mark_lost(scene.teacher_id)
    assert ("refused", "connect_canvas_again", False) == outcome(remind(calendar, scene))
    scene.grants.kept.clear()

    assert ("refused", "connect_canvas", False) == outcome(remind(calendar, scene))
    assert [] == scene.canvas.seen


def test_an_event_in_another_calendar_is_taken_away(calendar: CanvasCalendar, scene: Scene) -> None:
    """Whatever Canvas thought of it."""
    scene.canvas.fault(*ADD, instead(201, ELSEWHERE, JSON))

    assert ("unknown", "audience_mismatch", False) == outcome(remind(calendar, scene))
    assert ["/api/v1/calendar_events/5"] == [call.path for call in scene.canvas.calls(*REMOVE)]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (cut, ("unknown", "no_answer", False)),
        (instead(500, "", JSON), ("unknown", "server_fault", False)),
        (instead(429, "429 Too Many Requests", "text/plain"), ("refused", "rate_limited", True)),
        (
            instead(401, '{"errors":[{"message":"Revoked access token."}]}', JSON),
            ("refused", "connect_canvas_again", False),
        ),
    ],
    ids=["cut", "500", "429", "revoked"],
)
def test_an_honest_receipt_for_every_fault(
    calendar: CanvasCalendar, scene: Scene, fault: object, expected: tuple[str, str, bool]
) -> None:
    """And never a second request."""
    scene.canvas.fault(*ADD, fault)  # type: ignore[arg-type]

    assert expected == outcome(remind(calendar, scene))
    assert 1 == len(scene.canvas.calls(*ADD))


def test_a_key_without_the_scope_says_so(calendar: CanvasCalendar, scene: Scene) -> None:
    """The channel's scopes are not the calendar's."""
    scene.connect(scopes=ALL_SCOPES)

    assert ("refused", "scope_missing", False) == outcome(remind(calendar, scene))


def test_a_reminder_can_be_taken_away(calendar: CanvasCalendar, scene: Scene) -> None:
    """Twice is as good as once."""
    receipt = remind(calendar, scene)

    assert calendar.remove(str(receipt.platform_id), owner_id=scene.teacher_id)
    assert [] == scene.canvas.world.things
    assert calendar.remove(str(receipt.platform_id), owner_id=scene.teacher_id)
    scene.canvas.fault(*REMOVE, cut)
    assert not calendar.remove(str(receipt.platform_id), owner_id=scene.teacher_id)
