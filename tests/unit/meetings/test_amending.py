"""Changing a plan between reviews, without a meeting."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from iepcore.ids import CopySentId, PlanVersionId, WrittenNoticeId, new_uuid7
from iepcore.meetings import AMENDING_RULES, AmendingGap, amending_gaps
from iepcore.plan.document import (
    NOTICE_PARTS,
    Amendment,
    AmendmentMethod,
    CopyKind,
    CopySent,
    CopyWay,
    NoticeParts,
    PlanPart,
    PlanVersion,
    WrittenNotice,
)
from iepcore.testing import a_key
from tests.unit.meetings.meetings import CHILD, somebody
from tests.unit.plan.document.plans import contents, version, words

BEFORE = version()
BEGINS = BEFORE.begins_on + timedelta(days=60)
TODAY = BEGINS + timedelta(days=30)


def amended(**changes: Any) -> PlanVersion:
    """Return the next version, agreed without a meeting, with the whole team told."""
    values: dict[str, Any] = {
        "of": BEFORE.id,
        "method": AmendmentMethod.AGREEMENT,
        "agreed_on": BEGINS - timedelta(days=5),
        "why": words("more time for speech"),
        "team_informed_on": BEGINS - timedelta(days=3),
    }
    return replace(
        BEFORE, number=2, begins_on=BEGINS, amendment=Amendment(**(values | changes)), contents=contents()
    )


def a_notice(sent_on: date) -> WrittenNotice:
    """Return prior written notice sent on a day."""
    return WrittenNotice(
        id=WrittenNoticeId(new_uuid7()),
        student_id=CHILD,
        parts=NoticeParts(**dict.fromkeys(NOTICE_PARTS, words())),
        language="en",
        written_by=somebody(),
        sent_on=sent_on,
    )


def gaps(after: PlanVersion, notice: WrittenNotice | None = None, **more: Any) -> tuple[AmendingGap, ...]:
    """Return the gaps with a notice sent in good time."""
    sent = a_notice(BEGINS - timedelta(days=5)) if notice is None else notice
    return amending_gaps(BEFORE, after, notice=sent, today=TODAY, **more)


def test_an_agreement_with_everything_lacks_nothing() -> None:
    """Agreement, notice before, team told, no copy asked for; and a plan of its own needs none of it."""
    assert () == gaps(amended())
    assert () == gaps(replace(amended(), amendment=None))


def test_each_missing_thing_is_named_with_its_rule() -> None:
    """The review that moved, no team, no copy, an agreement from before the review or after the start."""
    for changed, gap in (
        (replace(amended(), reviewed_on=BEGINS), AmendingGap.REVIEW_MOVED),
        (amended(team_informed_on=None), AmendingGap.TEAM),
        (amended(team_informed_on=TODAY + timedelta(days=1)), AmendingGap.TEAM),
        (amended(copy_asked=True), AmendingGap.COPY),
        (amended(copy_asked=True, copy_sent_on=TODAY + timedelta(days=1)), AmendingGap.COPY),
        (amended(agreed_on=BEFORE.reviewed_on - timedelta(days=1)), AmendingGap.NO_REVIEW),
        (amended(agreed_on=BEGINS + timedelta(days=1)), AmendingGap.AGREEMENT),
    ):
        assert (gap,) == gaps(changed)
    assert () == gaps(amended(copy_asked=True, copy_sent_on=TODAY))
    assert set(AmendingGap) == set(AMENDING_RULES)


def test_notice_goes_before_the_first_day() -> None:
    """On the day itself, or none at all, is too late."""
    assert (AmendingGap.NOTICE,) == gaps(amended(), a_notice(BEGINS))
    assert (AmendingGap.NOTICE,) == amending_gaps(BEFORE, amended(), notice=None, today=TODAY)


def test_a_meeting_needs_no_agreement_and_a_state_may_ask_for_a_meeting() -> None:
    """What a state lets only a meeting change is named; a meeting may change it."""
    moved = replace(amended(), contents=replace(contents(), placement=None))
    assert (AmendingGap.EXCLUDED,) == gaps(moved, excluded=[PlanPart.PLACEMENT])
    assert () == gaps(moved, excluded=[PlanPart.ASSESSMENT])
    met = replace(
        moved,
        amendment=Amendment(
            of=BEFORE.id,
            method=AmendmentMethod.MEETING,
            agreed_on=date(2026, 1, 1),
            why=words("x"),
            team_informed_on=BEGINS,
        ),
    )
    assert () == gaps(met, excluded=[PlanPart.PLACEMENT])


def test_a_copy_on_record_is_the_copy_that_was_asked_for() -> None:
    """One of this version counts, one of another does not."""
    after = amended(copy_asked=True)
    copy = CopySent(
        id=CopySentId(new_uuid7()),
        student_id=after.student_id,
        kind=CopyKind.PLAN,
        to_id=somebody(),
        sent_on=TODAY,
        way=CopyWay.POST,
        language="en",
        noted_by=somebody(),
        noted_at=datetime(2026, 12, 1, tzinfo=UTC),
        client_key=a_key(),
        version_id=after.id,
    )
    other = replace(copy, version_id=PlanVersionId(new_uuid7()))
    assert () == gaps(after, copies=[other, copy])
    assert (AmendingGap.COPY,) == gaps(after, copies=[other])
