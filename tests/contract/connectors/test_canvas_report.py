"""A whole account by its provisioning report: the same rosters as course by course, and how it fails."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from werkzeug import Request, Response

from connectors.canvas.account_source import CanvasAccountSource
from connectors.canvas.report import PATIENCE
from connectors.http.errors import CallError, Forbidden, ProtocolFault
from iepcore.errors import InvalidValue
from iepcore.people import CourseListing, CourseRoster
from iepcore.testing import ExpectedCourse, RosterSourceContract
from tests.contract.connectors.canvas_fake import FakeCanvas, Fault
from tests.contract.connectors.canvas_fake.faults import instead, then
from tests.contract.connectors.canvas_fake.reports import HEADS
from tests.contract.connectors.canvas_school import (
    ADMIN,
    ART,
    AVERY,
    CASEY,
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


def account(school: School, user: int = ADMIN, **more: Any) -> CanvasAccountSource:
    """Return the account as a source."""
    return CanvasAccountSource(
        school.transport(user),
        account_id="1",
        **{"source": SOURCE, "timing": school.watch.timing, **more},
    )


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


def a_file(*members: tuple[str, str]) -> Fault:
    """Answer with a zip of these."""
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as archive:
        for name, text in members:
            archive.writestr(name, text)

    def answer(fake: FakeCanvas, request: Request, work: Callable[[], Response]) -> Response:
        return Response(box.getvalue(), 200, content_type="application/zip")

    return answer


def table(name: str, *rows: str) -> str:
    """Return a table with its head."""
    return "\r\n".join([HEADS[name], *rows]) + "\r\n"


def test_columns_are_found_by_name(school: School) -> None:
    """In another order, with more of them, and with a byte order mark."""
    school.canvas.reports.replaced["users"] = (
        "\ufefffull_name,new_column,canvas_user_id,user_id\r\n"
        f'"Smith, Avery",x,{AVERY},S2001\r\n,y,{CASEY},\r\n'
    )
    [math] = account(school).rosters([CourseListing(id=str(MATH))])

    people = {person.subject: person for person in math.people}
    assert ("Smith, Avery", "S2001") == (people[str(AVERY)].name, people[str(AVERY)].sis_id)
    assert people[str(CASEY)].name is None
    assert {None} == {person.email for person in people.values()}


def test_somebody_with_two_logins_is_one_person(school: School) -> None:
    """Two rows of users; the number of either."""
    school.canvas.reports.replaced["users"] = table(
        "users", f"{AVERY},,,,,,,Avery Smith", f"{AVERY},S2001,,,,,,Avery Smith"
    )
    [math] = account(school).rosters([CourseListing(id=str(MATH))])

    [avery] = [one for one in math.people if one.subject == str(AVERY)]
    assert ("Avery Smith", "S2001") == (avery.name, avery.sis_id)


def test_a_cross_listed_section_is_where_its_pupils_are(school: School) -> None:
    """The table of sections names the original course of it."""
    world = school.canvas.world
    world.add_section(777, MATH, "From reading", original_course=READING)
    world.enrol(MATH, DREW, "StudentEnrollment", section=777)

    rosters = {one.course.id: one for one in account(school).rosters(account(school).courses().courses)}

    assert "From reading" in {one.title for one in rosters[str(MATH)].sections}
    assert "From reading" not in {one.title for one in rosters[str(READING)].sections}


def test_a_link_of_the_account_counts_where_both_are(school: School) -> None:
    """An observer whose row names nobody is linked by the account's own table."""
    world = school.canvas.world
    world.enrol(READING, DREW, "ObserverEnrollment")
    school.canvas.reports.replaced["user_observers"] = table(
        "user_observers",
        f"{DREW},,{AVERY},,active,",
        f"{DREW},,{DEVIN},,active,",
        f"{CASEY},,{AVERY},,deleted,",
    )
    [reading] = account(school).rosters([CourseListing(id=str(READING))])

    assert {(str(DREW), str(AVERY))} == {
        (one.guardian_subject, one.student_subject) for one in reading.guardians
    }


def test_a_row_nobody_can_read_marks_its_course(school: School) -> None:
    """By its line, without its value; other courses stay whole."""
    school.canvas.reports.replaced["enrollments"] = table(
        "enrollments",
        f"{MATH},,{AVERY},,student,,421,,active,,,,StudentEnrollment,false,1",
        f"{MATH},,Avery Smith,,student,,421,,active,,,,StudentEnrollment,false,2",
        f"{READING},,{AVERY},,student,,431,,active,,,,StudentEnrollment,false,3",
    )
    source = account(school)
    rosters = {one.course.id: one for one in source.rosters(source.courses().courses)}

    [unread] = rosters[str(MATH)].unread
    assert ("enrollments.csv", 3, ("canvas_user_id",)) == (unread.place, unread.line, unread.fields)
    assert not rosters[str(MATH)].complete
    assert rosters[str(READING)].complete
    assert "Avery" not in repr(unread)


def test_a_row_of_no_course_marks_them_all(school: School) -> None:
    """It may be anybody's."""
    school.canvas.reports.replaced["users"] = table("users", "Avery,,,,,,,x")
    source = account(school)

    assert {False} == {one.complete for one in source.rosters(source.courses().courses)}


def test_an_unreadable_course_marks_the_list(school: School) -> None:
    """A course that is not in it may be there after all."""
    school.canvas.reports.replaced["courses"] = table("courses", "x,,,,", f"{MATH},,,M7,Math 7,,,,,active")
    listed = account(school).courses()

    assert not listed.complete
    assert [str(MATH)] == [one.id for one in listed.courses]


def test_a_course_that_ended_is_not_listed(school: School) -> None:
    """Nor one that has not begun."""
    school.canvas.world.courses[ART].state = "completed"
    school.canvas.world.courses[READING].state = "unpublished"

    assert [str(MATH)] == [one.id for one in account(school).courses().courses]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("enrollments", "ID des Kurses,Status\r\n1,aktiv\r\n", "report_columns"),
        ("users", "Kennung\r\n1\r\n", "report_columns"),
    ],
)
def test_a_report_in_another_language_is_told(school: School, name: str, text: str, code: str) -> None:
    """Canvas translates the headings."""
    school.canvas.reports.replaced[name] = text

    with pytest.raises(ProtocolFault) as caught:
        account(school).courses()
    assert code == caught.value.code


def test_a_file_that_is_no_report_is_told(school: School) -> None:
    """One table alone, or a zip without the tables."""
    school.canvas.reports.as_csv = True

    with pytest.raises(ProtocolFault) as caught:
        account(school).courses()
    assert "report_form" == caught.value.code


def test_a_zip_without_the_tables_is_told(school: School) -> None:
    """Such as one of another report."""
    school.canvas.fault(*FILE, a_file(("groups.csv", "x")))

    with pytest.raises(ProtocolFault) as caught:
        account(school).courses()
    assert "report_tables" == caught.value.code


def test_a_missing_table_marks_everything(school: School) -> None:
    """People and courses are there, sections are not."""
    users = table("users", f"{AVERY},S2001,,,,,,Avery Smith")
    courses = table("courses", f"{MATH},,,M7,Math 7,,,,,active")
    rows = table("enrollments", f"{MATH},,{AVERY},,student,,421,,active,,,,StudentEnrollment,false,1")
    school.canvas.fault(
        *FILE, a_file(("users.csv", users), ("courses.csv", courses), ("enrollments.csv", rows))
    )
    [math] = account(school).rosters([CourseListing(id=str(MATH))])

    assert [("fields_withheld", "table_missing")] == [(one.kind.value, one.code) for one in math.shortfalls]
    assert ["421"] == [one.id for one in math.sections]


def test_a_table_that_breaks_off_marks_everything(school: School) -> None:
    """Not text in the middle of it."""
    school.canvas.reports.replaced["user_observers"] = table("user_observers") + '1,,2,,"' + "x" * 200_000
    source = account(school)

    rosters = list(source.rosters(source.courses().courses))

    assert {("pages_lost", "table_broken")} == {
        (one.kind.value, one.code) for roster in rosters for one in roster.shortfalls
    }


def test_a_bomb_is_not_unpacked(school: School) -> None:
    """Two megabytes of one letter in two kilobytes."""
    school.canvas.reports.extra_members = [("bomb.csv", b"a" * 2 * 1024**2)]

    with pytest.raises(ProtocolFault) as caught:
        account(school).courses()
    assert "report_too_large" == caught.value.code


def test_other_files_in_it_are_left_alone(school: School) -> None:
    """Folders, pictures and foreign tables."""
    school.canvas.reports.extra_members = [("../users.csv", b"x"), ("groups.csv", b"y")]

    assert account(school).courses().complete


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
