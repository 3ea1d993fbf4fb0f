"""A plan and its versions: what is in effect stays as it was agreed, and every change is a new version.

::

    draft ──propose──> proposed ──take effect──> in_effect ──> amended ──> superseded
                          ├──> rejected              ├──> superseded (the next annual plan)
                          └──> partly_accepted       ├──> ended_by_exit | ended_by_revocation
                                                     └──> transferred_out
    transferred_in (comparable services) ──> adopted ──> as in_effect
                                       └──> superseded

A plan whose review is overdue stays in force: that is a mark on a screen, never a state. Illegal steps are
refused with the rule (domain guide, section 3).
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import date
from enum import StrEnum

from iepcore.errors import IllegalMove, InvalidValue
from iepcore.ids import AdultId, PlanId, PlanVersionId, StudentId, WrittenNoticeId
from iepcore.language import FreeText
from iepcore.plan.document.contents import PlanContents


class PlanState(StrEnum):
    """Where a version stands."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    REJECTED = "rejected"
    PARTLY_ACCEPTED = "partly_accepted"
    IN_EFFECT = "in_effect"
    AMENDED = "amended"
    SUPERSEDED = "superseded"
    ENDED_BY_EXIT = "ended_by_exit"
    ENDED_BY_REVOCATION = "ended_by_revocation"
    TRANSFERRED_OUT = "transferred_out"
    TRANSFERRED_IN = "transferred_in"
    ADOPTED = "adopted"


IN_FORCE = frozenset({PlanState.IN_EFFECT, PlanState.ADOPTED, PlanState.TRANSFERRED_IN})
"""States in which a child gets services under a version."""

_ENDS = frozenset(
    {
        PlanState.AMENDED,
        PlanState.SUPERSEDED,
        PlanState.ENDED_BY_EXIT,
        PlanState.ENDED_BY_REVOCATION,
        PlanState.TRANSFERRED_OUT,
    }
)
PLAN_MOVES: dict[PlanState, frozenset[PlanState]] = {
    PlanState.DRAFT: frozenset({PlanState.PROPOSED}),
    PlanState.PROPOSED: frozenset({PlanState.IN_EFFECT, PlanState.REJECTED, PlanState.PARTLY_ACCEPTED}),
    PlanState.REJECTED: frozenset(),
    PlanState.PARTLY_ACCEPTED: frozenset(),
    PlanState.IN_EFFECT: _ENDS,
    PlanState.ADOPTED: _ENDS,
    PlanState.AMENDED: frozenset({PlanState.SUPERSEDED}),
    PlanState.TRANSFERRED_IN: frozenset({PlanState.ADOPTED, PlanState.SUPERSEDED}),
    PlanState.SUPERSEDED: frozenset(),
    PlanState.ENDED_BY_EXIT: frozenset(),
    PlanState.ENDED_BY_REVOCATION: frozenset(),
    PlanState.TRANSFERRED_OUT: frozenset(),
}
"""Every step there is; what is not here is refused. A working copy of a plan that another system keeps is no
proposal: it comes in with :func:`record_copy`."""


class AmendmentMethod(StrEnum):
    """How an amendment came about (300.324(a)(4), (a)(6))."""

    MEETING = "meeting"
    AGREEMENT = "agreement_without_meeting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """What makes a version an amendment of another: how, when the parent agreed, and why in words for both
    sides.

    ``team_informed_on`` is when everybody on the team was told; ``copy_asked`` whether the parent wants a
    revised copy, ``copy_sent_on`` when it went.
    """

    of: PlanVersionId
    method: AmendmentMethod
    agreed_on: date
    why: FreeText
    team_informed_on: date | None = None
    copy_asked: bool = False
    copy_sent_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStep:
    """One step of a version on record: the state it came to, the day, and who took it (None: a job)."""

    state: PlanState
    on: date
    by: AdultId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanVersion:
    """One version. ``reviewed_on`` is the annual review meeting it rests on: an amendment keeps that of the
    version
    it amends, so the next review does not move. ``ended_on`` is the last day it was in force, None while it
    is.

    ``kept_in`` names the system that keeps the official plan; this is then a working copy of it as it stood
    on ``as_of``. ``steps`` tells how the version came to its state, oldest first.

    Raises:
        InvalidValue: ``plan_order`` when it ends before it begins, ``plan_number``, ``version_range``,
            ``copy_without_day`` unless a working copy has both its day and its system.
    """

    id: PlanVersionId
    plan_id: PlanId
    student_id: StudentId
    number: int
    contents: PlanContents
    reviewed_on: date
    begins_on: date
    ends_on: date
    written_by: AdultId
    state: PlanState = PlanState.DRAFT
    amendment: Amendment | None = None
    notice_id: WrittenNoticeId | None = None
    ended_on: date | None = None
    version: int = 1
    as_of: date | None = None
    kept_in: str = ""
    steps: tuple[PlanStep, ...] = ()

    def __post_init__(self) -> None:
        if self.ends_on < self.begins_on:
            raise InvalidValue("plan_order", field="ends_on")
        if (self.as_of is None) != (not self.kept_in):
            raise InvalidValue("copy_without_day", field="as_of")
        if self.number < 1:
            raise InvalidValue("plan_number", field="number")
        if self.version < 1:
            raise InvalidValue("version_range", field="version")

    @property
    def may_be_written(self) -> bool:
        """Whether its words may still change: only a draft's."""
        return self.state is PlanState.DRAFT

    @property
    def is_copy(self) -> bool:
        """Whether it is a working copy of a plan that another system keeps."""
        return self.as_of is not None

    def was_in_force(self, day: date) -> bool:
        """Whether a child got services under this version on a day. A plan past its last day stays in force
        until
        another takes its place (300.323(a)).
        """
        return _was_in_force(self, day)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanHead:
    """A version without its words, for lists over many children: see :class:`PlanVersion`."""

    id: PlanVersionId
    plan_id: PlanId
    student_id: StudentId
    number: int
    reviewed_on: date
    begins_on: date
    ends_on: date
    written_by: AdultId
    state: PlanState
    amendment: Amendment | None
    notice_id: WrittenNoticeId | None
    ended_on: date | None
    version: int
    as_of: date | None
    kept_in: str

    def was_in_force(self, day: date) -> bool:
        """Whether a child got services under this version on a day; see :meth:`PlanVersion.was_in_force`."""
        return _was_in_force(self, day)


def head_of(version: PlanVersion) -> PlanHead:
    """Return a version without its words."""
    return PlanHead(**{one.name: getattr(version, one.name) for one in fields(PlanHead)})


def _was_in_force(version: PlanVersion | PlanHead, day: date) -> bool:
    if version.state in IN_FORCE:
        return version.begins_on <= day
    return version.ended_on is not None and version.begins_on <= day <= version.ended_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a step rests on, as the caller looked it up: rules are checked against it, never assumed.

    ``notice_sent_on``: when prior written notice of this very step went to the family. ``initial_consent``:
    consent to initial services stands. ``in_writing``: a revocation is there in writing. ``lacking``: what
    the contents lack, as codes. ``notice_days``: how long before it takes effect notice must have gone.
    """

    notice_sent_on: date | None = None
    initial_consent: bool = False
    in_writing: bool = False
    lacking: tuple[str, ...] = field(default=())
    notice_days: int = 0


def write_plan(version: PlanVersion, contents: PlanContents) -> PlanVersion:
    """Return a draft with other contents.

    Raises:
        IllegalMove: ``plan_stands`` for anything but a draft: what was proposed or agreed is never rewritten.
    """
    if not version.may_be_written:
        raise IllegalMove("plan_stands", params={"rule": "34 CFR 300.324(a)(6)"})
    return replace(version, contents=contents, version=version.version + 1)


def propose(version: PlanVersion, ground: Ground, *, notice_id: WrittenNoticeId | None) -> PlanVersion:
    """Return the draft proposed to the family, with the notice that went with it.

    Raises:
        IllegalMove: ``plan_state``; ``notice_first`` unless prior written notice was sent (300.503(a));
            ``plan_incomplete`` when the contents lack something (300.320).
    """
    _expect(version, PlanState.PROPOSED)
    if ground.lacking:
        lacking = ",".join(sorted(set(ground.lacking)))
        raise IllegalMove("plan_incomplete", params={"rule": "34 CFR 300.320", "lacking": lacking})
    if ground.notice_sent_on is None or notice_id is None:
        raise IllegalMove("notice_first", params={"rule": "34 CFR 300.503(a)"})
    return replace(version, state=PlanState.PROPOSED, notice_id=notice_id, version=version.version + 1)


def take_effect(
    version: PlanVersion, ground: Ground, *, before: PlanVersion | None
) -> tuple[PlanVersion, PlanVersion | None]:
    """Return the proposed version in effect from its first day, and the version before it, ended the day
    before.

    Raises:
        IllegalMove: ``plan_state``; ``notice_first`` or ``notice_days`` (300.503(a)); ``initial_consent`` for
        a child's first plan without written consent to initial services (300.300(b)(1)); ``plan_overlap``
        when the version before begins on or after this one; ``amendment_of_another``.
    """
    _expect(version, PlanState.IN_EFFECT)
    _noticed(version.begins_on, ground)
    if before is None:
        if not ground.initial_consent:
            raise IllegalMove("initial_consent", params={"rule": "34 CFR 300.300(b)(1)"})
        if version.amendment is not None:
            raise IllegalMove("amendment_of_another", params={"rule": "34 CFR 300.324(a)(6)"})
        return replace(version, state=PlanState.IN_EFFECT, version=version.version + 1), None
    ended = _followed(before, version)
    return replace(version, state=PlanState.IN_EFFECT, version=version.version + 1), ended


def record_copy(
    version: PlanVersion, *, before: PlanVersion | None
) -> tuple[PlanVersion, PlanVersion | None]:
    """Return a working copy of a plan that took effect where it is kept, and the version before it, ended.

    Notice, consent and signatures were that system's, so none is asked for here.

    Raises:
        IllegalMove: ``copy_only`` for a plan of our own, which is proposed first (300.503(a));
            ``plan_state``; ``plan_overlap`` when the version before begins on or after this one.
    """
    if not version.is_copy:
        raise IllegalMove("copy_only", params={"rule": "34 CFR 300.503(a)"})
    if version.state is not PlanState.DRAFT:
        raise IllegalMove("plan_state", params={"from": version.state.value, "to": "in_effect"})
    taken = replace(version, state=PlanState.IN_EFFECT, version=version.version + 1)
    return taken, None if before is None else _followed(before, version)


def answer_plan(version: PlanVersion, answer: PlanState) -> PlanVersion:
    """Return a proposed version rejected, or accepted in part. The version in effect stays in effect.

    Raises:
        IllegalMove: ``plan_state`` for any other state or answer.
    """
    if answer not in {PlanState.REJECTED, PlanState.PARTLY_ACCEPTED}:
        raise IllegalMove("plan_state", params={"from": version.state.value, "to": answer.value})
    _expect(version, answer)
    return replace(version, state=answer, version=version.version + 1)


def end_plan(version: PlanVersion, how: PlanState, ground: Ground, *, last_day: date) -> PlanVersion:
    """Return a version that is in force no more after ``last_day``. What it says stays readable.

    Raises:
        IllegalMove: ``plan_state`` for a step the machine does not have or a last day before it began;
            ``notice_first`` when services end, by exit or revocation, without prior written notice
            (300.503(a), 300.300(b)(4)(i)); ``revocation_in_writing``.
    """
    if how not in _ENDS - {PlanState.AMENDED, PlanState.SUPERSEDED} or last_day < version.begins_on:
        raise IllegalMove("plan_state", params={"from": version.state.value, "to": how.value})
    _expect(version, how)
    if how is PlanState.ENDED_BY_REVOCATION and not ground.in_writing:
        raise IllegalMove("revocation_in_writing", params={"rule": "34 CFR 300.300(b)(4)"})
    if how is not PlanState.TRANSFERRED_OUT:
        _noticed(date.fromordinal(last_day.toordinal() + 1), ground)
    return replace(version, state=how, ended_on=last_day, version=version.version + 1)


def adopt(version: PlanVersion) -> PlanVersion:
    """Return a plan that came with a child adopted as this district's own (300.323(e)(1)).

    Raises:
        IllegalMove: ``plan_state`` unless it came with the child.
    """
    _expect(version, PlanState.ADOPTED)
    return replace(version, state=PlanState.ADOPTED, version=version.version + 1)


def supersede_amended(version: PlanVersion) -> PlanVersion:
    """Return an amended version marked as history, when the plan it belongs to has been replaced as a whole.

    Raises:
        IllegalMove: ``plan_state`` unless it was amended.
    """
    _expect(version, PlanState.SUPERSEDED)
    if version.state is not PlanState.AMENDED:
        raise IllegalMove("plan_state", params={"from": version.state.value, "to": "superseded"})
    return replace(version, state=PlanState.SUPERSEDED, version=version.version + 1)


def _followed(before: PlanVersion, version: PlanVersion) -> PlanVersion:
    """Return the version before, ended the day before the next one begins."""
    if before.begins_on >= version.begins_on:
        raise IllegalMove("plan_overlap", params={"rule": "34 CFR 300.323(a)"})
    if version.amendment is not None and version.amendment.of != before.id:
        raise IllegalMove("amendment_of_another", params={"rule": "34 CFR 300.324(a)(6)"})
    ended = PlanState.AMENDED if version.amendment is not None else PlanState.SUPERSEDED
    _expect(before, ended)
    last_day = date.fromordinal(version.begins_on.toordinal() - 1)
    return replace(before, state=ended, ended_on=last_day, version=before.version + 1)


def _noticed(day: date, ground: Ground) -> None:
    if ground.notice_sent_on is None:
        raise IllegalMove("notice_first", params={"rule": "34 CFR 300.503(a)"})
    if (day - ground.notice_sent_on).days < max(1, ground.notice_days):
        days = max(1, ground.notice_days)
        raise IllegalMove("notice_days", params={"rule": "34 CFR 300.503(a)", "days": days})


def _expect(version: PlanVersion, to: PlanState) -> None:
    if to not in PLAN_MOVES[version.state]:
        raise IllegalMove("plan_state", params={"from": version.state.value, "to": to.value})
