"""The file of a provisioning report: columns by name, rows by line, and what is no report at all."""

from __future__ import annotations

import pytest

from connectors.http.errors import ProtocolFault
from iepcore.people import CourseListing
from tests.contract.connectors.canvas_fake import FakeCanvas
from tests.contract.connectors.canvas_reports import a_file, account, table
from tests.contract.connectors.canvas_school import (
    AVERY,
    CASEY,
    DEVIN,
    DREW,
    MATH,
    READING,
    School,
)
from tests.contract.connectors.doers import Watch

FILE = ("GET", "/files/:id/download")


@pytest.fixture
def school(canvas: FakeCanvas, watch: Watch) -> School:
    """Return a school of three courses."""
    return School(canvas, watch)


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
