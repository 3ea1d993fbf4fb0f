"""Rosters of Google Classroom: whole or marked, guardians as hints, and no request too many."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import pytest

from connectors.google_classroom import GoogleSource
from connectors.google_classroom.routes import EMAILS, GUARDIANS
from iepcore.errors import InvalidValue
from iepcore.people import CourseListing, RosterStanding, Shortfall, ShortfallKind
from iepcore.testing import ExpectedCourse, RosterSourceContract
from tests.contract.connectors.google_doers import EVERYTHING, School, by_course

COURSES = ("GET", "/v1/courses")
STUDENTS = ("GET", "/v1/courses/{courseId}/students")
TEACHERS = ("GET", "/v1/courses/{courseId}/teachers")
GUARDIANS_OF = ("GET", "/v1/userProfiles/{studentId}/guardians")


class TestDomainSource(RosterSourceContract):
    """The whole domain, as an administrator's token sees it."""

    @pytest.fixture
    def source(self, school: School) -> GoogleSource:
        """Return the source over three courses; one of them has guardians."""
        pupils = school.enrol(school.math, 65)
        parent = school.world.person("Casey Field", "casey@mail.example")
        school.world.link(pupils[0], parent)
        school.world.link(pupils[1], parent)
        school.art.students += [pupils[0].id]
        return school.domain_source()

    @pytest.fixture
    def expected(self, school: School) -> Sequence[ExpectedCourse]:
        """Return what the world holds."""
        world = school.world
        return [
            ExpectedCourse(
                id=course.id,
                pupils=frozenset(course.students),
                adults=frozenset(course.teachers),
                guardians=frozenset(
                    (link.guardian, link.student) for link in world.links if link.student in course.students
                ),
            )
            for course in world.courses.values()
        ]


class TestTeacherSource(RosterSourceContract):
    """The courses that one teacher teaches, with the guardians of one pupil."""

    @pytest.fixture
    def source(self, school: School) -> GoogleSource:
        """Return the source; the third course is somebody else's."""
        pupils = school.enrol(school.math, 3)
        school.enrol(school.art, 2)
        school.course("Music", teachers=[school.teacher])
        school.world.link(pupils[0], school.world.person("Casey Field", "casey@mail.example"))
        return school.source(guardians_of=(pupils[0].id,))

    @pytest.fixture
    def expected(self, school: School) -> Sequence[ExpectedCourse]:
        """Return what this teacher may see."""
        [link] = school.world.links
        return [
            ExpectedCourse(
                id=course.id,
                pupils=frozenset(course.students),
                adults=frozenset(course.teachers),
                guardians=frozenset({(link.guardian, link.student)})
                if link.student in course.students
                else frozenset(),
            )
            for course in school.world.courses.values()
            if school.teacher.id in course.teachers
        ]


def test_a_course_is_a_section(school: School) -> None:
    """Classroom's `section` is free text: it belongs to the title, and tells two courses apart."""
    source = school.source()

    [math] = [one for one in source.courses().courses if one.id == school.math.id]
    [roster] = source.rosters([math])

    assert "Math 7, Period 3" == math.title
    assert [(math.id, math.title)] == [(one.id, one.title) for one in roster.sections]


def test_requests_are_those_of_the_formula(school: School) -> None:
    """Per course a page per thirty students and one of teachers; the guardians of all in one list."""
    pupils = school.enrol(school.math, 65)
    school.enrol(school.art, 30)
    for pupil in pupils[:40]:
        school.world.link(pupil, school.world.person("A Parent", f"parent{pupil.id}@mail.example"))
    source = school.domain_source()

    list(source.rosters(source.courses().courses))

    google = school.google
    assert 1 == len(google.calls(*COURSES))
    assert ceil(65 / 30) + 1 + 1 == len(google.calls(*STUDENTS))
    assert 3 == len(google.calls(*TEACHERS))
    assert ceil(40 / 30) == len(google.calls(*GUARDIANS_OF))


def test_no_picture_of_a_child_is_asked_for(school: School) -> None:
    """Every list has a mask, and none names photoUrl, groups or folders."""
    school.enrol(school.math, 2)
    source = school.domain_source()
    list(source.rosters(source.courses().courses))

    lists = [one for one in school.google.seen if one.method == "GET"]
    assert lists
    for one in lists:
        assert "fields=nextPageToken" in one.query
        assert "photo" not in one.query.lower()
        assert "folder" not in one.query.lower()


def test_who_has_no_address_is_a_person_all_the_same(school: School) -> None:
    """Without the scope for addresses there are names only, and nothing is verified."""
    pupils = school.enrol(school.math, 1)

    roster = by_course(
        list(school.domain_source(EVERYTHING - {EMAILS}).rosters([CourseListing(id=school.math.id)]))
    )[school.math.id]

    found = next(one for one in roster.people if one.subject == pupils[0].id)
    assert ("Pupil0 Field0", None, False) == (found.name, found.email, found.email_verified)


def test_a_guardians_address_is_verified_and_a_typed_one_is_not(school: School) -> None:
    """The account that said yes has its own address; what stands in the invitation may be an error."""
    one, two = school.enrol(school.math, 2)
    known = school.world.person("Casey Field", "casey@mail.example")
    hidden = school.world.person("Pat Stone", "pat@mail.example")
    hidden.email = ""
    school.world.link(one, known, invited="typing.error@mail.example")
    school.world.link(two, hidden, invited="pat@mail.example")

    [roster] = school.domain_source().rosters([CourseListing(id=school.math.id)])

    people = {person.subject: person for person in roster.people}
    assert ("casey@mail.example", True) == (people[known.id].email, people[known.id].email_verified)
    assert ("pat@mail.example", False) == (people[hidden.id].email, people[hidden.id].email_verified)
    assert {"guardian"} == {link.relation for link in roster.guardians}


def test_guardians_withheld_leave_a_mark(school: School) -> None:
    """A domain without guardian access, or a key without the scope: rosters come, marked as not all."""
    school.enrol(school.math, 2)
    wanted = [CourseListing(id=school.math.id)]
    school.world.guardians_enabled = False

    [without] = school.domain_source().rosters(wanted)
    [unscoped] = school.domain_source(EVERYTHING - {GUARDIANS}).rosters(wanted)

    assert 2 == sum(one.standing is RosterStanding.PUPIL for one in without.enrollments)
    kind = ShortfallKind.FIELDS_WITHHELD
    assert (Shortfall(kind=kind, code="forbidden_there"),) == without.shortfalls
    assert (Shortfall(kind=kind, code="scope_missing"),) == unscoped.shortfalls


def test_a_teacher_asks_for_no_guardians_unless_told(school: School) -> None:
    """One request per child is dear: only for the children it is asked for."""
    pupils = school.enrol(school.math, 3)

    list(school.source().rosters([CourseListing(id=school.math.id)]))
    assert [] == school.google.calls(*GUARDIANS_OF)

    list(school.source(guardians_of=(pupils[1].id,)).rosters([CourseListing(id=school.math.id)]))
    assert [f"/v1/userProfiles/{pupils[1].id}/guardians"] == [
        one.path for one in school.google.calls(*GUARDIANS_OF)
    ]


def test_a_parent_who_teaches_stands_once(school: School) -> None:
    """As a teacher of the course, and as somebody's guardian by a link."""
    [pupil] = school.enrol(school.math, 1)
    school.world.link(pupil, school.teacher)

    [roster] = school.domain_source().rosters([CourseListing(id=school.math.id)])

    assert 1 == [one.subject for one in roster.people].count(school.teacher.id)
    assert [(school.teacher.id, pupil.id)] == [
        (one.guardian_subject, one.student_subject) for one in roster.guardians
    ]


def test_archived_courses_are_not_listed(school: School) -> None:
    """Last year's rosters say nothing of this year's."""
    school.art.state = "ARCHIVED"

    assert school.art.id not in {one.id for one in school.domain_source().courses().courses}


def test_a_source_needs_a_name_that_identities_carry(school: School) -> None:
    """Empty or endless names are refused."""
    for name in ("", "x" * 256):
        with pytest.raises(InvalidValue):
            GoogleSource(school.transport(), source=name)
