"""What OneRoster rows mean, and what becomes of rows that cannot be read: named, counted, never guessed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.oneroster import OneRosterFault, OneRosterOptions, OneRosterSource
from connectors.oneroster.columns import COLUMNS
from iepcore.people import (
    CourseRoster,
    EnrollmentState,
    RosterPerson,
    RosterStanding,
    ShortfallKind,
    UnreadRow,
)
from tests.contract.connectors.oneroster_zip import (
    CLASSES,
    ENROLLMENTS,
    PEOPLE,
    District,
    a_class,
    csv_of,
    enrolled,
    user,
)

AT = datetime(2026, 11, 2, 14, tzinfo=UTC)


def source_of(district: District, folder: Path, options: OneRosterOptions | None = None) -> OneRosterSource:
    """Return the source over a district."""
    return OneRosterSource(district.write(folder / "r.zip"), options, now=lambda: AT)


def rosters_of(source: OneRosterSource) -> dict[str, CourseRoster]:
    """Return every roster by the class's id."""
    return {one.course.id: one for one in source.rosters(source.courses().courses)}


def person(roster: CourseRoster, subject: str) -> RosterPerson:
    """Return one person of a roster."""
    return next(one for one in roster.people if one.subject == subject)


def standing(roster: CourseRoster, subject: str) -> tuple[RosterStanding, EnrollmentState]:
    """Return how somebody stands."""
    [place] = [one for one in roster.enrollments if one.subject == subject]
    return place.standing, place.state


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of the test's own."""
    return tmp_path


# -------------------------------------------------------------------------------------- what rows mean


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_people_classes_and_links(folder: Path, version: str) -> None:
    """Both directions of agents make links, an aide is a helper, a class without a title has its course's."""
    source = source_of(District(version=version), folder)
    found = rosters_of(source)

    assert ["Grade 4", "Mathematics 4", "Reading 4"] == [one.title for one in source.courses().courses]
    assert {("R4", "Fall 2026", "c-read")} == {
        (one.code, one.term, one.sis_id or "") for one in source.courses().courses if one.id == "c-read"
    }
    maya = RosterPerson(subject="s-maya", name="Maya Thompson", sis_id="1001", grade="04")
    assert maya == person(found["c-read"], "s-maya")
    assert (RosterStanding.HELPER, EnrollmentState.ACTIVE) == standing(found["c-read"], "t-park")
    assert (RosterStanding.PUPIL, EnrollmentState.ENDED) == standing(found["c-math"], "s-maya")
    assert {("p-grace", "s-maya", "parent"), ("p-farid", "s-omar", "guardian")} == {
        (one.guardian_subject, one.student_subject, one.relation) for one in found["c-read"].guardians
    }
    assert all(one.complete for one in found.values())
    assert 0 == source.report.total


def test_names_that_people_prefer_come_first(folder: Path) -> None:
    """In 1.2 a preferred name stands before the one of the papers, each part by itself."""
    people = [
        *PEOPLE[:2],
        user("s-maya", "student", "Maya", "Thompson", preferredGivenName="May"),
        user("s-omar", "student", "Omar", "Haidari", preferredFamilyName="Haidari-Reyes"),
        *PEOPLE[4:],
    ]
    roster = rosters_of(source_of(District(version="1.2", people=people), folder))["c-read"]

    assert "May Thompson" == person(roster, "s-maya").name
    assert "Omar Haidari-Reyes" == person(roster, "s-omar").name


@pytest.mark.parametrize(
    ("sis_id", "number"),
    [
        ("identifier", "1001"),
        ("sourcedId", "s-maya"),
        ("userIds:SIS", "A-77"),
        ("userIds:other", None),
    ],
)
def test_which_number_is_the_persons(folder: Path, sis_id: str, number: str | None) -> None:
    """The site may say which one; a person without it has none, and no other stands in."""
    maya = {**PEOPLE[2], "userIds": "{Fed:x},{sis: A-77}"}
    people = [*PEOPLE[:2], maya, *PEOPLE[3:]]
    source = source_of(District(people=people), folder, OneRosterOptions(sis_id=sis_id))

    assert number == person(rosters_of(source)["c-read"], "s-maya").sis_id


def test_an_address_is_verified_below_the_schools_domains_only(folder: Path) -> None:
    """What an office typed in for a parent is an address, not a proof."""
    options = OneRosterOptions(mail_domains=frozenset({"cedar.example.org"}))
    roster = rosters_of(source_of(District(), folder, options))["c-read"]

    assert (True, False) == (
        person(roster, "t-reed").email_verified,
        person(roster, "p-grace").email_verified,
    )
    plain = rosters_of(source_of(District(), folder))["c-read"]
    assert not any(one.email_verified for one in plain.people)


@pytest.mark.parametrize(
    ("role", "user_role", "expected"),
    [
        ("student", "student", RosterStanding.PUPIL),
        ("student", "teacher", RosterStanding.OTHER),
        ("teacher", "teacher", RosterStanding.TEACHER),
        ("TEACHER", "Administrator", RosterStanding.TEACHER),
        ("teacher", "student", RosterStanding.OTHER),
        ("teacher", "parent", RosterStanding.OTHER),
        ("aide", "teacher", RosterStanding.HELPER),
        ("proctor", "proctor", RosterStanding.OTHER),
        ("ext:coach", "teacher", RosterStanding.OTHER),
    ],
)
def test_standing_needs_both_rows(folder: Path, role: str, user_role: str, expected: RosterStanding) -> None:
    """A pupil is whom both rows call a student, staff whom both call staff."""
    people = [*PEOPLE, user("x", user_role, "Sam", "Lee")]
    district = District(people=people, enrollments=[*ENROLLMENTS, enrolled("c-art", "x", role)])

    assert expected is standing(rosters_of(source_of(district, folder))["c-art"], "x")[0]


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({"beginDate": "2026-11-02", "endDate": "2026-11-03"}, EnrollmentState.ACTIVE),
        ({"endDate": "2026-11-02"}, EnrollmentState.ENDED),
        ({"endDate": "2026-11-01T00:00:00.000Z"}, EnrollmentState.ENDED),
        ({"beginDate": "2026-11-03"}, EnrollmentState.INVITED),
    ],
)
def test_days_of_an_enrollment(folder: Path, more: dict[str, str], state: EnrollmentState) -> None:
    """The day of the end is the first day after; what has not begun is not active."""
    district = District(enrollments=[enrolled("c-art", "s-omar", **more)])

    assert state is standing(rosters_of(source_of(district, folder))["c-art"], "s-omar")[1]


def test_accounts_that_are_switched_off(folder: Path) -> None:
    """Staff and guardians have left with their account; a pupil is a pupil still."""
    people = [{**one, "enabledUser": "false"} for one in PEOPLE]
    roster = rosters_of(source_of(District(people=people), folder))["c-read"]

    assert EnrollmentState.ENDED is standing(roster, "t-reed")[1]
    assert EnrollmentState.ACTIVE is standing(roster, "s-maya")[1]
    assert () == roster.guardians


def test_links_stand_between_a_student_and_a_guardian_only(folder: Path) -> None:
    """Not to a teacher, not between parents, not to oneself; a teacher who is a parent too may act."""
    people = [
        user("s-maya", "student", "Maya", "T", agentSourcedIds="t-reed,p-two,s-maya,t-both"),
        user("t-reed", "teacher", "Dana", "Reed", agentSourcedIds="p-one"),
        user("p-one", "parent", "P", "One", agentSourcedIds="p-two"),
        user("p-two", "relative", "P", "Two"),
        user("t-both", "teacher", "T", "Both"),
        user("x", "student", "Teen", "Parent", agentSourcedIds="y"),
        user("y", "student", "Other", "Teen"),
    ]
    roles = [
        *[
            {"userSourcedId": one["sourcedId"], "role": one["role"], "sourcedId": f"r{place}"}
            for place, one in enumerate(people)
        ],
        {"userSourcedId": "t-both", "role": "parent", "sourcedId": "r-more"},
        {"userSourcedId": "x", "role": "parent", "sourcedId": "r-x"},
        {"userSourcedId": "y", "role": "parent", "sourcedId": "r-y"},
        {"userSourcedId": "t-reed", "role": "parent", "sourcedId": "r-old", "endDate": "2026-06-01"},
    ]
    enrollments = [enrolled("c-art", one) for one in ("s-maya", "x", "y")]
    district = District(version="1.2", people=people, roles=roles, enrollments=enrollments)
    links = rosters_of(source_of(district, folder))["c-art"].guardians

    assert {("p-two", "s-maya", "relative"), ("t-both", "s-maya", "parent")} == {
        (one.guardian_subject, one.student_subject, one.relation) for one in links
    }


def test_one_school_of_a_district(folder: Path) -> None:
    """Only its classes are listed and read; a school that is not there is told at once."""
    classes = [*CLASSES, a_class("c-far", "Elsewhere", schoolSourcedId="org-2")]
    district = District(classes=classes, enrollments=[*ENROLLMENTS, enrolled("c-far", "s-omar")])
    source = source_of(district, folder, OneRosterOptions(school="org-2"))

    assert ["c-far"] == [one.id for one in source.courses().courses]
    assert {"org-1": ("Cedar Hollow School", 3), "org-2": ("Alder Creek School", 1)} == dict(source.schools)
    other = source_of(district, folder, OneRosterOptions(school="org-3"))
    with pytest.raises(OneRosterFault, match="school_unknown"):
        other.courses()


# ------------------------------------------------------------------------------ rows that cannot be read


def test_a_bad_row_names_its_file_line_and_columns(folder: Path) -> None:
    """As a person counts: the header is line 1. The course is partial, and only that course."""
    rows = [*ENROLLMENTS[:3], enrolled("c-read", "s-lena", "pupil", endDate="soon"), *ENROLLMENTS[3:]]
    source = source_of(District(enrollments=rows), folder)
    found = rosters_of(source)

    bad = UnreadRow(place="enrollments.csv", line=5, code="row_form", fields=("endDate", "role"))
    assert (bad,) == source.report.rows == found["c-read"].unread
    assert not found["c-read"].complete
    assert found["c-math"].complete


def test_enrollment_of_nobody(folder: Path) -> None:
    """The person may exist: the course is partial. A class that nobody told concerns no listed course."""
    rows = [*ENROLLMENTS, enrolled("c-read", "s-gone"), enrolled("c-none", "s-maya")]
    source = source_of(District(enrollments=rows), folder)
    found = rosters_of(source)

    assert [
        UnreadRow(place="enrollments.csv", line=10, code="id_dangling", fields=("userSourcedId",)),
        UnreadRow(place="enrollments.csv", line=11, code="id_dangling", fields=("classSourcedId",)),
    ] == list(source.report.rows)
    assert [False, True, True] == [found[one].complete for one in ("c-read", "c-math", "c-art")]


def test_agents_that_nobody_told_are_a_problem_and_no_more(folder: Path) -> None:
    """A whole file is the whole truth: who is not in it acts for nobody. Who is enrolled is still known."""
    people = [{**one, "agentSourcedIds": "p-none, p-grace"} if one is PEOPLE[2] else one for one in PEOPLE]
    source = source_of(District(people=people), folder)

    assert rosters_of(source)["c-read"].complete
    [problem] = source.report.rows
    assert ("users.csv", 4, "id_dangling") == (problem.place, problem.line, problem.code)


def test_classes_keep_their_place_without_their_course(folder: Path) -> None:
    """A course, school or term that is missing is told; nobody's place depends on it."""
    classes = [*CLASSES, a_class("c-odd", "Odd", courseSourcedId="no", termSourcedIds="term-1,no")]
    source = source_of(District(classes=classes), folder)

    assert "c-odd" in {one.id for one in source.courses().courses}
    assert [("courseSourcedId", "termSourcedIds")] == [one.fields for one in source.report.rows]
    assert source.courses().complete


def test_rows_of_one_id_that_disagree_are_not_believed(folder: Path) -> None:
    """Neither of them; equal ones are one."""
    people = [*PEOPLE, PEOPLE[3], user("s-maya", "student", "Another", "Child", identifier="9")]
    source = source_of(District(people=people), folder)
    roster = rosters_of(source)["c-read"]

    assert not roster.complete
    assert "s-maya" not in {one.subject for one in roster.people}
    assert [4, 10] == [one.line for one in source.report.rows if one.code == "id_twice"]


def test_a_class_that_cannot_be_read_makes_the_list_partial(folder: Path) -> None:
    """It may be any class, so that none may count as gone."""
    classes = [*CLASSES, a_class("", "No id"), a_class("c-art", "Another title")]
    listed = source_of(District(classes=classes), folder).courses()

    assert (False, 3) == (listed.complete, len(listed.unread))
    assert [ShortfallKind.ROWS_UNREADABLE] == [one.kind for one in listed.shortfalls]


def test_a_row_of_no_class_makes_every_course_partial(folder: Path) -> None:
    """It may be of any."""
    rows = [*ENROLLMENTS, enrolled("", "s-maya")]
    found = rosters_of(source_of(District(enrollments=rows), folder))

    assert {ShortfallKind.PAGES_LOST} == {one.kind for each in found.values() for one in each.shortfalls}
    assert not any(one.complete for one in found.values())


def csv_with(lines: Sequence[bytes]) -> bytes:
    """Return an enrollments file of the good rows and these lines after them."""
    good = csv_of(COLUMNS["1.1"]["enrollments.csv"], ENROLLMENTS)
    return good + b"".join(line + b"\r\n" for line in lines)


@pytest.mark.parametrize(
    ("lines", "problems", "is_lost"),
    [
        ([b'e,,,c-read,org-1,"s-lena"x,student,,,'], [(10, "not_csv")], False),
        ([b"e,,,c-read,org-1,s-l\xff\xfe,student,,,"], [(10, "not_utf8")], False),
        ([b"e,,,c-read,org-1,s-lena,student,,,,more"], [(10, "row_length")], False),
        ([b"", b",,,,,,,,,", b"e,,,c-read,org-1,s-lena,student"], [], False),
        ([b'e,,,c-read,org-1,"s-lena,student,,,', b"more", b"and more"], [(10, "quote_open")], True),
        ([b'"' + b"x" * 60_000, *[b"x" * 60_000] * 5], [(10, "row_too_long")], True),
    ],
    ids=["bad-quotes", "not-utf8", "a-cell-too-many", "blank-and-short", "open-quote", "endless-record"],
)
def test_lines_that_are_no_rows(
    folder: Path, lines: list[bytes], problems: list[tuple[int, str]], is_lost: bool
) -> None:
    """The next line is read, unless nobody can say where it begins: then every course is partial."""
    source = source_of(District(files={"enrollments.csv": csv_with(lines)}), folder)
    found = rosters_of(source)

    assert problems == [(one.line, one.code) for one in source.report.rows]
    lost = {one.code for each in found.values() for one in each.shortfalls}
    assert is_lost == ("quote_open" in lost)
    if problems:
        assert not any(one.complete for one in found.values())


def test_many_bad_rows_are_counted(folder: Path) -> None:
    """Past a limit one by one makes no sense; the count stays true."""
    rows = [enrolled("c-read", f"s-{place}") for place in range(700)]
    source = source_of(District(enrollments=rows), folder)
    roster = rosters_of(source)["c-read"]

    assert (500, 700) == (len(roster.unread), source.report.total)
    assert {ShortfallKind.ROWS_UNREADABLE: 500, ShortfallKind.PAGES_LOST: 200} == {
        one.kind: one.count for one in roster.shortfalls
    }
