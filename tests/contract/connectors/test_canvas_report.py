"""A whole account by its provisioning report: the same rosters as course by course, and how it fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from connectors.canvas.account_source import CanvasAccountSource
from connectors.canvas.report import PATIENCE
from connectors.http.errors import CallError, Forbidden, ProtocolFault
from iepcore.errors import InvalidValue
from iepcore.people import CourseListing, CourseRoster
from iepcore.testing import ExpectedCourse, RosterSourceContract
from tests.contract.connectors.canvas_fake import FakeCanvas
from tests.contract.connectors.canvas_fake.faults import instead, then
from tests.contract.connectors.canvas_reports import account
from tests.contract.connectors.canvas_school import (
    ADMIN,
    ART,
    AVERY,
    DEVIN,
    DREW,
    MATH,
    READING,
    SOURCE,
    TEACHER,
    School,
)
from tests.contract.connectors.doers import Watch

START = ("POST", "/api/v1/accounts/:account_id/reports/:report")
ASK = ("GET", "/api/v1/accounts/:account_id/reports/:report/:id")
FILE = ("GET", "/files/:id/download")


@pytest.fixture
def school(canvas: FakeCanvas, watch: Watch) -> School:
    """Return a school of three courses."""
    return School(canvas, watch)


class TestAnAccountByItsReport(RosterSourceContract):
    """The contract."""

    @pytest.fixture
    def source(self, school: School) -> CanvasAccountSource:
        return account(school)

    @pytest.fixture
    def expected(self, school: School) -> Sequence[ExpectedCourse]:
        return school.expected


def plain(roster: CourseRoster) -> CourseRoster:
    """Return a roster without what the two ways word differently: order, role labels, when."""
    return replace(
        roster,
        course=CourseListing(id=roster.course.id),
        pulled_at=roster.pulled_at.min.replace(tzinfo=roster.pulled_at.tzinfo),
        people=tuple(sorted(roster.people, key=lambda one: one.subject)),
        sections=tuple(sorted(roster.sections, key=lambda one: one.id)),
        enrollments=tuple(
            sorted(
                (replace(one, role_label="") for one in roster.enrollments),
                key=lambda one: (one.subject, one.section_id, one.standing, one.state),
            )
        ),
        guardians=tuple(sorted(roster.guardians, key=lambda one: str(one))),
    )


def test_the_report_says_what_the_courses_say(school: School) -> None:
    """Same people, enrollments and links, from one file instead of two requests a course."""
    school.canvas.world.enrol(READING, DREW, "ObserverEnrollment", watches=AVERY, state="invited")
    school.canvas.world.enrol(ART, DEVIN, "StudentEnrollment", state="inactive")
    one_by_one = school.source(ADMIN, account_id="1")
    by_report = account(school)

    assert {course.id for course in one_by_one.courses().courses} == {
        course.id for course in by_report.courses().courses
    }
    courses = by_report.courses().courses
    assert {roster.course.id: plain(roster) for roster in one_by_one.rosters(courses)} == {
        roster.course.id: plain(roster) for roster in by_report.rosters(courses)
    }


def test_an_account_costs_one_report(school: School) -> None:
    """However many courses it has and however often it is asked."""
    source = account(school)
    source.courses()
    list(source.rosters(source.courses().courses))

    assert 1 == len(school.canvas.calls(*START))
    assert 1 == len(school.canvas.calls(*FILE))


def test_the_file_is_fetched_without_the_token(school: School) -> None:
    """Its address may be on another host, and is a secret itself."""
    account(school).courses()

    [call] = school.canvas.calls(*FILE)
    assert "Authorization" not in call.headers
    assert "Cookie" not in call.headers


def test_waiting_is_slow_and_tells_how_far_it_is(school: School) -> None:
    """Two seconds, then longer; the percentage as it grows."""
    heard: list[int] = []
    account(school, hear=heard.append).courses()

    assert [40, 80, 100] == heard
    assert [2.0, 3.0, 4.5] == school.watch.slept


def test_a_term_can_be_named(school: School) -> None:
    """Last year's courses are of no interest."""
    account(school, term_id="7").courses()

    [call] = school.canvas.calls(*START)
    assert ["7"] == call.form["parameters[enrollment_term_id]"]
    assert ["true"] == call.form["parameters[users]"]


def test_who_waits_may_stop(school: School) -> None:
    """What is raised while it is told comes out."""

    def enough(percent: int) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        account(school, hear=enough).courses()


@pytest.mark.parametrize("status", ["error", "aborted", "deleted", "complete"])
def test_a_report_that_failed_is_no_roster(school: School, status: str) -> None:
    """Canvas gave it up, or says that it is done and names no file."""
    school.canvas.reports.ends = [("created", 0), ("running", 10)]
    body = f'{{"id": 700, "report": "provisioning_csv", "status": "{status}"}}'
    school.canvas.fault(*ASK, instead(200, body, "application/json"))

    with pytest.raises(ProtocolFault) as caught:
        account(school).courses()
    assert "report_failed" == caught.value.code


def test_a_report_that_never_comes_is_given_up(school: School) -> None:
    """After two hours, by our own clock."""
    school.canvas.reports.ends = [("running", 1)]

    with pytest.raises(ProtocolFault) as caught:
        account(school).courses()
    assert "report_late" == caught.value.code
    assert sum(school.watch.slept) >= PATIENCE


def test_a_token_that_runs_out_while_waiting_is_renewed(school: School) -> None:
    """Reports take longer than tokens live."""
    source = account(school)
    school.canvas.fault(*ASK, then(school.canvas.run_out))

    assert 3 == len(source.courses().courses)
    assert 1 == school.tokens.renewed


def test_a_teacher_gets_no_report(school: School) -> None:
    """It is the administrator's."""
    with pytest.raises(Forbidden):
        account(school, TEACHER).courses()


def test_a_course_that_ended_is_not_listed(school: School) -> None:
    """Nor one that has not begun."""
    school.canvas.world.courses[ART].state = "completed"
    school.canvas.world.courses[READING].state = "unpublished"

    assert [str(MATH)] == [one.id for one in account(school).courses().courses]


def test_a_file_in_our_own_network_is_not_fetched(school: School) -> None:
    """The address comes from outside."""
    school.canvas.reports.links_to = "ftp://files.example"

    with pytest.raises(CallError) as caught:
        account(school).courses()
    assert "file_elsewhere" == caught.value.code


def test_a_page_instead_of_a_file_is_told(school: School) -> None:
    """A login page, with status 200."""
    school.canvas.fault(*FILE, instead(200, "<html>Log in</html>"))

    with pytest.raises(ProtocolFault) as caught:
        account(school).courses()
    assert "not_a_file" == caught.value.code


def test_progress_is_told_course_by_course(school: School) -> None:
    """Rows add up."""
    source = account(school)
    heard: list[tuple[int, int]] = []
    list(source.rosters(source.courses().courses, tell=lambda one: heard.append((one.done, one.rows))))

    assert [1, 2, 3] == [done for done, _ in heard]
    assert len(school.canvas.world.rows) == heard[-1][1]


def test_a_source_needs_a_name(school: School) -> None:
    """Identities are kept under it."""
    with pytest.raises(InvalidValue):
        account(school, source="")
    assert SOURCE == account(school).source
