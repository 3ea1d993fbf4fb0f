"""Plans and their versions, by the use cases a school goes through: written, proposed with notice, in effect
on their day, amended, ended, come from elsewhere.

A plan that lacks something 300.320 asks for cannot be proposed here. Where a scenario calls such a plan in
effect, its site keeps the official plan elsewhere, and the versions here are working copies of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from iepcore.calendars import TimelineKind
from iepcore.caseload import Caseload, NewAmendment, NewCopy, PlanDays
from iepcore.ids import PlanId, PlanVersionId
from iepcore.language import FreeText
from iepcore.plan.document import (
    NOTICE_PARTS,
    AmendmentMethod,
    CopyKind,
    CopyWay,
    Missing,
    NoticeParts,
    NoticeStep,
    PlanContents,
    PlanPart,
    PlanState,
    PlanVersion,
    part_hash,
    pieces_of,
    version_lacks,
)
from iepcore.testing.scenarios.contents import contents_of
from iepcore.testing.scenarios.events import record
from iepcore.testing.scenarios.form import Facts, FormError
from iepcore.testing.scenarios.site import Site, new_id, new_key, said

_ENDED = {
    PlanState.ENDED_BY_EXIT: NoticeStep.EXIT,
    PlanState.ENDED_BY_REVOCATION: NoticeStep.REVOCATION,
    PlanState.TRANSFERRED_OUT: NoticeStep.OTHER,
}
_CAME = frozenset({PlanState.TRANSFERRED_IN, PlanState.ADOPTED})
_ANSWERED = frozenset({PlanState.REJECTED, PlanState.PARTLY_ACCEPTED})
NEVER_BEGAN = _ANSWERED | {PlanState.PROPOSED, PlanState.DRAFT}
"""States of a version under which nobody ever got services."""
_PARTS = [part for part in PlanPart if part is not PlanPart.OBJECTIVE]
"""Levels stand before goals, which build on them; objectives stand in their goal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One version as a scenario tells of it; ``until`` is the last day before the next one begins."""

    facts: Facts
    place: int
    plan: str
    number: int
    state: PlanState
    reviewed_on: date
    begins_on: date
    ends_on: date
    until: date
    notice_on: date
    amendment: NewAmendment | None
    copy_sent_on: date | None

    @property
    def written_on(self) -> date:
        """The day the draft is written: before its notice goes."""
        return min(self.notice_on, self.begins_on)


def read_plans(site: Site) -> list[Told]:
    """Return the versions a scenario tells of, by first day."""
    listed = sorted(site.facts.each("ieps"), key=lambda one: (one.needed_day("begin"), one.whole("version")))
    found: list[Told] = []
    for place, one in enumerate(listed):
        later = listed[place + 1].needed_day("begin") if place + 1 < len(listed) else None
        with site.reading.leaving(one.path):
            found.append(_read(site, one, place, found[-1] if found else None, later))
    return found


def _read(site: Site, one: Facts, place: int, before: Told | None, later: date | None) -> Told:
    state = one.text("state")
    if state not in set(PlanState):
        raise FormError(f"{one.path}.state", f"{state} is no state of a plan")
    begins, ends = one.needed_day("begin"), one.needed_day("end")
    amendment, notice_on, copied = _amendment(site, one, before, begins)
    one.label("amended_on")
    told_on = one.day("transfer_statement_date")
    if told_on is not None:
        record(site, TimelineKind.TRANSFER_STATEMENT, told_on)
    return Told(
        facts=one,
        place=place,
        plan=one.text("id"),
        number=one.whole("version"),
        state=PlanState(state),
        reviewed_on=one.needed_day("annual_review_meeting"),
        begins_on=begins,
        ends_on=ends,
        until=ends if later is None else later - timedelta(days=1),
        notice_on=notice_on,
        amendment=amendment,
        copy_sent_on=copied,
    )


def build_plans(site: Site, told: list[Told]) -> None:
    """Plan the life of every version, once goals and services are known."""
    planned: list[tuple[Told, PlanContents]] = []
    for one in told:
        with site.reading.leaving(one.facts.path):
            first_day = _first_day(told, one)
            contents = contents_of(site, one.facts, one.begins_on, one.until, one.ends_on, first_day)
            planned.append((one, contents))
    for one, contents in planned:
        site.lacking.append(_lacking(site, one, contents, _first_day(told, one)))
    incomplete = [
        (one, lacking)
        for (one, _), lacking in zip(planned, site.lacking, strict=True)
        if lacking and one.state not in _CAME | NEVER_BEGAN
    ]
    for one, lacking in incomplete:
        names = ", ".join(dict.fromkeys(gap.lack.value for gap in lacking))
        site.reading.assume(one.facts.path, f"a working copy of a plan kept elsewhere: it lacks {names}")
    site.kept_elsewhere = bool(incomplete)
    send_notices(site, told)
    for one, contents in planned:
        with site.reading.leaving(one.facts.path):
            _live(site, one, contents)


def _first_day(told: list[Told], of: Told) -> date:
    return min(one.begins_on for one in told if one.plan == of.plan)


def _lacking(site: Site, told: Told, contents: PlanContents, first_day: date) -> tuple[Missing, ...]:
    version = PlanVersion(
        id=PlanVersionId(new_id()),
        plan_id=PlanId(new_id()),
        student_id=site.student_id,
        number=told.number,
        contents=contents,
        reviewed_on=told.reviewed_on,
        begins_on=told.begins_on,
        ends_on=told.ends_on,
        written_by=site.adults["manager"],
    )
    return version_lacks(
        version,
        born_on=site.born_on(),
        rules=site.frame.rules,
        living_goals=tuple(site.goals.values()),
        services_from=first_day,
    )


def _amendment(
    site: Site, one: Facts, before: Told | None, begins: date
) -> tuple[NewAmendment | None, date, date | None]:
    """Return how an amendment came about, the day its notice went, and the day its copy did."""
    due = site.frame.rules.prior_written_notice(begins).due_on
    usual = due if due is not None else begins - timedelta(days=10)
    inner = one.inner("amendment")
    sent = one.day("pwn_sent") if inner is None else inner.day("pwn_sent")
    if sent is None and one.text("state") not in _CAME:
        site.reading.assume(one.path, f"prior written notice sent on {usual.isoformat()}")
    if inner is None:
        if before is not None and before.plan == one.text("id"):
            raise FormError(f"{one.path}.amendment", "a second version of a plan says how it came about")
        return None, sent or usual, None
    if before is None:
        raise FormError(f"{one.path}.amendment", "there is no version before it")
    inner.leave("agreement_language", "the language of an agreement; prior written notice keeps its own")
    method = inner.text("method")
    if method not in set(AmendmentMethod):
        raise FormError(f"{inner.path}.method", "meeting or agreement_without_meeting is needed")
    amendment = NewAmendment(
        method=AmendmentMethod(method),
        agreed_on=inner.day("parent_agreement") or inner.needed_day("agreed_on"),
        why=said("; ".join(inner.texts("changes")) or "a change that was agreed"),
        begins_on=begins,
        team_informed_on=inner.day("team_informed"),
        copy_asked=inner.flag("revised_copy_requested"),
    )
    return amendment, sent or usual, inner.day("revised_copy_sent")


# ------------------------------------------------------------------------------------------- day by day


def _live(site: Site, told: Told, contents: PlanContents) -> None:
    """Plan the steps of one version, as far as its state says that it came."""
    if told.state in _CAME:
        transfer = site.transfer
        day = (transfer.services_from or transfer.enrolled_on) if transfer is not None else told.begins_on
        site.on(day, lambda: _receive(site, told, contents, day), hour=8, path=told.facts.path)
        return
    if site.kept_elsewhere and told.state not in NEVER_BEGAN:
        site.on(told.begins_on, lambda: _record(site, told, contents), hour=6, path=told.facts.path)
    else:
        site.on(told.written_on, lambda: _write(site, told, contents), hour=10, path=told.facts.path)
        if told.state is PlanState.DRAFT:
            return
        site.on(told.written_on, lambda: _propose(site, told), hour=11, path=told.facts.path)
        if told.state is PlanState.PROPOSED:
            record(site, TimelineKind.PLAN_PROPOSED, told.notice_on)
            return
        if told.state in _ANSWERED:
            site.on(told.begins_on, lambda: _answer(site, told), hour=12, path=told.facts.path)
            return
        site.on(told.begins_on, lambda: _begin(site, told), hour=6, path=told.facts.path)
    if told.copy_sent_on is not None:
        sent = told.copy_sent_on
        site.on(max(sent, told.begins_on), lambda: _copy(site, told, sent), hour=13, path=told.facts.path)
    if told.state in _ENDED:
        last = told.facts.day("ended_on")
        if last is None:
            raise FormError(f"{told.facts.path}.ended_on", "a plan that ended has its last day")
        site.on(last, lambda: _end(site, told, last), hour=18, path=told.facts.path)


def _desk(site: Site) -> Caseload:
    return site.caseload(site.adults["manager"])


def _drafted(site: Site, told: Told, contents: PlanContents, as_of: date | None) -> PlanVersion:
    """Begin a draft, set its days and put every piece of its contents in, the way a form does."""
    drafting = _desk(site).drafting
    days = PlanDays(reviewed_on=told.reviewed_on, begins_on=told.begins_on, ends_on=told.ends_on, as_of=as_of)
    if told.amendment is None:
        draft = drafting.start(site.student_id, days)
    else:
        draft = drafting.amend(site.student_id, replace(told.amendment, as_of=as_of))
    if (draft.reviewed_on, draft.ends_on) != (days.reviewed_on, days.ends_on):
        draft = drafting.set_days(draft.id, days, version=draft.version)
    for part in _PARTS:
        for about, value in pieces_of(contents, part).items():
            hashed = part_hash(draft.contents, part, about)
            draft = drafting.put(draft.id, part, value, started_from=hashed, about=about)
    for part in reversed(_PARTS):
        for about in pieces_of(draft.contents, part).keys() - pieces_of(contents, part).keys():
            hashed = part_hash(draft.contents, part, about)
            draft = drafting.put(draft.id, part, None, started_from=hashed, about=about)
    site.versions[told.place] = draft.id
    return draft


def version_id(site: Site, told: Told) -> PlanVersionId:
    """Return the id of a version in the store."""
    if told.place not in site.versions:
        raise FormError(told.facts.path, "was not written")
    return site.versions[told.place]


def _write(site: Site, told: Told, contents: PlanContents) -> None:
    _drafted(site, told, contents, None)


def _propose(site: Site, told: Told) -> None:
    noticed, proposing = _desk(site).noticed, _desk(site).proposing
    notice = noticed.write(
        site.student_id,
        notice_parts(said("the plan is put into effect")),
        language="en",
        version_id=version_id(site, told),
    )
    noticed.send(notice.id, on=min(told.notice_on, site.clock.today()))
    draft = _kept(site, told)
    proposing.propose(draft.id, version=draft.version)


def _kept(site: Site, told: Told) -> PlanVersion:
    with site.store.read() as uow:
        version = uow.plans.version(version_id(site, told))
    assert version is not None
    return version


def _begin(site: Site, told: Told) -> None:
    _desk(site).proposing.take_effect(version_id(site, told))
    _keep_lines(site)


def _record(site: Site, told: Told, contents: PlanContents) -> None:
    draft = _drafted(site, told, contents, told.begins_on)
    desk = _desk(site)
    desk.noticed.sent_elsewhere(site.student_id, told.written_on, language="en", version_id=draft.id)
    desk.proposing.record(draft.id)
    _keep_lines(site)


def _keep_lines(site: Site) -> None:
    """A plan that goes on longer than a goal lengthens its line; a scenario that tells the goal's own end
    keeps it.
    """
    desk = _desk(site)
    with site.store.read() as uow:
        goals = [goal for goal in uow.plan.goals_of_students({site.student_id}) if goal.phases]
    for goal in goals:
        desk.changes.withdraw(goal.id, version=goal.version)


def _answer(site: Site, told: Told) -> None:
    kept = _kept(site, told)
    _desk(site).proposing.answer(kept.id, told.state, version=kept.version)


def _copy(site: Site, told: Told, sent: date) -> None:
    new = NewCopy(
        kind=CopyKind.PLAN,
        to_id=site.first_decider() or site.adults["manager"],
        sent_on=sent,
        way=CopyWay.BY_HAND,
        language="en",
        version_id=version_id(site, told),
    )
    _desk(site).noticed.note_copy(site.student_id, new, new_key())


def _receive(site: Site, told: Told, contents: PlanContents, day: date) -> None:
    proposing = _desk(site).proposing
    days = PlanDays(reviewed_on=told.reviewed_on, begins_on=day, ends_on=told.ends_on)
    came = proposing.receive(site.student_id, contents, days)
    site.versions[told.place] = came.id
    if told.state is PlanState.ADOPTED:
        proposing.adopt(came.id, version=came.version)


def send_notices(site: Site, told: list[Told]) -> None:
    """Plan the sending of every notice that goes before no step of a version here, on its day."""
    ends = {_ENDED[one.state] for one in told if one.state in _ENDED}
    for words, step, sent in site.notices:
        if step not in ends:
            site.on(sent, partial(send_notice, site, step, words, sent, None), hour=8)


def _end(site: Site, told: Told, last: date) -> None:
    """End it after its last day. Notice of this very step is asked for by the step itself."""
    desk = _desk(site)
    step = _ENDED[told.state]
    for words, kind, sent in site.notices:
        if kind is step:
            send_notice(site, step, words, sent, version_id(site, told))
    desk.proposing.end(version_id(site, told), told.state, last_day=last)


def send_notice(
    site: Site, step: NoticeStep, words: FreeText, sent: date, about: PlanVersionId | None
) -> None:
    """Keep a notice on its way: here with its words, elsewhere as done there."""
    noticed = _desk(site).noticed
    if site.kept_elsewhere:
        noticed.sent_elsewhere(site.student_id, sent, language="en", step=step, version_id=about)
        return
    notice = noticed.write(site.student_id, notice_parts(words), language="en", step=step, version_id=about)
    noticed.send(notice.id, on=sent)


def notice_parts(action: FreeText) -> NoticeParts:
    """Return the seven parts; the form tells no more than the action."""
    return NoticeParts(**{**dict.fromkeys(NOTICE_PARTS, said("as told to the family")), "action": action})
