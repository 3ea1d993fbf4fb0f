"""Other dates and extra time of a course are read, and nothing is ever changed there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.canvas import CanvasAccommodations
from connectors.canvas.accommodations import (
    AssignmentSchema,
    CourseAccommodations,
    ExtraTime,
    OverrideSchema,
    QuizSchema,
    QuizSubmissionSchema,
)
from connectors.http.errors import ScopeMissing
from tests.contract.connectors.canvas_fake import FakeCanvas
from tests.contract.connectors.canvas_fake.contracts import MORE
from tests.contract.connectors.canvas_fake.faults import broken_row, instead
from tests.contract.connectors.canvas_school import AVERY, BLAKE, MATH, READING, School
from tests.contract.connectors.doers import ALL_SCOPES, Watch

ASSIGNMENTS = ("GET", "/api/v1/courses/:course_id/assignments")
SUBMISSIONS = ("GET", "/api/v1/courses/:course_id/quizzes/:quiz_id/submissions")
JSON = "application/json"


def an_override(**changes: Any) -> dict[str, Any]:
    """Return an override for one pupil."""
    return {"id": 71, "assignment_id": 7, "title": "1 student", "student_ids": [AVERY], **changes}


def an_attempt(**changes: Any) -> dict[str, Any]:
    """Return a quiz submission, with a score that nobody reads."""
    return {
        "id": 1,
        "quiz_id": 8,
        "user_id": AVERY,
        "attempt": 1,
        "extra_time": None,
        "extra_attempts": None,
        "manually_unlocked": None,
        "score": 17.5,
        **changes,
    }


@pytest.fixture
def school(canvas: FakeCanvas, watch: Watch) -> School:
    """Return a school whose mathematics course has an essay and a quiz."""
    made = School(canvas, watch)
    canvas.work.assignments[MATH] = [
        {
            "id": 7,
            "name": "Essay",
            "course_id": MATH,
            "overrides": [an_override(due_at="2026-10-09T04:59:59Z", unlock_at=None)],
        },
        {"id": 9, "name": None, "course_id": MATH, "overrides": []},
    ]
    canvas.work.quizzes[MATH] = [{"id": 8, "title": "Quiz 1", "time_limit": 20}]
    canvas.work.quiz_submissions[8] = [
        an_attempt(extra_time=30, extra_attempts=1),
        an_attempt(id=2, attempt=2, extra_time=30, extra_attempts=1),
        an_attempt(id=3, user_id=BLAKE),
    ]
    return made


def read(school: School, course: int = MATH, **more: Any) -> CourseAccommodations:
    """Read a course as its teacher."""
    reader = CanvasAccommodations(school.transport(**more), timing=school.watch.timing)
    return reader.course(str(course))


def test_who_has_other_dates_and_extra_time(school: School) -> None:
    """By pupil; several attempts say it once; who has nothing more is not there."""
    course = read(school)
    [dates], [extra] = course.of(str(AVERY))

    assert course.complete
    assert ("7", "Essay") == (dates.assignment_id, dates.assignment_title)
    assert datetime(2026, 10, 9, 4, 59, 59, tzinfo=UTC) == dates.due_at
    assert (
        ExtraTime(quiz_id="8", student_id=str(AVERY), quiz_title="Quiz 1", extra_minutes=30, extra_attempts=1)
        == extra
    )
    assert ((), ()) == course.of(str(BLAKE))
    assert school.watch.at == course.read_at


def test_a_section_has_dates_of_its_own_and_a_group_says_nothing(school: School) -> None:
    """Of one pupil."""
    school.canvas.work.assignments[MATH][0]["overrides"] = [
        {"id": 1, "course_section_id": 421, "due_at": None},
        {"id": 2, "group_id": 5},
    ]

    assert ["421"] == [one.section_id for one in read(school).dates]


def test_a_quiz_opened_for_one_is_told(school: School) -> None:
    """Although it is locked for the others."""
    school.canvas.work.quiz_submissions[8] = [an_attempt(manually_unlocked=True)]

    assert [True] == [one.is_unlocked for one in read(school).extra]


def test_nothing_is_changed_there(school: School) -> None:
    """Reads only: one chain of assignments, one of quizzes, one per quiz."""
    read(school)

    assert {"GET"} == {call.method for call in school.canvas.seen}
    assert 3 == len(school.canvas.seen)


def test_a_mark_has_no_field() -> None:
    """What is read is described, and a score is not among it."""
    for schema, name in (
        (AssignmentSchema(), "Assignment"),
        (OverrideSchema(), "AssignmentOverride"),
        (QuizSchema(), "Quiz"),
        (QuizSubmissionSchema(), "QuizSubmission"),
    ):
        assert set(schema.fields) <= set(MORE[name]["properties"])
        assert not [field for field in schema.fields if "score" in field or "grade" in field]


def test_an_ignored_include_is_told(school: School) -> None:
    """Nobody can say then that there is no override."""
    for assignment in school.canvas.work.assignments[MATH]:
        del assignment["overrides"]

    assert ["include_ignored"] == [one.code for one in read(school).shortfalls]


def test_a_list_that_breaks_off_is_told(school: School) -> None:
    """What was read is kept."""
    school.canvas.fault(*SUBMISSIONS, instead(500, "", JSON))
    course = read(school)

    assert [("pages_lost", "server_fault")] == [(one.kind.value, one.code) for one in course.shortfalls]
    assert 1 == len(course.dates)


def test_a_row_nobody_can_read_is_counted(school: School) -> None:
    """Not lost in silence."""
    school.canvas.fault(*ASSIGNMENTS, broken_row({"id": None}))

    assert [1] == [one.count for one in read(school).shortfalls]


def test_a_refused_course_is_told(school: School) -> None:
    """Somebody else's."""
    school.canvas.world.add_course(999, "Far")

    assert {"refused"} == {one.kind.value for one in read(school, 999).shortfalls}


def test_an_empty_course_is_whole(school: School) -> None:
    """Nothing is granted there."""
    assert read(school, READING).complete


def test_a_missing_scope_is_raised(school: School) -> None:
    """It concerns every course."""
    with pytest.raises(ScopeMissing):
        read(school, scopes=ALL_SCOPES)
