"""Taking in a roster: who comes and leaves, in any order, once or twice, whole or in part."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from iepcore.people import (
    CourseListing,
    CourseRoster,
    Enrollment,
    EnrollmentState,
    GuardianLink,
    RosterPerson,
    RosterSection,
    RosterStanding,
    Shortfall,
    ShortfallKind,
    UnreadRow,
    hints_after,
    lines_after,
    members_of,
    plan_course,
    state_of,
    title_of,
    too_many_gone,
    without_person,
)
from iepcore.people.feeds import CourseStanding
from iepcore.testing.roster_values import a_feed, a_roster, a_run

SOURCE = "sis-1"
AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
PART = (Shortfall(kind=ShortfallKind.PAGES_LOST),)
SUBJECTS = ("ana", "ben", "cleo", "dov", "eve")


def _plan(before, hints, roster):  # type: ignore[no-untyped-def]
    return plan_course(before, hints, roster, source=SOURCE, seen_at=AT)


@st.composite
def rosters(draw: st.DrawFn, *, whole: bool | None = None) -> CourseRoster:
    """A course of some of five people, with sections, ended places, links and gaps."""
    people = draw(
        st.lists(
            st.builds(
                RosterPerson,
                subject=st.sampled_from(SUBJECTS),
                name=st.sampled_from((None, "A", "B  C")),
                sis_id=st.sampled_from((None, "1")),
                email=st.sampled_from((None, "a@example.org", "no address")),
                email_verified=st.booleans(),
                grade=st.sampled_from((None, "3")),
            ),
            unique_by=lambda one: one.subject,
        )
    )
    names = st.sampled_from([one.subject for one in people] or ["nobody"])
    places = draw(
        st.lists(
            st.builds(
                Enrollment,
                subject=names,
                section_id=st.sampled_from(("s1", "s2")),
                standing=st.sampled_from(RosterStanding),
                state=st.sampled_from(EnrollmentState),
            ),
            max_size=8,
        )
    )
    links = draw(
        st.lists(
            st.builds(
                GuardianLink,
                guardian_subject=st.sampled_from(SUBJECTS),
                student_subject=st.sampled_from(SUBJECTS),
                relation=st.sampled_from(("", "parent")),
            ),
            max_size=4,
        )
    )
    complete = draw(st.booleans()) if whole is None else whole
    return CourseRoster(
        course=CourseListing(id="course-1", title=" Room  12 "),
        pulled_at=AT,
        sections=(RosterSection(id="s1", title="One"), RosterSection(id="s2", title="Two")),
        people=tuple(people),
        enrollments=tuple(places),
        guardians=tuple(links),
        shortfalls=() if complete else PART,
    )


@given(rosters(), rosters())
def test_taking_in_the_same_twice_changes_nothing(first: CourseRoster, second: CourseRoster) -> None:
    """After any history, a roster that was taken in has nothing more to say, and ids stay."""
    lines, hints = lines_after((), _plan((), (), first)), hints_after((), _plan((), (), first))
    plan = _plan(lines, hints, second)
    after, links = lines_after(lines, plan), hints_after(hints, plan)
    again = _plan(after, links, second)

    assert again.changes_nothing
    assert (after, links) == (lines_after(after, again), hints_after(links, again))
    ids = {one.subject: one.id for one in lines}
    assert ids == {one.subject: one.id for one in after if one.subject in ids}


@given(rosters(), rosters(whole=False))
def test_a_part_of_a_roster_makes_nobody_leave(whole: CourseRoster, part: CourseRoster) -> None:
    """Whoever was active before a partial pull is active after it, and no hint goes."""
    lines, hints = lines_after((), _plan((), (), whole)), hints_after((), _plan((), (), whole))
    plan = _plan(lines, hints, part)

    assert ((), 0) == (plan.changes.left, plan.gone_hints)
    before = {one.subject for one in lines if one.active}
    assert before <= {one.subject for one in lines_after(lines, plan) if one.active}
    pairs = {(one.guardian_subject, one.student_subject) for one in hints}
    assert pairs <= {(one.guardian_subject, one.student_subject) for one in hints_after(hints, plan)}


@given(rosters(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(roster: CourseRoster, random) -> None:  # type: ignore[no-untyped-def]
    """People, enrollments and links in any order make the same plan."""
    shuffled = {}
    for name in ("people", "enrollments", "guardians"):
        rows = list(getattr(roster, name))
        random.shuffle(rows)
        shuffled[name] = tuple(rows)
    ids = {one.subject: one for one in lines_after((), _plan((), (), roster))}
    left, right = (_plan(ids.values(), (), one) for one in (roster, replace(roster, **shuffled)))

    assert left == right


@given(rosters(), rosters(whole=True))
def test_a_whole_roster_is_the_whole_truth(before: CourseRoster, roster: CourseRoster) -> None:
    """After it those are active whom it lists with an active place or as acting for somebody, nobody else."""
    lines = lines_after((), _plan((), (), before))
    active = {one.subject for one in lines_after(lines, _plan(lines, (), roster)) if one.active}

    assert {one.subject for one in members_of(roster, source=SOURCE, seen_at=AT) if one.active} == active
    assert active <= {one.subject for one in roster.people}


def test_nobody_acts_for_themselves_or_for_a_stranger() -> None:
    """A link to somebody who does not stand in the course, or to oneself, is no hint."""
    roster = a_roster(pupils=("ana",), guardians=[("mo", "ana"), ("ana", "ana"), ("mo", "gone")])
    plan = _plan((), (), roster)

    assert [("mo", "ana")] == [(one.guardian_subject, one.student_subject) for one in plan.hints]
    assert RosterStanding.OBSERVER == next(one for one in plan.lines if one.subject == "mo").standing


def test_an_address_without_a_form_is_no_verified_one() -> None:
    """What cannot be an address is dropped, and so is the source's word that it is theirs."""
    person = RosterPerson(subject="ana", email="no address", email_verified=True, grade="3", sis_id="7")
    roster = replace(a_roster(pupils=("ana",)), people=(person,))
    line = members_of(roster, source=SOURCE, seen_at=AT)[0]

    assert (None, False, "3", "7") == (line.email, line.email_verified, line.grade, line.sis_id)


def test_what_is_noted_of_a_course() -> None:
    """Counts of people and changes, and the reasons in a fixed order."""
    feed = a_feed()
    reasons = (Shortfall(kind=ShortfallKind.REFUSED), Shortfall(kind=ShortfallKind.FIELDS_WITHHELD))
    unread = (UnreadRow(place="enrollments page 3", line=4, code="field"),)
    roster = a_roster(pupils=("ana", "ben"), shortfalls=reasons, unread=unread)
    state = state_of(feed, a_run(feed), roster, _plan((), (), roster), as_=CourseStanding.PARTIAL)

    assert (2, 2, 0, 0, 1) == (state.people, state.came, state.left, state.changed, state.unread)
    assert [one.kind for one in state.shortfalls] == [ShortfallKind.FIELDS_WITHHELD, ShortfallKind.REFUSED]


def test_a_course_is_called_by_its_title_else_its_code() -> None:
    """A hidden title leaves the code, and that the empty words."""
    roster = a_roster()
    for title, code, called in ((" Room  12 ", "R12", "Room 12"), ("", "R12", "R12"), ("", "", "")):
        assert called == title_of(replace(roster, course=CourseListing(id="1", title=title, code=code)))


def test_many_courses_that_vanish_at_once_are_a_question() -> None:
    """Two always may; more than half of them only when a person says so."""
    known = [str(number) for number in range(10)]

    assert [False, False, True] == [too_many_gone(known[:many], known) for many in (2, 5, 6)]
    assert not too_many_gone(["0", "1"], ["0", "1"])


def test_somebody_is_taken_out_of_a_roster_that_waits() -> None:
    """Their person, places and links go; a roster they do not stand in is the same one."""
    roster = a_roster(pupils=("ana", "ben"), guardians=[("mo", "ana"), ("mo", "ben")])
    without = without_person(roster, "ana")

    assert {"ben", "mo"} == {one.subject for one in without.people}
    assert (1, 1) == (len(without.enrollments), len(without.guardians))
    assert without is without_person(without, "ana")
