"""Changes applied to what is known: silence keeps, ``tobedeleted`` ends, twice is once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.oneroster import (
    OneRosterDelta,
    OneRosterFault,
    OneRosterOptions,
    OneRosterSource,
    apply_delta,
)
from iepcore.people import (
    CourseListing,
    CourseRoster,
    EnrollmentState,
    PullProgress,
    RosterStanding,
    Shortfall,
    ShortfallKind,
    standings_of,
)
from iepcore.testing.roster_contract import ExpectedCourse, RosterSourceContract
from tests.contract.connectors.oneroster_zip import (
    PEOPLE,
    District,
    Row,
    a_class,
    enrolled,
    user,
)

AT = datetime(2026, 11, 2, 14, tzinfo=UTC)
GONE = {"status": "tobedeleted", "dateLastModified": "2026-11-01T00:00:00Z"}
DELTA = Shortfall(kind=ShortfallKind.DELTA)


def before(folder: Path) -> list[CourseRoster]:
    """Return the rosters of the whole file, as kept."""
    source = OneRosterSource(District().write(folder / "whole.zip"), now=lambda: AT)
    return list(source.rosters(source.courses().courses))


def changed(
    folder: Path,
    *,
    people: Sequence[Row] = (),
    classes: Sequence[Row] = (),
    enrollments: Sequence[Row] = (),
    previous: Sequence[CourseRoster] | None = None,
    options: OneRosterOptions | None = None,
    version: str = "1.1",
    roles: Sequence[Row] | None = None,
) -> OneRosterDelta:
    """Return what the known rosters become."""
    district = District(
        version=version, mode="delta", people=people, classes=classes, enrollments=enrollments, roles=roles
    )
    known = before(folder) if previous is None else previous
    path = district.write(folder / "delta.zip")
    return apply_delta(known, path, options, now=lambda: AT)


def rosters_of(delta: OneRosterDelta) -> dict[str, CourseRoster]:
    """Return what changes, by course."""
    return {one.course.id: one for one in delta.rosters(delta.courses().courses)}


def active(roster: CourseRoster) -> dict[str, RosterStanding]:
    """Return who stands in a course now."""
    return {one.subject: standing for one, standing, is_active in standings_of(roster) if is_active}


def test_who_is_not_named_stays_and_who_is_deleted_has_left(tmp_path: Path) -> None:
    """Only the course that changes comes, marked as changes; its ends are final."""
    delta = changed(tmp_path, enrollments=[enrolled("c-read", "s-maya", **GONE)])
    found = rosters_of(delta)

    assert ["c-read"] == list(found)
    assert {"t-reed", "t-park", "s-omar"} == set(active(found["c-read"]))
    ended = [one for one in found["c-read"].enrollments if one.state is EnrollmentState.ENDED]
    assert ["s-maya"] == [one.subject for one in ended]
    assert ((DELTA,), False, True) == (
        found["c-read"].shortfalls,
        found["c-read"].complete,
        found["c-read"].ends_are_final,
    )
    assert (DELTA,) == delta.courses().shortfalls


def test_who_is_new_comes_with_what_is_known(tmp_path: Path) -> None:
    """A pupil of another class needs no row of users; somebody new has one."""
    rows = [enrolled("c-read", "s-lena", status="active"), enrolled("c-read", "s-new", status="active")]
    new = user("s-new", "student", "Ana", "Ruiz", agentSourcedIds="p-grace", status="active")
    maths = before(tmp_path)
    roster = rosters_of(changed(tmp_path, people=[new], enrollments=rows, previous=maths))["c-read"]

    assert RosterStanding.PUPIL is active(roster)["s-new"]
    assert ("p-grace", "s-new") in {(one.guardian_subject, one.student_subject) for one in roster.guardians}
    # Lena's name stands in another course's roster; this one holds her all the same.
    assert "Lena Nguyen" in {one.name for one in roster.people}


def test_a_deleted_person_leaves_every_course(tmp_path: Path) -> None:
    """A row that tells its id and state only is enough; guardians lose their links with their account."""
    rows = [{"sourcedId": "s-omar", **GONE}, {"sourcedId": "p-grace", **GONE}]
    found = rosters_of(changed(tmp_path, people=rows))

    assert {"c-read", "c-art"} == set(found)
    assert {"t-reed", "t-park", "s-maya"} == set(active(found["c-read"]))
    assert {} == active(found["c-art"])
    assert not [one for one in found["c-read"].guardians if one.guardian_subject == "p-grace"]
    assert not [one for one in found["c-read"].guardians if one.student_subject == "s-omar"]


def test_a_deleted_class_ends_every_place(tmp_path: Path) -> None:
    """It is still named, so that its people leave."""
    delta = changed(tmp_path, classes=[{"sourcedId": "c-math", **GONE}])

    assert ["Mathematics 4"] == [one.title for one in delta.courses().courses]
    assert {} == active(rosters_of(delta)["c-math"])


def test_new_names_reach_every_course(tmp_path: Path) -> None:
    """A change of a person or a class concerns everybody there."""
    omar = user("s-omar", "student", "Omar", "Haidari-Reyes", identifier="1002", status="active")
    delta = changed(tmp_path, people=[omar], classes=[a_class("c-art", "Drawing", status="active")])
    found = rosters_of(delta)

    assert {"c-read", "c-art"} == set(found)
    assert all("Omar Haidari-Reyes" in {one.name for one in each.people} for each in found.values())
    assert "Drawing" == found["c-art"].course.title


def test_a_new_class_is_a_course(tmp_path: Path) -> None:
    """With whom it names; of another school it is passed over."""
    rows = [enrolled("c-new", "s-omar", status="active"), enrolled("c-far", "s-omar", status="active")]
    classes = [
        a_class("c-new", "Music", status="active"),
        a_class("c-far", "Elsewhere", schoolSourcedId="org-2", status="active"),
    ]
    mine = OneRosterOptions(school="org-1")
    found = rosters_of(changed(tmp_path, classes=classes, enrollments=rows, options=mine))

    assert ["c-new"] == list(found)
    assert {"s-omar"} == set(active(found["c-new"]))


def test_changes_of_courses_that_were_not_chosen_are_passed_over(tmp_path: Path) -> None:
    """They are counted, and no problem."""
    delta = changed(tmp_path, enrollments=[enrolled("c-other", "s-maya", status="active")])

    assert ([], 1, 0) == (list(delta.courses().courses), delta.passed_over, delta.report.total)


def test_a_place_of_nobody_is_a_problem(tmp_path: Path) -> None:
    """Nobody is made up, and the course says that a row is missing."""
    delta = changed(tmp_path, enrollments=[enrolled("c-read", "s-none", status="active")])
    roster = rosters_of(delta)["c-read"]

    assert [("id_dangling", 2)] == [(one.code, one.line) for one in roster.unread]
    assert not roster.ends_are_final
    assert {"t-reed", "t-park", "s-maya", "s-omar"} == set(active(roster))


def test_rows_that_cannot_be_read(tmp_path: Path) -> None:
    """Of classes they are told with the list."""
    classes = [a_class("c-x", "Odd", status="gone")]
    assert [1] == [len(changed(tmp_path, classes=classes).courses().unread)]


def test_staff_whose_account_is_switched_off_leaves(tmp_path: Path) -> None:
    """A pupil stays a pupil, a guardian's link goes."""
    rows = [{**PEOPLE[one], "enabledUser": "false", "status": "active"} for one in (0, 2, 5)]
    roster = rosters_of(changed(tmp_path, people=rows))["c-read"]

    assert {"t-park", "s-maya", "s-omar"} == set(active(roster))
    assert {"p-farid"} == {one.guardian_subject for one in roster.guardians}


def test_roles_of_1_2_may_come_or_stay_away(tmp_path: Path) -> None:
    """Who has no role among the changes stands as before."""
    rows = [enrolled("c-art", "t-park", "teacher", status="active")]
    roster = rosters_of(changed(tmp_path, enrollments=rows, version="1.2", roles=[]))["c-art"]

    assert RosterStanding.HELPER is active(roster)["t-park"]
    role = {"sourcedId": "r", "userSourcedId": "t-park", "role": "teacher", "status": "active"}
    again = rosters_of(changed(tmp_path, enrollments=rows, version="1.2", roles=[role]))["c-art"]
    assert RosterStanding.TEACHER is active(again)["t-park"]


def test_an_observer_of_the_book_is_taken_for_a_guardian(tmp_path: Path) -> None:
    """The store keeps links as hints and guardians as observers; both are known again."""
    known = [replace(one, guardians=()) for one in before(tmp_path)]
    reading = next(one for one in known if one.course.id == "c-read")
    place = replace(reading.enrollments[0], subject="p-grace", standing=RosterStanding.OBSERVER)
    known = [replace(reading, enrollments=(*reading.enrollments, place))]
    row = {**PEOPLE[2], "agentSourcedIds": "p-grace", "status": "active"}
    roster = rosters_of(changed(tmp_path, people=[row], previous=known))["c-read"]

    assert {("p-grace", "s-maya", "guardian")} == {
        (one.guardian_subject, one.student_subject, one.relation) for one in roster.guardians
    }


def test_courses_that_do_not_change_may_be_asked_for(tmp_path: Path) -> None:
    """They come as they are known; one that nobody knows is refused."""
    known = before(tmp_path)
    delta = changed(tmp_path, enrollments=[enrolled("c-read", "s-maya", **GONE)], previous=known)
    art = next(one for one in known if one.course.id == "c-art")
    heard: list[PullProgress] = []
    same, none = delta.rosters([art.course, CourseListing(id="c-none")], tell=heard.append)

    assert (art.enrollments, (DELTA,)) == (same.enrollments, same.shortfalls)
    assert ShortfallKind.REFUSED in {one.kind for one in none.shortfalls}
    assert [1, 2] == [one.done for one in heard]


def test_a_whole_file_is_no_delta(tmp_path: Path) -> None:
    """Each road refuses the other's files, or silence would be misread."""
    with pytest.raises(OneRosterFault, match="is_bulk"):
        apply_delta([], District().write(tmp_path / "r.zip"))


class TestDeltaKeepsTheContract(RosterSourceContract):
    """What every source promises, for the courses that change."""

    @pytest.fixture
    def source(self, tmp_path: Path) -> OneRosterDelta:
        """Return changes in three courses."""
        rows = [
            enrolled("c-read", "s-maya", **GONE),
            enrolled("c-math", "s-omar", status="active"),
            enrolled("c-art", "s-lena", status="active"),
        ]
        return changed(tmp_path, enrollments=rows)

    @pytest.fixture
    def expected(self) -> Sequence[ExpectedCourse]:
        """Return what the courses become."""
        farid = {("p-farid", "s-omar"), ("p-farid", "s-lena")}
        return [
            ExpectedCourse(
                id="c-read",
                pupils=frozenset({"s-omar"}),
                adults=frozenset({"t-reed", "t-park"}),
                guardians=frozenset({("p-farid", "s-omar")}),
                complete=False,
            ),
            ExpectedCourse(
                id="c-math",
                pupils=frozenset({"s-lena", "s-omar"}),
                adults=frozenset({"t-reed"}),
                guardians=frozenset(farid),
                complete=False,
            ),
            ExpectedCourse(
                id="c-art", pupils=frozenset({"s-omar", "s-lena"}), guardians=frozenset(farid), complete=False
            ),
        ]

    @pytest.fixture
    def absent(self) -> CourseListing:
        """Return a class that is in no file."""
        return CourseListing(id="c-none")


SUBJECTS = ("t-reed", "t-park", "s-maya", "s-omar", "s-lena")
STEPS = st.lists(
    st.tuples(st.sampled_from(["c-read", "c-math", "c-art"]), st.sampled_from(SUBJECTS), st.booleans()),
    max_size=6,
    unique_by=lambda step: step[:2],
)


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_a_delta_does_what_it_says_and_twice_is_once(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, bool]]
) -> None:
    """After it, who was added is there, who was deleted is not, everybody else is as before."""
    folder = tmp_path_factory.mktemp("delta")
    known = before(folder)
    model = {one.course.id: set(active(one)) for one in known}
    rows = []
    for course, subject, comes in steps:
        role = "teacher" if subject.startswith("t-") else "student"
        rows.append(enrolled(course, subject, role, **({"status": "active"} if comes else GONE)))
        (model[course].add if comes else model[course].discard)(subject)

    once = {one.course.id: one for one in known} | rosters_of(
        changed(folder, enrollments=rows, previous=known)
    )
    twice = once | rosters_of(changed(folder, enrollments=rows, previous=list(once.values())))

    assert model == {id_: set(active(roster)) for id_, roster in once.items()}
    assert once == twice
