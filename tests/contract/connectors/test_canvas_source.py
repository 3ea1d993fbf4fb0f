"""Rosters out of Canvas: whole or marked, each trap of its lists a test."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from connectors.canvas import CanvasSource
from connectors.http.errors import Forbidden, ScopeMissing
from iepcore.errors import InvalidValue
from iepcore.people import (
    CourseListing,
    CourseRoster,
    EnrollmentState,
    RosterStanding,
)
from iepcore.testing import ExpectedCourse, RosterSourceContract
from tests.contract.connectors.canvas_fake import FakeCanvas
from tests.contract.connectors.canvas_school import (
    ADMIN,
    AIDE,
    ART,
    AVERY,
    BLAKE,
    CASEY,
    DEVIN,
    DREW,
    MATH,
    NOBODYS,
    READING,
    SOURCE,
    TEACHER,
    School,
)
from tests.contract.connectors.doers import Watch

ENROLLMENTS = ("GET", "/api/v1/courses/:course_id/enrollments")
SECTIONS = ("GET", "/api/v1/courses/:course_id/sections")


@pytest.fixture
def school(canvas: FakeCanvas, watch: Watch) -> School:
    """Return a school of three courses."""
    return School(canvas, watch)


class TestOneTeachersCourses(RosterSourceContract):
    """The contract, over the courses of a teacher."""

    @pytest.fixture
    def source(self, school: School) -> CanvasSource:
        return school.source()

    @pytest.fixture
    def expected(self, school: School) -> Sequence[ExpectedCourse]:
        return school.expected


class TestManyShortPages(TestOneTeachersCourses):
    """The contract again, with two rows a page, an empty last page, and links in either spelling."""

    @pytest.fixture
    def source(self, school: School) -> CanvasSource:
        school.canvas.tempers.cap = 2
        school.canvas.tempers.empty_end = True
        school.canvas.tempers.lower_case = False
        return school.source(workers=99)


class TestAnAccountsCourses(RosterSourceContract):
    """The contract, over an account, with its administrator's token."""

    @pytest.fixture
    def source(self, school: School) -> CanvasSource:
        return school.source(ADMIN, account_id="1")

    @pytest.fixture
    def expected(self, school: School) -> Sequence[ExpectedCourse]:
        return school.expected


def kinds(roster: CourseRoster) -> list[tuple[str, str]]:
    """Return the reasons why a roster is not whole."""
    return [(one.kind.value, one.code) for one in roster.shortfalls]


def links(roster: CourseRoster) -> set[tuple[str, str]]:
    """Return who observes whom."""
    return {(one.guardian_subject, one.student_subject) for one in roster.guardians}


def query_of(school: School, call: tuple[str, str]) -> str:
    """Return the query of the first such call."""
    return school.canvas.calls(*call)[0].query


def test_a_course_costs_two_requests(school: School) -> None:
    """One page of sections, one of enrollments, whoever is in it; nothing per pupil."""
    list(school.source().rosters(school.source().courses().courses))

    assert 3 == len(school.canvas.calls(*SECTIONS))
    assert 3 == len(school.canvas.calls(*ENROLLMENTS))


def test_a_long_course_costs_one_more(school: School) -> None:
    """The first page is read again, and only when there is a second one."""
    for number in range(250):
        user = school.canvas.world.add_user(5000 + number, f"Pupil {number}")
        school.canvas.world.enrol(ART, user, "StudentEnrollment")

    roster = school.roster(ART)

    assert roster.complete
    assert 1 == len(school.canvas.calls(*SECTIONS))
    assert 3 + 1 == len(school.canvas.calls(*ENROLLMENTS))


def test_the_states_are_named(school: School) -> None:
    """Without them Canvas answers by who asks."""
    school.roster()

    query = query_of(school, ENROLLMENTS)
    assert all(f"={state}" in query for state in ("active", "invited", "creation_pending", "inactive"))
    assert "observed_users" in query
    assert "per_page=100" in query


def test_an_observer_of_nobody_is_the_parent_of_nobody(school: School) -> None:
    """She is in the course and linked to no pupil."""
    roster = school.roster()

    assert str(NOBODYS) in {person.subject for person in roster.people}
    assert str(NOBODYS) not in {guardian for guardian, _ in links(roster)}


def test_a_course_with_observers_of_nobody_alone_is_whole(school: School) -> None:
    """Canvas has no field for whom they watch, and nothing was withheld."""
    school.canvas.world.enrol(ART, NOBODYS, "ObserverEnrollment")

    assert school.roster(ART).complete


def test_an_observer_of_two_is_one_person(school: School) -> None:
    """Two rows, two links, one person, one place in the section."""
    roster = school.roster()

    assert {(str(CASEY), str(AVERY)), (str(CASEY), str(BLAKE))} == links(roster)
    assert 1 == [person.subject for person in roster.people].count(str(CASEY))
    assert 1 == [one.subject for one in roster.enrollments].count(str(CASEY))


def test_who_has_not_accepted_is_no_parent(school: School) -> None:
    """An invited observer, and one who was removed, are linked to nobody."""
    school.canvas.world.enrol(MATH, DREW, "ObserverEnrollment", watches=DEVIN, state="invited")
    school.canvas.world.enrol(READING, DREW, "ObserverEnrollment", watches=AVERY, state="inactive")

    assert str(DREW) not in {guardian for guardian, _ in links(school.roster(MATH))}
    assert set() == links(school.roster(READING))


def test_a_link_to_oneself_is_none(school: School) -> None:
    """Canvas lets strange rows in."""
    school.canvas.world.enrol(READING, DREW, "ObserverEnrollment", watches=DREW)

    assert set() == links(school.roster(READING))


def test_a_watched_pupil_without_a_row_has_a_line(school: School) -> None:
    """The link would hang in the air otherwise."""
    school.canvas.world.enrol(READING, DREW, "ObserverEnrollment", watches=DEVIN)

    roster = school.roster(READING)

    assert {(str(DREW), str(DEVIN))} == links(roster)
    assert ["Devin Jones"] == [one.name for one in roster.people if one.subject == str(DEVIN)]
    assert str(DEVIN) not in {one.subject for one in roster.enrollments}


def test_somebody_in_two_sections_is_one_person(school: School) -> None:
    """Cross-listed sections: one line, two enrollments, on whatever pages they come."""
    school.canvas.tempers.cap = 2
    school.canvas.world.add_section(777, MATH, "From another course", original_course=READING)
    school.canvas.world.enrol(MATH, AVERY, "StudentEnrollment", section=777)

    roster = school.roster()

    assert roster.complete
    assert 1 == [person.subject for person in roster.people].count(str(AVERY))
    assert {"421", "777"} == {one.section_id for one in roster.enrollments if one.subject == str(AVERY)}


def test_the_test_pupil_is_nobody(school: School) -> None:
    """Every course has one as soon as its teacher looks at it as a pupil."""
    user = school.canvas.world.add_user(6666, "Test Student")
    school.canvas.world.enrol(MATH, user, "StudentViewEnrollment")

    roster = school.roster()

    assert roster.complete
    assert "6666" not in {person.subject for person in roster.people}


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("active", EnrollmentState.ACTIVE),
        ("invited", EnrollmentState.INVITED),
        ("creation_pending", EnrollmentState.INVITED),
        ("inactive", EnrollmentState.ENDED),
    ],
)
def test_states_in_three_words(school: School, state: str, expected: EnrollmentState) -> None:
    """Inactive was there once."""
    school.canvas.world.enrol(ART, DEVIN, "StudentEnrollment", state=state)

    [found] = [one for one in school.roster(ART).enrollments if one.subject == str(DEVIN)]

    assert expected is found.state


def test_rights_follow_the_type_and_the_label_is_shown(school: School) -> None:
    """A custom role keeps the type it was made from."""
    [aide] = [one for one in school.roster().enrollments if one.subject == str(AIDE)]

    assert (RosterStanding.HELPER, "Classroom aide") == (aide.standing, aide.role_label)


def test_a_teacher_who_is_a_parent_is_both(school: School) -> None:
    """Two standings; the reader of the roster decides which counts."""
    school.canvas.world.enrol(READING, TEACHER, "ObserverEnrollment", watches=AVERY)

    roster = school.roster(READING)

    assert {(str(TEACHER), str(AVERY))} == links(roster)
    assert {RosterStanding.TEACHER, RosterStanding.OBSERVER} == {
        one.standing for one in roster.enrollments if one.subject == str(TEACHER)
    }


def test_a_course_locked_by_its_dates_is_listed_by_its_id(school: School) -> None:
    """Canvas tells nothing else of it, and that is no reason to lose it."""
    school.canvas.world.courses[ART].locked = True

    listed = school.source().courses()

    assert listed.complete
    assert CourseListing(id=str(ART)) in listed.courses


def test_a_course_without_a_name_is_no_broken_row(school: School) -> None:
    """Null where the caller may not know it."""
    school.canvas.world.courses[ART].name = None

    assert "" == {one.id: one.title for one in school.source().courses().courses}[str(ART)]


def test_the_listing_says_name_code_term_and_number(school: School) -> None:
    """What a person recognises a course by."""
    school.canvas.world.courses[ART].sis_id = "ART-1"

    [art] = [one for one in school.source().courses().courses if one.id == str(ART)]

    assert CourseListing(id=str(ART), title="Art", code="C44", term="Fall", sis_id="ART-1") == art


def test_numbers_of_the_school_come_along_where_shown(school: School) -> None:
    """And no mail address, which nobody has verified."""
    people = {person.subject: person for person in school.roster().people}

    assert ("S2001", None) == (people[str(AVERY)].sis_id, people[str(DEVIN)].sis_id)
    assert {None} == {person.email for person in people.values()}
    assert str(AVERY) == people[str(AVERY)].channel_user_id


def test_without_the_right_to_numbers_there_are_none(school: School) -> None:
    """A teacher without that permission gets whole rosters all the same."""
    school.canvas.world.shows_sis_ids = False

    roster = school.roster()

    assert roster.complete
    assert {None} == {person.sis_id for person in roster.people}


def test_a_teacher_limited_to_a_section_sees_a_part(school: School) -> None:
    """Nobody may be taken to have left because of it."""
    school.canvas.world.rows[0].limited = True
    school.canvas.world.enrol(MATH, DREW, "StudentEnrollment", section=499)

    roster = school.roster()

    assert [("limited_view", "own_section_only")] == kinds(roster)
    assert str(DREW) not in {person.subject for person in roster.people}


def test_fewer_pupils_than_counted_is_a_part(school: School) -> None:
    """Whatever hides them."""
    school.canvas.world.sections[421].counted = 5

    roster = school.roster()

    assert [("limited_view", "fewer_than_counted")] == kinds(roster)
    assert 2 == roster.shortfalls[0].count


def test_a_pupil_with_two_roles_is_counted_as_canvas_does(school: School) -> None:
    """Two rows in one section, one person."""
    school.canvas.world.enrol(MATH, AVERY, "StudentEnrollment", role="Guest pupil")

    roster = school.roster()

    assert roster.complete
    assert 2 == [one.subject for one in roster.enrollments].count(str(AVERY))


def test_more_pupils_than_counted_is_no_loss(school: School) -> None:
    """Somebody joined between two requests."""
    school.canvas.world.sections[421].counted = 1

    assert school.roster().complete


def test_an_ignored_include_is_told(school: School) -> None:
    """A key without "Allow include parameters": the links are there, the names of those observed are not."""
    school.canvas.world.honours_include = False

    roster = school.roster()

    assert [("fields_withheld", "include_ignored")] == kinds(roster)
    assert {(str(CASEY), str(AVERY)), (str(CASEY), str(BLAKE))} == links(roster)


def test_a_refused_course_is_refused(school: School) -> None:
    """It is its own shortfall; the others are read."""
    asked = [CourseListing(id=str(course)) for course in (MATH, 999)]
    school.canvas.world.add_course(999, "Somebody else's")

    rosters = {one.course.id: one for one in school.source().rosters(asked)}

    assert [("refused", "forbidden_there")] == kinds(rosters["999"])
    assert rosters[str(MATH)].complete


def test_a_list_of_an_account_is_its_administrators(school: School) -> None:
    """Nobody else gets one."""
    with pytest.raises(Forbidden):
        school.source(TEACHER, account_id="1").courses()


def test_a_missing_scope_concerns_every_course(school: School) -> None:
    """There is nothing to pull."""
    transport = school.transport(scopes=frozenset({"url:GET|/api/v1/courses"}))
    source = school.source(transport=transport)
    courses = source.courses().courses

    with pytest.raises(ScopeMissing):
        list(source.rosters(courses))


def test_days_are_the_schools(school: School) -> None:
    """Midnight in Chicago is not midnight in UTC."""
    zone: dict[str, object] = {"zone": ZoneInfo("America/Chicago")}
    school.canvas.world.enrol(
        ART,
        DEVIN,
        "StudentEnrollment",
        start_at="2026-08-20T05:00:00Z",
        end_at="2027-06-11T04:59:59Z",
    )

    [found] = [one for one in school.roster(ART, **zone).enrollments if one.subject == str(DEVIN)]

    assert (date(2026, 8, 20), date(2027, 6, 10)) == (found.begins_on, found.ends_on)


def test_a_source_needs_a_name(school: School) -> None:
    """Identities are kept under it."""
    with pytest.raises(InvalidValue):
        CanvasSource(school.transport(), source="")
    assert SOURCE == school.source().source


def test_nothing_of_a_child_is_in_an_address(school: School) -> None:
    """Queries hold switches, never a name or a number of a person."""
    names = [name for name in school.canvas.world.names.values() if name]
    source = school.source()
    list(source.rosters(source.courses().courses))

    for call in school.canvas.seen:
        assert not [name for name in names if name.split()[0] in call.path + call.query]
        assert "S2001" not in call.query
        assert "" == call.body
