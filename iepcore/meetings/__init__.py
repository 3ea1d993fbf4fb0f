"""Meetings: who is asked, what the notice says, who may stay away, what was tried, who interprets, the copy
after it; and changing a plan without one.

Values and rules only: where meetings are kept and shown is built on them.
"""

from __future__ import annotations

from iepcore.meetings.amending import AMENDING_RULES, AmendingGap, amending_gaps
from iepcore.meetings.asking import ASKING_RULES, AskingGap, asking_gaps
from iepcore.meetings.attempts import (
    WITHOUT_PARENT,
    AttemptGap,
    AttemptRecord,
    MeetingAttempt,
    attempt_record,
    attempts_of,
)
from iepcore.meetings.interpreting import (
    INTERPRETER_RULE,
    InterpreterBooking,
    InterpreterGap,
    InterpreterKind,
    interpreter_gaps,
)
from iepcore.meetings.kinds import MEETING_MOVES, MeetingKind, MeetingState
from iepcore.meetings.meeting import Meeting, MeetingGround, move_meeting, reschedule
from iepcore.meetings.members import (
    EXCUSAL_RULES,
    REQUIRED_PARTS,
    Excusal,
    ExcusalGap,
    Invited,
    TeamPart,
    excusal_gaps,
    excused_parts,
    missing_parts,
)
from iepcore.meetings.notices import (
    NOTICE_RULES,
    MeetingNotice,
    NoticeGap,
    NoticeMode,
    NoticeTiming,
    notice_gaps,
    notice_timing,
)

__all__ = [
    "AMENDING_RULES",
    "ASKING_RULES",
    "EXCUSAL_RULES",
    "INTERPRETER_RULE",
    "MEETING_MOVES",
    "NOTICE_RULES",
    "REQUIRED_PARTS",
    "WITHOUT_PARENT",
    "AmendingGap",
    "AskingGap",
    "AttemptGap",
    "AttemptRecord",
    "Excusal",
    "ExcusalGap",
    "InterpreterBooking",
    "InterpreterGap",
    "InterpreterKind",
    "Invited",
    "Meeting",
    "MeetingAttempt",
    "MeetingGround",
    "MeetingKind",
    "MeetingNotice",
    "MeetingState",
    "NoticeGap",
    "NoticeMode",
    "NoticeTiming",
    "TeamPart",
    "amending_gaps",
    "asking_gaps",
    "attempt_record",
    "attempts_of",
    "excusal_gaps",
    "excused_parts",
    "interpreter_gaps",
    "missing_parts",
    "move_meeting",
    "notice_gaps",
    "notice_timing",
    "reschedule",
]
