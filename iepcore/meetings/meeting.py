"""One meeting as a value, and its steps, each held against the rules it needs (34 CFR 300.321, 300.322)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from iepcore.errors import IllegalMove, InvalidValue
from iepcore.ids import AdultId, MeetingId, StudentId
from iepcore.language import FreeText
from iepcore.meetings.attempts import WITHOUT_PARENT, AttemptGap, AttemptRecord, MeetingAttempt
from iepcore.meetings.interpreting import INTERPRETER_RULE, InterpreterBooking, interpreter_gaps
from iepcore.meetings.kinds import MEETING_MOVES, WAS_HELD, MeetingKind, MeetingState
from iepcore.meetings.members import Excusal, Invited
from iepcore.meetings.notices import NOTICE_RULES, MeetingNotice, NoticeGap

_STATE = MeetingState


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One meeting on one day. ``student_id`` is None for what is about no child (a workshop, a support
    group).

    ``attended`` are the adults who came; a support group's list is kept empty, since who came is nobody's
    business. ``concern`` is what the parents said worries them, in their words; ``copy_sent_on`` the day the
    family had its free copy of the plan (300.322(f)).

    Raises:
        InvalidValue: ``meeting_child`` when a child is missing or one is named that does not belong there,
            ``attendance_private`` for a list of who came to a support group, ``version_range``.
    """

    id: MeetingId
    student_id: StudentId | None
    kind: MeetingKind
    on: date
    state: MeetingState = MeetingState.PLANNED
    invited: tuple[Invited, ...] = ()
    notice: MeetingNotice | None = None
    interpreters: tuple[InterpreterBooking, ...] = ()
    excusals: tuple[Excusal, ...] = ()
    attempts: tuple[MeetingAttempt, ...] = ()
    attended: frozenset[AdultId] = frozenset()
    languages: tuple[str, ...] = ()
    concern: FreeText | None = None
    copy_sent_on: date | None = None
    version: int = 1

    def __post_init__(self) -> None:
        if (self.student_id is not None) != self.kind.is_about_a_child:
            raise InvalidValue("meeting_child", field="student_id")
        if self.attended and self.kind.hides_who_came:
            raise InvalidValue("attendance_private", field="attended")
        if self.version < 1:
            raise InvalidValue("version_range", field="version")

    @property
    def was_held(self) -> bool:
        """Whether it took place, with or without the parents."""
        return self.state in WAS_HELD

    @property
    def owes_a_copy(self) -> bool:
        """Whether the family still has no copy of the plan after a meeting of the team (300.322(f))."""
        return self.kind.is_of_the_team and self.was_held and self.copy_sent_on is None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingGround:
    """What a step of a meeting rests on, as the caller looked it up. ``notice_gaps``: what the notice lacks;
    ``record``: the attempts to reach the parents; ``needs_interpreter``: who needs one, and in which
    language.
    """

    notice_gaps: tuple[NoticeGap, ...] = ()
    record: AttemptRecord | None = None
    needs_interpreter: tuple[tuple[AdultId, str], ...] = field(default=())


def move_meeting(meeting: Meeting, to: MeetingState, ground: MeetingGround | None = None) -> Meeting:
    """Return the meeting in its next state, one version on. For a meeting of the team each step has its rule.

    Raises:
        IllegalMove: ``meeting_state`` for a step the machine does not have; ``meeting_notice`` when the
            family is asked without a notice that was sent and says everything (300.322(a), (b));
            ``interpreter_needed`` before it is confirmed (300.322(e)); ``attempts_needed`` to meet without
            the parents and without a record of what was tried (300.322(d)).
    """
    if to not in MEETING_MOVES[meeting.state]:
        raise IllegalMove("meeting_state", params={"from": meeting.state.value, "to": to.value})
    if meeting.kind.is_of_the_team:
        _check(meeting, to, ground or MeetingGround())
    return replace(meeting, state=to, version=meeting.version + 1)


def reschedule(meeting: Meeting, on: date) -> Meeting:
    """Return the meeting on another day: its notice is for the old one, so it has to be sent anew.

    Raises:
        IllegalMove: ``meeting_state``.
    """
    moved = move_meeting(meeting, _STATE.RESCHEDULED)
    return replace(moved, on=on, notice=None)


def _check(meeting: Meeting, to: MeetingState, ground: MeetingGround) -> None:
    if to is _STATE.INVITED:
        sent = meeting.notice is not None and meeting.notice.sent_on is not None
        if not sent or ground.notice_gaps:
            lacking = ",".join(gap.value for gap in ground.notice_gaps) or "notice"
            rule = NOTICE_RULES[ground.notice_gaps[0]] if ground.notice_gaps else "34 CFR 300.322(a)(1)"
            raise IllegalMove("meeting_notice", params={"rule": rule, "lacking": lacking})
    if to is _STATE.CONFIRMED:
        gaps = interpreter_gaps(dict(ground.needs_interpreter), meeting.interpreters)
        if gaps:
            raise IllegalMove(
                "interpreter_needed", params={"rule": INTERPRETER_RULE, "lacking": gaps[0][1].value}
            )
    if to is _STATE.HELD_WITHOUT_PARENT and (
        ground.record is None or AttemptGap.NO_RECORD in ground.record.gaps
    ):
        raise IllegalMove("attempts_needed", params={"rule": WITHOUT_PARENT})
