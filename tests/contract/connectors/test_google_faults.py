"""Google in foul weather: pages lost, tokens that run out, gateways of HTML, rows that come twice."""

from __future__ import annotations

import json

import pytest

from connectors.google_classroom import GoogleSource
from connectors.google_classroom.routes import ROSTERS
from connectors.http import Limits, RetryLaw
from connectors.http.errors import (
    ConsentLost,
    RateLimited,
    RequestRefused,
    ScopeMissing,
    ServerFault,
    Unreachable,
)
from iepcore.people import CourseListing, CourseRoster, PullProgress, Shortfall, ShortfallKind
from tests.contract.connectors.google_doers import EVERYTHING, OneToken, School, by_course
from tests.contract.connectors.google_fake.faults import before, cut, good, html, instead, refuse, slow

COURSES = ("GET", "/v1/courses")
STUDENTS = ("GET", "/v1/courses/{courseId}/students")
TEACHERS = ("GET", "/v1/courses/{courseId}/teachers")
GUARDIANS = ("GET", "/v1/userProfiles/{studentId}/guardians")
TOKEN = ("POST", "/token")


def pull(school: School, **limits: float) -> CourseRoster:
    """Return the roster of one course as the teacher's pull brings it."""
    wanted = [CourseListing(id=school.math.id)]
    [roster] = school.source(limits=Limits(**limits)).rosters(wanted)  # type: ignore[arg-type]
    return roster


def pupils(roster: CourseRoster) -> int:
    """Return how many pupils came."""
    return sum(one.role_label == "Student" for one in roster.enrollments)


def test_a_lost_page_keeps_the_others_and_marks_the_course(school: School) -> None:
    """Page two never comes: thirty pupils stay, nobody is said to have left."""
    school.enrol(school.math, 65)
    school.google.fault(*STUDENTS, good, *[html(503)] * 4)

    roster = pull(school)

    assert 30 == pupils(roster)
    assert (Shortfall(kind=ShortfallKind.PAGES_LOST, code="server_fault"),) == roster.shortfalls
    assert not roster.complete


@pytest.mark.parametrize(
    "fault",
    [
        html(503),
        html(500),
        refuse(503, "UNAVAILABLE"),
        refuse(500, "INTERNAL"),
        refuse(504, "DEADLINE_EXCEEDED"),
        refuse(429, "RESOURCE_EXHAUSTED"),
        refuse(409, "ABORTED"),
        cut,
    ],
    ids=["html 503", "html 500", "503", "500", "504", "429", "aborted", "cut"],
)
def test_what_passes_is_waited_for(school: School, fault: object) -> None:
    """A read is asked again, with full jitter."""
    school.enrol(school.math, 3)
    school.google.fault(*STUDENTS, fault, fault)  # type: ignore[arg-type]

    roster = pull(school)

    assert (3, True) == (pupils(roster), roster.complete)
    assert [0.25, 0.5] == school.watch.slept


def test_retry_after_is_honoured(school: School) -> None:
    """The jitter comes on top; a wish for five minutes is not waited for."""
    school.google.fault(*STUDENTS, refuse(429, "RESOURCE_EXHAUSTED", headers={"Retry-After": "7"}))
    assert pull(school).complete
    assert [7.25] == school.watch.slept

    school.google.fault(*STUDENTS, refuse(429, "RESOURCE_EXHAUSTED", headers={"Retry-After": "300"}))
    assert (Shortfall(kind=ShortfallKind.PAGES_LOST, code="rate_limited"),) == pull(school).shortfalls


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        (refuse(400, "FAILED_PRECONDITION", "@CourseNotModifiable x"), "pages_lost", "request_refused"),
        (refuse(403, "PERMISSION_DENIED", "@ClassroomApiDisabled x"), "refused", "forbidden_there"),
        (refuse(404, "NOT_FOUND"), "refused", "not_found_there"),
        (html(404), "refused", "not_found_there"),
        (html(200), "pages_lost", "not_json"),
        (instead(200, '{"students": {}}', "application/json"), "pages_lost", "answer_form"),
        (instead(200, '{"error": {}}', "application/json"), "pages_lost", "answer_form"),
        (instead(302, "", "text/html", {"Location": "/login"}), "pages_lost", "redirected"),
    ],
)
def test_what_does_not_pass_is_not_asked_again(school: School, fault: object, kind: str, code: str) -> None:
    """400, 403, 404 and answers against the documents: once, and the course is marked."""
    school.google.fault(*STUDENTS, fault)  # type: ignore[arg-type]

    roster = pull(school)

    assert (Shortfall(kind=ShortfallKind(kind), code=code),) == roster.shortfalls
    assert 1 == len(school.google.calls(*STUDENTS))
    assert [] == school.watch.slept


def test_a_token_that_runs_out_in_the_middle_is_refreshed_once(school: School) -> None:
    """The pull goes on with the page that was refused."""
    school.enrol(school.math, 65)
    source = school.source()

    def run_out() -> None:
        for token in school.google.desk.tokens.values():
            token.expires_at = school.watch.at

    school.google.fault(*STUDENTS, good, before(run_out))
    [roster] = source.rosters([CourseListing(id=school.math.id)])

    assert (65, True) == (pupils(roster), roster.complete)
    assert 1 == len(school.google.calls(*TOKEN))


def test_a_consent_lost_in_the_middle_ends_the_pull(school: School) -> None:
    """What was yielded stays good, the loss is stored, and the person connects again."""
    school.enrol(school.math, 65)
    source = school.source()
    forget = before(lambda: school.google.desk.forget(school.teacher.id))
    school.google.fault(*STUDENTS, good, forget)

    with pytest.raises(ConsentLost):
        list(source.rosters([CourseListing(id=school.math.id), CourseListing(id=school.art.id)]))
    assert school.grants.kept[school.teacher_id].is_lost


def test_a_missing_scope_concerns_all_courses(school: School) -> None:
    """The administrator adds it; no course is called empty."""
    token = school.google.desk.give(school.teacher.id, EVERYTHING - {ROSTERS, *_EMAILS})

    with pytest.raises(ScopeMissing):
        list(GoogleSource(school.transport(OneToken(token))).rosters([CourseListing(id=school.math.id)]))


_EMAILS = {"https://www.googleapis.com/auth/classroom.profile.emails"}


def test_a_slow_body_is_left_after_our_own_time(school: School) -> None:
    """The page is lost, the teachers come."""
    school.google.fault(*STUDENTS, *[slow] * 4)

    roster = pull(school, read_seconds=0.2)

    assert (Shortfall(kind=ShortfallKind.PAGES_LOST, code="no_answer"),) == roster.shortfalls


def test_a_row_that_comes_twice_counts_once_and_tells_of_a_move(school: School) -> None:
    """The list moved under us: another row may have been passed over."""
    made = school.enrol(school.math, 40)

    def move() -> None:
        school.math.students.remove(made[39].id)
        school.math.students.insert(0, made[39].id)

    school.google.fault(*STUDENTS, good, before(move))

    roster = pull(school)

    assert 39 == pupils(roster)
    assert (Shortfall(kind=ShortfallKind.MOVED_MEANWHILE),) == roster.shortfalls


def test_a_row_twice_on_one_page_is_only_once_a_person(school: School) -> None:
    """Nothing moved; the course is whole."""
    [pupil] = school.enrol(school.math, 1)
    school.math.students.append(pupil.id)

    roster = pull(school)

    assert (1, True) == (pupils(roster), roster.complete)


def test_a_course_deleted_between_list_and_read_is_marked(school: School) -> None:
    """The others come whole."""
    listed = school.source().courses().courses
    del school.world.courses[school.math.id]

    rosters = by_course(list(school.source().rosters(listed)))

    assert (Shortfall(kind=ShortfallKind.REFUSED, code="not_found_there"),) == rosters[
        school.math.id
    ].shortfalls
    assert rosters[school.art.id].complete


def test_an_unreadable_row_is_counted_and_costs_no_page(school: School) -> None:
    """A student without an id, and a guardian without a student."""
    rows = {"students": [{"userId": 7}, {"userId": "9"}]}
    links = {"guardians": [{"guardianId": "1"}]}
    school.google.fault(*STUDENTS, instead(200, json.dumps(rows), "application/json"))
    school.google.fault(*GUARDIANS, instead(200, json.dumps(links), "application/json"))

    [roster] = school.domain_source().rosters([CourseListing(id=school.math.id)])

    assert (Shortfall(kind=ShortfallKind.ROWS_UNREADABLE, code="row_form", count=2),) == roster.shortfalls
    assert [("students page 1", 1, ("userId",)), ("guardians page 1", 1, ("studentId",))] == [
        (row.place, row.line, row.fields) for row in roster.unread
    ]


def test_the_guardians_breaking_off_marks_every_course(school: School) -> None:
    """Those that were read stay."""
    made = school.enrol(school.math, 1)
    for number in range(31):
        school.world.link(made[0], school.world.person(f"Parent{number} Field"))
    school.google.fault(*GUARDIANS, good, *[refuse(503, "UNAVAILABLE")] * 4)

    source = school.domain_source()
    rosters = by_course(list(source.rosters(source.courses().courses)))

    assert 30 == len(rosters[school.math.id].guardians)
    assert [(Shortfall(kind=ShortfallKind.PAGES_LOST, code="server_fault"),)] * 3 == [
        one.shortfalls for one in rosters.values()
    ]


def test_a_guardian_list_without_a_token_ends_the_pull(school: School) -> None:
    """It is the same token for everything."""
    school.google.fault(*GUARDIANS, *[refuse(401, "UNAUTHENTICATED")] * 2)
    school.google.fault(*TOKEN, instead(400, '{"error": "invalid_grant"}', "application/json"))
    [pupil] = school.enrol(school.math, 1)

    with pytest.raises(ConsentLost):
        list(school.source(guardians_of=(pupil.id,)).rosters([CourseListing(id=school.math.id)]))


def test_a_google_that_is_down_ends_the_pull(school: School) -> None:
    """After three courses of which nothing came: not after an hour of waiting."""
    wanted = [CourseListing(id=school.course(f"C{n}", teachers=[school.teacher]).id) for n in range(30)]
    school.google.fault(*STUDENTS, *[html(503)] * 4 * 40)

    with pytest.raises(ServerFault):
        list(school.source().rosters(wanted))
    assert len(school.google.calls(*STUDENTS)) < 4 * 30


def test_the_list_of_courses_breaks_off(school: School) -> None:
    """The first page lost is no list; a later one is half a list, and says so."""
    school.google.fault(*COURSES, *[html(503)] * 4)
    with pytest.raises(ServerFault):
        school.source().courses()

    for number in range(40):
        school.course(f"C{number}", teachers=[school.teacher])
    school.google.fault(*COURSES, good, *[html(503)] * 4)
    listed = school.source().courses()

    assert 30 == len(listed.courses)
    assert (Shortfall(kind=ShortfallKind.PAGES_LOST, code="server_fault"),) == listed.shortfalls


def test_a_course_without_an_id_is_an_unread_row(school: School) -> None:
    """The list is not whole then."""
    body = {"courses": [{"name": "x"}, {"id": "5", "name": "Art"}]}
    school.google.fault(*COURSES, instead(200, json.dumps(body), "application/json"))

    listed = school.source().courses()

    assert ["5"] == [one.id for one in listed.courses]
    assert [("courses page 1", 1)] == [(row.place, row.line) for row in listed.unread]
    assert not listed.complete


def test_a_page_token_that_comes_again_is_a_loop(school: School) -> None:
    """No pull turns in a circle."""
    body = {"students": [], "nextPageToken": "same"}
    answer = instead(200, json.dumps(body), "application/json")
    school.google.fault(*STUDENTS, answer, answer)

    assert (Shortfall(kind=ShortfallKind.PAGES_LOST, code="next_again"),) == pull(school).shortfalls


def test_nobody_at_home_ends_the_pull(school: School, dead_port: int) -> None:
    """No connection: it concerns every course."""
    from connectors.google_classroom import GoogleDialect
    from connectors.http import InFlightGate, Origin, Transport

    transport = Transport(
        Origin.parse(f"http://127.0.0.1:{dead_port}"),
        GoogleDialect(),
        gate=InFlightGate(),
        timing=school.watch.timing,
        law=RetryLaw(attempts=1),
    )
    with pytest.raises(Unreachable):
        list(GoogleSource(transport).rosters([CourseListing(id="1")]))


def test_progress_never_runs_ahead_of_the_courses(school: School) -> None:
    """The list of guardians is no course; pages and rows count all."""
    school.enrol(school.math, 31)
    heard: list[PullProgress] = []
    source = school.domain_source()
    wanted = source.courses().courses

    list(source.rosters(wanted, tell=heard.append))

    assert {3} == {one.of for one in heard}
    assert PullProgress(done=3, of=3, pages=2 + 1 + 1 + 3 + 1, rows=31 + 3) == heard[-1]


@pytest.mark.parametrize(
    ("status", "reason", "error", "again"),
    [
        (403, "rateLimitExceeded", RateLimited, True),
        (403, "userRateLimitExceeded", RateLimited, True),
        (403, "quotaExceeded", RateLimited, False),
        (403, "insufficientPermissions", ScopeMissing, False),
        (409, "duplicate", RequestRefused, False),
        (408, "", None, True),
    ],
)
def test_the_older_form_of_errors_is_understood(
    school: School, status: int, reason: str, error: type[Exception] | None, again: bool
) -> None:
    """Gmail and Calendar still send `errors[].reason`."""
    from connectors.google_classroom import GoogleDialect
    from connectors.http import Answer
    from connectors.http.errors import CallTrace, NoAnswer

    body = {"error": {"code": status, "message": "x", "errors": [{"reason": reason}, "odd"]}}
    answer = Answer(
        trace=CallTrace(method="POST", template="/", status=status),
        url="",
        headers={"Content-Type": "application/json"},
        body=json.dumps(body).encode(),
    )

    found = GoogleDialect().refusal(answer)

    assert (error or NoAnswer) is type(found)
    assert again is found.retryable


def test_an_answer_that_is_no_object_has_no_next_page(school: School) -> None:
    """A list where an object was promised."""
    school.google.fault(*STUDENTS, instead(200, "[]", "application/json"))

    assert (Shortfall(kind=ShortfallKind.PAGES_LOST, code="answer_form"),) == pull(school).shortfalls
