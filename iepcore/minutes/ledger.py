"""The two-sided ledger: planned, given, missed by reason, made up and still to be made up, in minutes.

The same numbers for staff, administrators and families. It says what was missed and why; whether anything is
owed beyond that is for a team to decide, and no word here judges it (domain guide 2.6).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from iepcore.errors import InvalidValue
from iepcore.ids import SessionId
from iepcore.minutes.sessions import MissedReason, SessionLog

_OWED_BY_DEFAULT = frozenset(
    {
        MissedReason.PROVIDER_ABSENT,
        MissedReason.PROVIDER_VACANCY,
        MissedReason.PARTIAL_PROVIDER,
        MissedReason.SCHOOL_ACTIVITY,
        MissedReason.PARTIAL_SCHOOL_ACTIVITY,
    }
)
_TEAM_BY_DEFAULT = frozenset({MissedReason.STUDENT_ABSENT, MissedReason.SCHOOL_CLOSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesPolicy:
    """Which reasons a school makes up, and which the team looks at. A reason in neither is only shown.

    Raises:
        InvalidValue: ``reason_in_both``.
    """

    made_up: frozenset[MissedReason] = _OWED_BY_DEFAULT
    team_review: frozenset[MissedReason] = _TEAM_BY_DEFAULT

    def __post_init__(self) -> None:
        if self.made_up & self.team_review:
            raise InvalidValue("reason_in_both", field="team_review")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """One service line in one window.

    ``delivered`` includes what make-ups gave. ``shortfall`` is planned less delivered, never below nought.
    ``not_written`` are the planned minutes of which nobody has written anything yet: they are not missed.
    ``unexplained`` are missed ones without a reason. ``still_owed`` is what the policy makes up, less what
    make-ups are credited with: each at most the minutes of the session it replaces.
    """

    planned: int
    delivered: int
    shortfall: int
    not_written: int
    missed: Mapping[MissedReason, int] = field(default_factory=dict)
    unexplained: int = 0
    made_up: int = 0
    credited: int = 0
    still_owed: int = 0
    team_review: int = 0


def ledger(planned: int, sessions: Iterable[SessionLog], *, policy: MinutesPolicy | None = None) -> Ledger:
    """Return the ledger of a window.

    ``planned`` are the minutes of :func:`planned_minutes` for it; ``sessions`` those of one child and service
    line in it, make-ups among them.

    Raises:
        InvalidValue: ``sessions_mixed`` for more than one child or line, ``session_twice`` for one id twice,
            ``makeup_of_a_makeup``.
    """
    rules = policy or MinutesPolicy()
    logs = _checked(sessions)
    usual = [one for one in logs if one.makes_up is None]
    extra = [(one.makes_up, one.delivered) for one in logs if one.makes_up is not None]
    missed: Counter[MissedReason] = Counter()
    unexplained = 0
    for one in usual:
        if one.reason is not None:
            missed[one.reason] += one.missed
        else:
            unexplained += one.missed
    delivered = sum(one.delivered for one in logs)
    owed = sum(missed[reason] for reason in rules.made_up)
    credited = _credit(usual, extra, rules)
    return Ledger(
        planned=planned,
        delivered=delivered,
        shortfall=max(0, planned - delivered),
        not_written=max(0, planned - sum(one.scheduled for one in usual)),
        missed=dict(missed),
        unexplained=unexplained,
        made_up=sum(minutes for _, minutes in extra),
        credited=credited,
        still_owed=owed - credited,
        team_review=sum(missed[reason] for reason in rules.team_review),
    )


def _credit(usual: Sequence[SessionLog], extra: Sequence[tuple[SessionId, int]], rules: MinutesPolicy) -> int:
    """Return the minutes make-ups are credited with: per replaced session at most what it missed, and only
    for
    reasons that are made up. One that replaces a session outside the window is given, and credits nothing
    here.
    """
    given: Counter[SessionId] = Counter()
    for replaced, minutes in extra:
        given[replaced] += minutes
    return sum(min(one.missed, given[one.id]) for one in usual if one.reason in rules.made_up)


def _checked(sessions: Iterable[SessionLog]) -> list[SessionLog]:
    logs = list(sessions)
    if len({(one.student_id, one.service_line_id) for one in logs}) > 1:
        raise InvalidValue("sessions_mixed", field="sessions")
    by_id = {one.id: one for one in logs}
    if len(by_id) < len(logs):
        raise InvalidValue("session_twice", field="sessions")
    for one in logs:
        replaced = by_id.get(one.makes_up) if one.makes_up is not None else None
        if replaced is not None and replaced.makes_up is not None:
            raise InvalidValue("makeup_of_a_makeup", field="makes_up")
    return logs
