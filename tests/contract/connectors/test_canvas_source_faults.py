"""Canvas rosters in foul weather: nothing is lost in silence, and a part is never taken for the whole."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from connectors.canvas import CanvasDialect, CanvasSource
from connectors.http import Origin
from connectors.http.errors import CallError, CallTrace, ConsentLost, ProtocolFault, ServerFault, Unreachable
from iepcore.language.advice import advice_phrase
from iepcore.people import CourseListing, CourseRoster
from tests.contract.connectors.canvas_fake import FakeCanvas, Fault
from tests.contract.connectors.canvas_fake.faults import (
    broken_row,
    cut,
    doubled,
    instead,
    link_to,
    rate_403,
    reset_after_read,
    rightly,
    slow_body,
    then,
)
from tests.contract.connectors.canvas_school import ART, AVERY, BLAKE, MATH, READING, TEACHER, School
from tests.contract.connectors.doers import Watch

ENROLLMENTS = ("GET", "/api/v1/courses/:course_id/enrollments")
SECTIONS = ("GET", "/api/v1/courses/:course_id/sections")
COURSES = ("GET", "/api/v1/courses")
JSON = "application/json"
TRACE = CallTrace(method="GET", template="/")


@pytest.fixture
def school(canvas: FakeCanvas, watch: Watch) -> School:
    """Return a school whose Canvas shows three rows a page."""
    made = School(canvas, watch)
    canvas.tempers.cap = 3
    return made


def kinds(roster: CourseRoster) -> list[tuple[str, str]]:
    """Return the reasons why a roster is not whole."""
    return [(one.kind.value, one.code) for one in roster.shortfalls]


def subjects(roster: CourseRoster) -> set[str]:
    """Return who is in it."""
    return {person.subject for person in roster.people}


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (instead(500, '{"errors":[{"message":"An error occurred."}]}', JSON), "server_fault"),
        (instead(200, "<html>Log in</html>"), "not_json"),
        (instead(200, '{"errors":[]}', JSON), "answer_form"),
        (instead(404, '{"errors":[]}', JSON), "not_found_there"),
    ],
)
def test_a_lost_page_marks_its_course(school: School, fault: Fault, code: str) -> None:
    """What was read before it stays, and the course is no whole."""
    school.canvas.fault(*ENROLLMENTS, rightly, fault)

    roster = school.roster()

    assert not roster.complete
    assert [code] == [one.code for one in roster.shortfalls]
    assert 3 == len(roster.enrollments) + 1  # an observer of two pupils is one place


def test_a_lost_page_marks_no_other_course(school: School) -> None:
    """Each course stands for itself."""
    school.canvas.fault(*ENROLLMENTS, rightly, instead(500, "", JSON))
    source = school.source(workers=1)

    found = {one.course.id: one.complete for one in source.rosters(source.courses().courses)}

    assert {str(MATH): False, str(READING): True, str(ART): True} == found


@pytest.mark.parametrize(
    "fault",
    [
        rate_403,
        instead(429, "429 Too Many Requests", "text/plain"),
        instead(503, "<html>maintenance</html>"),
        instead(502, "<html>bad gateway</html>"),
        cut,
        reset_after_read,
    ],
    ids=["403-text", "429", "503-html", "502-html", "cut", "reset-after-read"],
)
def test_a_passing_fault_costs_time_only(school: School, fault: Fault) -> None:
    """A read is asked again, and the roster is whole."""
    school.canvas.fault(*ENROLLMENTS, rightly, fault)

    assert school.roster().complete
    assert 1 == len(school.watch.slept)


def test_a_body_that_stops_halfway_is_asked_again(canvas: FakeCanvas, watch: Watch) -> None:
    """Half a page is no page."""
    school = School(canvas, watch)
    canvas.fault(*ENROLLMENTS, slow_body)

    assert school.roster(transport=school.transport(read_seconds=0.2)).complete


def test_a_fault_that_stays_is_a_lost_page(school: School) -> None:
    """After the law's attempts."""
    school.canvas.fault(*ENROLLMENTS, rightly, *[instead(503, "<html></html>")] * 3)

    assert [("pages_lost", "server_fault")] == kinds(school.roster())


def test_a_token_that_runs_out_on_the_way_is_renewed(school: School) -> None:
    """The list goes on where it was, with a fresh token, and once only."""
    school.canvas.fault(*ENROLLMENTS, then(school.canvas.run_out))

    roster = school.roster()

    assert roster.complete
    assert 1 == school.tokens.renewed


def test_a_consent_that_ends_on_the_way_ends_the_pull(school: School) -> None:
    """Those already yielded stay good; the rest is nobody's fault but one."""
    source = school.source(workers=1)
    courses = source.courses().courses
    [token] = school.canvas.tokens.values()
    school.canvas.fault(*ENROLLMENTS, rightly, rightly, then(lambda: setattr(token, "state", "revoked")))
    got = []

    with pytest.raises(ConsentLost):
        got.extend(_each(source, courses, got))
    assert {str(MATH)} >= {one.course.id for one in got}


def _each(source: CanvasSource, courses: object, got: list[CourseRoster]) -> list[CourseRoster]:
    for roster in source.rosters(courses):  # type: ignore[arg-type]
        got.append(roster)
    return []


def test_a_scope_that_is_taken_away_is_told(school: School) -> None:
    """The administrator changed the key while we read."""
    lacking = frozenset({"url:GET|/api/v1/courses"})
    source = school.source()
    courses = source.courses().courses
    school.canvas.key_scopes = lacking

    with pytest.raises(CallError) as caught:
        list(source.rosters(courses))
    assert "scope_missing" == caught.value.code


def test_a_link_to_another_host_is_not_followed(school: School) -> None:
    """The token would go along."""
    school.canvas.fault(*ENROLLMENTS, link_to("https://elsewhere.example/api/v1/courses/42/enrollments"))

    roster = school.roster()

    assert [("pages_lost", "next_elsewhere")] == kinds(roster)
    assert "advice.next_elsewhere" == advice_phrase(ProtocolFault(TRACE, code="next_elsewhere")).key
    assert all("elsewhere" not in str(call.headers) for call in school.canvas.seen)


def test_a_schools_own_domain_may_be_named(school: School) -> None:
    """Its links are followed at the address we were told: the token goes nowhere else."""
    own = "https://canvas.cedar-hollow.example"
    school.canvas.tempers.host = own
    assert [("pages_lost", "next_elsewhere")] == kinds(school.roster())

    dialect = CanvasDialect(now=school.watch.now, also=[Origin.parse(own)])
    roster = school.roster(transport=school.transport(dialect=dialect))

    assert roster.complete
    assert {f"{Origin.parse(school.canvas.url)}".partition("//")[2]} == {
        call.headers["Host"] for call in school.canvas.seen
    }


def test_the_same_row_on_two_pages_is_one(school: School) -> None:
    """Duplicates over pages, and twice on one page."""
    school.canvas.fault(*ENROLLMENTS, doubled, doubled)

    roster = school.roster()

    assert roster.complete
    assert len(roster.people) == len(subjects(roster))


def test_a_pupil_who_slips_between_two_pages_is_missed(school: School) -> None:
    """His row moves before the bookmark while we read: the sections count one more than we saw."""
    school.canvas.tempers.cap = 2
    row = next(row for row in school.canvas.world.rows if row.user == BLAKE)

    def move() -> None:
        row.id = 0  # now it stands first of its kind

    school.canvas.fault(*ENROLLMENTS, rightly, then(move))
    roster = school.roster()

    assert str(BLAKE) not in {one.subject for one in roster.enrollments}
    assert [("moved_meanwhile", "fewer_than_counted")] == kinds(roster)


def test_a_first_page_that_changed_is_noticed(school: School) -> None:
    """Observers are counted by nobody, and stand on the first pages."""
    world = school.canvas.world
    row = next(row for row in world.rows if row.watches == AVERY)

    def leave() -> None:
        world.rows.remove(row)

    school.canvas.fault(*ENROLLMENTS, then(leave))

    assert [("moved_meanwhile", "first_page_differs")] == kinds(school.roster())


def test_a_lost_page_of_sections_marks_the_course(school: School) -> None:
    """Who is in it is read all the same."""
    for number in range(4):
        school.canvas.world.add_section(800 + number, MATH, f"Part {number}")
    school.canvas.fault(*SECTIONS, rightly, instead(500, "", JSON))

    roster = school.roster()

    assert [("pages_lost", "server_fault")] == kinds(roster)
    assert {str(AVERY), str(BLAKE)} <= subjects(roster)


def test_a_consent_that_ends_at_the_second_look_ends_the_pull(school: School) -> None:
    """Every other course would meet the same."""
    revoked = instead(401, '{"errors":[{"message":"Revoked access token."}]}', JSON)
    school.canvas.fault(*ENROLLMENTS, rightly, rightly, rightly, revoked)

    with pytest.raises(ConsentLost):
        school.roster()


def test_looking_again_in_vain_is_no_proof(school: School) -> None:
    """The second look failed: nobody knows."""
    school.canvas.fault(*ENROLLMENTS, rightly, rightly, rightly, instead(500, "", JSON))

    assert [("moved_meanwhile", "not_looked_again")] == kinds(school.roster())


def test_rows_that_come_and_go_elsewhere_lose_nobody(school: School) -> None:
    """A bookmark stands still: a row that vanishes on a page already read moves no other."""
    world = school.canvas.world
    gone = next(row for row in world.rows if row.kind == "TaEnrollment")
    school.canvas.fault(*ENROLLMENTS, rightly, then(lambda: world.rows.remove(gone)))

    roster = school.roster()

    assert roster.complete
    assert {str(AVERY), str(BLAKE), str(TEACHER)} <= subjects(roster)


@pytest.mark.parametrize("row", [7, {"id": "x"}, {"id": 1, "user_id": None}, None, []])
def test_a_row_nobody_can_read_is_counted(school: School, row: object) -> None:
    """Its place is told, no value, and the others are kept."""
    school.canvas.fault(*ENROLLMENTS, rightly, broken_row(row))

    roster = school.roster()

    assert ("rows_unreadable", "row_form") in kinds(roster)
    [unread] = roster.unread
    assert ("enrollments page 2", 1, "row_form") == (unread.place, unread.line, unread.code)


def test_rows_without_a_user_are_told(school: School) -> None:
    """Who is there is known by number alone."""
    row = {
        "id": 999,
        "user_id": 1003,
        "course_section_id": 421,
        "type": "StudentEnrollment",
        "role": "StudentEnrollment",
        "enrollment_state": "inactive",
    }
    school.canvas.fault(*ENROLLMENTS, rightly, rightly, broken_row(row))

    assert ("fields_withheld", "user_missing") in kinds(school.roster())


def test_a_lost_page_of_courses_is_told(school: School) -> None:
    """The list is kept and marked; without any page there is no list."""
    school.canvas.tempers.cap = 2
    school.canvas.fault(*COURSES, rightly, instead(500, "", JSON))
    listed = school.source().courses()

    assert [("pages_lost", "server_fault")] == [(one.kind.value, one.code) for one in listed.shortfalls]
    assert 2 == len(listed.courses)
    school.canvas.fault(*COURSES, instead(500, "", JSON))
    with pytest.raises(ServerFault):
        school.source().courses()


def test_an_unreadable_course_is_told(school: School) -> None:
    """A row of the list of courses."""
    school.canvas.fault(*COURSES, broken_row({"id": None}))
    listed = school.source().courses()

    assert not listed.complete
    assert ["courses page 1"] == [one.place for one in listed.unread]


def test_a_platform_that_is_down_ends_the_pull(school: School) -> None:
    """After three courses of which nothing came, nobody waits for the other hundred."""
    school.canvas.fault(*SECTIONS, *[instead(500, "", JSON)] * 50)
    courses = [CourseListing(id=str(number)) for number in range(1, 40)]

    with pytest.raises(ServerFault):
        list(school.source(workers=1).rosters(courses))
    assert 3 == len(school.canvas.calls(*SECTIONS))


def test_nobody_there_ends_the_pull(school: School, dead_port: int) -> None:
    """No road leads to any of the courses."""
    transport = school.transport()
    transport._origin = Origin.parse(f"http://127.0.0.1:{dead_port}")

    with pytest.raises(Unreachable):
        list(school.source(transport=transport).rosters([CourseListing(id="1")]))


def test_clocks_that_differ_cost_one_request(school: School) -> None:
    """Our clock says that the token is good, theirs that it has run out: asked once more, nothing lost."""
    for token in school.canvas.tokens.values():
        token.expires_at = school.watch.at
    source = school.source()
    for token in school.canvas.tokens.values():
        token.expires_at = replace(token).expires_at.min.replace(tzinfo=school.watch.at.tzinfo)

    assert 3 == len(source.courses().courses)
    assert 1 == school.tokens.renewed


def test_the_gate_keeps_clear_of_the_throttle(school: School) -> None:
    """Eight at once against Canvas' own bucket: not one refusal."""
    for course in range(100, 160):
        school.canvas.world.enrol(course, TEACHER, "TeacherEnrollment")
    school.canvas.throttle.cost = 1.0
    source = school.source(workers=8)

    rosters = list(source.rosters(source.courses().courses))

    assert 63 == len(rosters)
    assert all(roster.complete for roster in rosters)
    assert 0 == school.canvas.throttle.refused
    assert school.canvas.throttle.most_under_way <= 8


def test_a_full_bucket_is_waited_for(school: School) -> None:
    """Refused in either form, the pull goes on when the bucket has leaked, and is whole."""
    transport = school.transport(attempts=4)
    [bearer] = school.canvas.tokens
    school.canvas.throttle.fill(bearer, 580.0)

    rosters = list(school.source(transport=transport).rosters([CourseListing(id=str(MATH))]))

    assert rosters[0].complete
    assert school.canvas.throttle.refused >= 1
    assert school.watch.slept


def test_a_pull_that_nobody_wants_ends(school: School) -> None:
    """No new request begins once the consumer has gone."""
    for course in range(100, 160):
        school.canvas.world.enrol(course, TEACHER, "TeacherEnrollment")
    source = school.source(workers=2)
    pull = source.rosters(source.courses().courses)
    next(pull)
    pull.close()  # type: ignore[attr-defined]

    assert len(school.canvas.calls(*SECTIONS)) < 30
    assert not [one for one in threading.enumerate() if one.name.startswith("pull-")]


def test_a_next_page_that_is_this_page_is_no_road(school: School) -> None:
    """A loop is a fault of the platform."""
    school.canvas.fault(
        *ENROLLMENTS, *[link_to(f"{school.canvas.url}/api/v1/courses/42/enrollments?page=x")] * 3
    )

    assert ("pages_lost", "next_again") in kinds(school.roster())
    assert issubclass(ProtocolFault, CallError)
