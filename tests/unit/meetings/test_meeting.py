"""A meeting step by step, what was tried before one without parents, and a change without a meeting."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from iepcore.calendars import FEDERAL, PolicyProfile, state_profile
from iepcore.errors import IllegalMove, InvalidValue
from iepcore.family import ContactDirection, ContactMethod, ContactResult
from iepcore.meetings import (
    MEETING_MOVES,
    AttemptGap,
    AttemptRecord,
    InterpreterBooking,
    InterpreterKind,
    MeetingAttempt,
    MeetingGround,
    MeetingKind,
    MeetingState,
    NoticeGap,
    attempt_record,
    attempts_of,
    move_meeting,
    reschedule,
)
from tests.unit.meetings.meetings import MEETING_ON, a_contact, a_meeting, a_notice, somebody

ZONE = ZoneInfo("America/Denver")
S = MeetingState
TRIED = MeetingAttempt(
    at=datetime(2027, 3, 2, 9, tzinfo=UTC), method=ContactMethod.LETTER, result=ContactResult.SENT
)


def test_a_meeting_goes_from_its_plan_to_its_minutes() -> None:
    """Each step counts a version; the copy is owed until it was sent."""
    meeting = a_meeting(notice=a_notice())
    for state in (S.INVITED, S.CONFIRMED, S.HELD):
        assert not meeting.was_held
        meeting = move_meeting(meeting, state)
    assert (4, True, True) == (meeting.version, meeting.was_held, meeting.owes_a_copy)
    done = move_meeting(replace(meeting, copy_sent_on=date(2027, 3, 11)), S.MINUTES_FINAL)
    assert not done.owes_a_copy


def test_nobody_is_asked_without_a_notice_that_says_everything() -> None:
    """No notice, one that was not sent, and one that lacks something."""
    for meeting, gaps in (
        (a_meeting(), ()),
        (a_meeting(notice=a_notice(sent_on=None)), ()),
        (a_meeting(notice=a_notice()), (NoticeGap.PLACE,)),
    ):
        with pytest.raises(IllegalMove) as refusal:
            move_meeting(meeting, S.INVITED, MeetingGround(notice_gaps=gaps))
        assert "meeting_notice" == refusal.value.code
        assert str(refusal.value.params["rule"]).startswith("34 CFR 300.322")
    conference = a_meeting(kind=MeetingKind.CONFERENCE)
    assert S.INVITED is move_meeting(conference, S.INVITED).state


def test_a_meeting_is_confirmed_when_the_interpreter_said_yes() -> None:
    """A booking without a yes is not enough."""
    parent = somebody()
    ground = MeetingGround(needs_interpreter=((parent, "ase"),))
    invited = replace(a_meeting(notice=a_notice()), state=S.INVITED)
    with pytest.raises(IllegalMove, match="interpreter_needed"):
        move_meeting(invited, S.CONFIRMED, ground)
    booking = InterpreterBooking(
        language="ase", kind=InterpreterKind.QUALIFIED, confirmed_on=date(2027, 3, 1)
    )
    assert S.CONFIRMED is move_meeting(replace(invited, interpreters=(booking,)), S.CONFIRMED, ground).state


def test_another_day_needs_another_notice() -> None:
    """The old notice told of the old day."""
    moved = reschedule(replace(a_meeting(notice=a_notice()), state=S.INVITED), date(2027, 3, 16))
    assert (S.RESCHEDULED, date(2027, 3, 16), None) == (moved.state, moved.on, moved.notice)
    with pytest.raises(IllegalMove, match="meeting_notice"):
        move_meeting(moved, S.INVITED)


def test_without_parents_only_with_a_record_of_what_was_tried() -> None:
    """No record and an empty one are refused; few attempts are shown and forbid nothing."""
    invited = replace(a_meeting(notice=a_notice()), state=S.INVITED)
    for record in (None, AttemptRecord(attempts=())):
        with pytest.raises(IllegalMove, match="attempts_needed"):
            move_meeting(invited, S.HELD_WITHOUT_PARENT, MeetingGround(record=record))
    few = AttemptRecord(attempts=(TRIED,), wanted_attempts=3, wanted_methods=2)
    assert (AttemptGap.FEW_ATTEMPTS, AttemptGap.FEW_METHODS) == few.gaps
    held = move_meeting(invited, S.HELD_WITHOUT_PARENT, MeetingGround(record=few))
    assert held.owes_a_copy


def test_attempts_are_what_the_school_began_with_a_parent_up_to_the_day() -> None:
    """The family's own call, a call to somebody else and one after the meeting count for nothing."""
    parent, aunt = somebody(), somebody()
    noon = datetime(2027, 3, 9, 12, tzinfo=ZONE)
    log = [
        a_contact(parent, noon),
        a_contact(parent, noon - timedelta(days=20), ContactMethod.LETTER),
        a_contact(parent, noon - timedelta(days=3), direction=ContactDirection.FROM_FAMILY),
        a_contact(aunt, noon - timedelta(days=3)),
        a_contact(parent, noon + timedelta(days=1), ContactMethod.HOME_VISIT),
    ]
    tried = attempts_of(log, {parent})
    record = attempt_record(tried, meeting_on=MEETING_ON, profile=FEDERAL, zone=ZONE)
    assert [log[1].id, log[0].id] == [one.contact_id for one in record.attempts]
    assert (2, frozenset({ContactMethod.LETTER, ContactMethod.PHONE})) == (record.count, record.methods)
    assert (AttemptGap.FEW_ATTEMPTS,) == record.gaps
    missouri = attempt_record(tried, meeting_on=MEETING_ON, profile=state_profile("MO"), zone=ZONE)
    assert () == missouri.gaps
    nobody = attempt_record(
        [], meeting_on=MEETING_ON, profile=PolicyProfile(name="empty", rules=()), zone=ZONE
    )
    assert (None, (AttemptGap.NO_RECORD,)) == (nobody.wanted_attempts, nobody.gaps)


def test_an_attempt_has_its_zone() -> None:
    """A time without a zone is refused."""
    with pytest.raises(InvalidValue, match="attempt_instant"):
        replace(TRIED, at=datetime(2027, 3, 2, 9))  # noqa: DTZ001


def test_a_child_belongs_to_a_meeting_about_one_and_to_no_workshop() -> None:
    """And nobody lists who came to a support group."""
    for changes in ({"student_id": None}, {"kind": MeetingKind.WORKSHOP}):
        with pytest.raises(InvalidValue, match="meeting_child"):
            a_meeting(**changes)
    with pytest.raises(InvalidValue, match="attendance_private"):
        a_meeting(kind=MeetingKind.SUPPORT_GROUP, student_id=None, attended=frozenset({somebody()}))
    with pytest.raises(InvalidValue, match="version_range"):
        a_meeting(version=0)
    assert not MeetingKind.WORKSHOP.hides_who_came
    assert not MeetingKind.CONFERENCE.is_of_the_team


class MeetingMachine(RuleBasedStateMachine):
    """Any order of steps: only those of the machine happen, and the past never becomes undone."""

    def __init__(self) -> None:
        super().__init__()
        self.meeting = a_meeting(notice=a_notice())
        self.ground = MeetingGround(record=AttemptRecord(attempts=(TRIED,)))
        self.was_held = False

    @rule(to=st.sampled_from(MeetingState))
    def step(self, to: MeetingState) -> None:
        """Try one step."""
        before = self.meeting
        if to in MEETING_MOVES[before.state]:
            self.meeting = move_meeting(before, to, self.ground)
        else:
            with pytest.raises(IllegalMove, match="meeting_state"):
                move_meeting(before, to, self.ground)
        self.was_held = self.was_held or self.meeting.was_held

    @invariant()
    def what_was_held_stays_held(self) -> None:
        """And every state has its row in the table."""
        assert self.was_held == self.meeting.was_held
        assert set(MEETING_MOVES) == set(MeetingState)


MeetingMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=12, deadline=None)
TestMeetingMachine = MeetingMachine.TestCase
