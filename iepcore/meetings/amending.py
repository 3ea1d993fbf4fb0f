"""Changing a plan between annual reviews without a meeting: what the agreement needs (34 CFR 300.324(a)(4),
(a)(6); M12).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from enum import StrEnum

from iepcore.plan.document import AmendmentMethod, CopySent, PlanPart, PlanVersion, WrittenNotice, differences


class AmendingGap(StrEnum):
    """What a change of the plan lacks."""

    NO_REVIEW = "annual_review_first"
    REVIEW_MOVED = "annual_review_moved"
    AGREEMENT = "agreement_missing"
    NOTICE = "notice_missing"
    TEAM = "team_not_informed"
    COPY = "copy_not_sent"
    EXCLUDED = "needs_a_meeting"


AMENDING_RULES: dict[AmendingGap, str] = {
    AmendingGap.NO_REVIEW: "34 CFR 300.324(a)(4)(i)",
    AmendingGap.REVIEW_MOVED: "34 CFR 300.324(b)(1)(i)",
    AmendingGap.AGREEMENT: "34 CFR 300.324(a)(4)(i)",
    AmendingGap.NOTICE: "34 CFR 300.503(a)",
    AmendingGap.TEAM: "34 CFR 300.324(a)(4)(ii)",
    AmendingGap.COPY: "34 CFR 300.324(a)(6)",
    AmendingGap.EXCLUDED: "policy: amendment_exclusions",
}


def amending_gaps(
    before: PlanVersion,
    after: PlanVersion,
    *,
    notice: WrittenNotice | None,
    today: date,
    copies: Iterable[CopySent] = (),
    excluded: Collection[PlanPart] = (),
) -> tuple[AmendingGap, ...]:
    """Return what an amended version still lacks on a day; none when everything is there.

    The two come after the annual review meeting both rest on, and the review does not move. An agreement
    without a meeting needs the parents' agreement before the change takes effect, prior written notice before
    it, the whole team told, and a revised copy when the parents asked for one (``copies`` are those on
    record). ``excluded`` are parts that a state lets only a meeting change.

    A version that is no amendment lacks nothing here.
    """
    change = after.amendment
    if change is None:
        return ()
    gaps = set()
    if after.reviewed_on != before.reviewed_on:
        gaps.add(AmendingGap.REVIEW_MOVED)
    if notice is None or not notice.was_sent_before(after.begins_on):
        gaps.add(AmendingGap.NOTICE)
    sent = {change.copy_sent_on} | {one.sent_on for one in copies if one.version_id == after.id}
    if change.copy_asked and not any(day is not None and day <= today for day in sent):
        gaps.add(AmendingGap.COPY)
    if change.team_informed_on is None or change.team_informed_on > today:
        gaps.add(AmendingGap.TEAM)
    if change.method is AmendmentMethod.AGREEMENT:
        if change.agreed_on < before.reviewed_on:
            gaps.add(AmendingGap.NO_REVIEW)
        if change.agreed_on > after.begins_on:
            gaps.add(AmendingGap.AGREEMENT)
        changed = {one.part for one in differences(before.contents, after.contents)}
        if changed & set(excluded):
            gaps.add(AmendingGap.EXCLUDED)
    return tuple(gap for gap in AmendingGap if gap in gaps)
