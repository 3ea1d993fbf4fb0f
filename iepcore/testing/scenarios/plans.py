"""Plans and their versions: written, proposed with notice, in effect from their day, amended, ended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from iepcore.calendars import TimelineKind
from iepcore.errors import IllegalMove
from iepcore.ids import PlanId, PlanVersionId, WrittenNoticeId
from iepcore.plan.document import (
    NOTICE_PARTS,
    Amendment,
    AmendmentMethod,
    Ground,
    NoticeParts,
    NoticeStep,
    PlanState,
    PlanVersion,
    WrittenNotice,
    answer_plan,
    end_plan,
    propose,
    record_copy,
    take_effect,
    version_lacks,
)
from iepcore.testing.scenarios.contents import contents_of
from iepcore.testing.scenarios.events import record
from iepcore.testing.scenarios.form import Facts, FormError
from iepcore.testing.scenarios.site import Site, new_id, said

ELSEWHERE = "the district's own system"
_ENDED = {
    PlanState.ENDED_BY_EXIT: NoticeStep.EXIT,
    PlanState.ENDED_BY_REVOCATION: NoticeStep.REVOCATION,
    PlanState.TRANSFERRED_OUT: NoticeStep.OTHER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One version as a scenario tells of it."""

    facts: Facts
    id: PlanVersionId
    plan_id: PlanId
    number: int
    state: PlanState
    reviewed_on: date
    begins_on: date
    ends_on: date
    until: date
    """The last day before the next version begins, or the version's own last day."""


def build_plans(site: Site) -> None:
    """Plan the life of every version."""
    told = _told(site)
    for place, one in enumerate(told):
        before = told[place - 1] if place else None
        site.versions[one.number] = one.id
        _live(site, one, before)


def _told(site: Site) -> list[Told]:
    listed = sorted(site.facts.each("ieps"), key=lambda one: (one.needed_day("begin"), one.whole("version")))
    plans: dict[str, PlanId] = {}
    found = []
    for place, one in enumerate(listed):
        later = listed[place + 1].needed_day("begin") if place + 1 < len(listed) else None
        state = one.text("state")
        if state not in set(PlanState):
            raise FormError(f"{one.path}.state", f"{state} is no state of a plan")
        ends = one.needed_day("end")
        found.append(
            Told(
                facts=one,
                id=PlanVersionId(new_id()),
                plan_id=plans.setdefault(one.text("id"), PlanId(new_id())),
                number=one.whole("version"),
                state=PlanState(state),
                reviewed_on=one.needed_day("annual_review_meeting"),
                begins_on=one.needed_day("begin"),
                ends_on=ends,
                until=ends if later is None else later - timedelta(days=1),
            )
        )
    numbers = [one.number for one in found]
    if len(set(numbers)) < len(numbers):
        # A new annual plan counts from 1 again in the form; in the store a child's versions are one row.
        site.reading.assume(f"{site.facts.path}.ieps", "versions are numbered on through the child's plans")
        found = [replace(one, number=place + 1) for place, one in enumerate(found)]
    return found


def _live(site: Site, told: Told, before: Told | None) -> None:
    """Plan the steps of one version, as far as its state says that it came."""
    amendment, notice_on = _amendment(site, told, before)
    site.on(min(notice_on, told.begins_on), lambda: _write(site, told, amendment), hour=10)
    if told.state is PlanState.DRAFT:
        return
    if told.state is PlanState.TRANSFERRED_IN:
        return
    begins = told.begins_on
    site.on(min(notice_on, begins), lambda: _propose(site, told, notice_on), hour=11)
    if told.state is PlanState.PROPOSED:
        record(site, TimelineKind.PLAN_PROPOSED, notice_on)
        return
    if told.state in {PlanState.REJECTED, PlanState.PARTLY_ACCEPTED}:
        site.on(begins, lambda: _answer(site, told), hour=12)
        return
    site.on(begins, lambda: _begin(site, told, before), hour=6)
    if told.state in _ENDED:
        last = told.facts.day("ended_on")
        if last is None:
            raise FormError(f"{told.facts.path}.ended_on", "a plan that ended has its last day")
        site.on(last, lambda: _end(site, told, last), hour=18)


def _amendment(site: Site, told: Told, before: Told | None) -> tuple[Amendment | None, date]:
    """Return how an amendment came about, and the day its notice went."""
    one = told.facts
    days = site.frame.rules.prior_written_notice(told.begins_on).due_on
    usual = days if days is not None else told.begins_on - timedelta(days=10)
    inner = one.inner("amendment")
    one.label("amended_on")
    if inner is None:
        if before is not None and before.plan_id == told.plan_id:
            raise FormError(f"{one.path}.amendment", "a second version of a plan says how it came about")
        if told.state not in {PlanState.DRAFT, PlanState.TRANSFERRED_IN}:
            site.reading.assume(one.path, f"prior written notice sent on {usual.isoformat()}")
        return None, usual
    if before is None:
        raise FormError(f"{one.path}.amendment", "there is no version before it")
    inner.leave("agreement_language", "the language of an agreement; prior written notice keeps its own")
    changes = inner.texts("changes")
    sent = inner.day("pwn_sent")
    if sent is None:
        site.reading.assume(inner.path, f"prior written notice sent on {usual.isoformat()}")
    method = inner.text("method")
    if method not in set(AmendmentMethod):
        raise FormError(f"{inner.path}.method", "meeting or agreement_without_meeting is needed")
    amendment = Amendment(
        of=before.id,
        method=AmendmentMethod(method),
        agreed_on=inner.day("parent_agreement") or inner.needed_day("agreed_on"),
        why=said("; ".join(changes) or "a change that was agreed"),
        team_informed_on=inner.day("team_informed"),
        copy_asked=inner.flag("revised_copy_requested"),
        copy_sent_on=inner.day("revised_copy_sent"),
    )
    return amendment, sent or usual


def _write(site: Site, told: Told, amendment: Amendment | None) -> None:
    version = PlanVersion(
        id=told.id,
        plan_id=told.plan_id,
        student_id=site.student_id,
        number=told.number,
        contents=contents_of(site, told.facts, told.begins_on, told.until, told.ends_on),
        reviewed_on=told.reviewed_on,
        begins_on=told.begins_on,
        ends_on=told.ends_on,
        written_by=site.adults["manager"],
        amendment=amendment,
        state=PlanState.TRANSFERRED_IN if told.state is PlanState.TRANSFERRED_IN else PlanState.DRAFT,
    )
    with site.store.write() as uow:
        student = uow.people.student(site.student_id)
        born_on = student.born_on if student is not None else None
        lacking = version_lacks(
            version, born_on=born_on, rules=site.frame.rules, living_goals=tuple(site.goals.values())
        )
        site.lacking[told.number] = lacking
        if lacking and told.state is not PlanState.TRANSFERRED_IN:
            names = ", ".join(dict.fromkeys(one.lack.value for one in lacking))
            site.reading.assume(
                told.facts.path,
                f"a working copy of a plan kept elsewhere: it could not be proposed here ({names})",
            )
            version = replace(version, as_of=told.begins_on, kept_in=ELSEWHERE)
        uow.plans.add_version(version)


def _propose(site: Site, told: Told, notice_on: date) -> None:
    with site.store.write() as uow:
        version = _held(uow.plans.version(told.id), told)
        if version.is_copy:
            return
        notice = _notice(site, told, NoticeStep.PLAN, "the plan is put into effect", notice_on)
        uow.plans.add_notice(notice)
        uow.plans.save_version(propose(version, Ground(notice_sent_on=notice_on), notice_id=notice.id))


def _begin(site: Site, told: Told, before: Told | None) -> None:
    with site.store.write() as uow:
        version = _held(uow.plans.version(told.id), told)
        former = uow.plans.version(before.id) if before is not None else None
        if version.is_copy:
            taken, ended = record_copy(version, before=former)
        else:
            notice = uow.plans.notice(version.notice_id) if version.notice_id is not None else None
            ground = Ground(
                notice_sent_on=notice.sent_on if notice is not None else None,
                initial_consent=site.first_services_agreed(told.begins_on),
            )
            taken, ended = take_effect(version, ground, before=former)
        uow.plans.save_version(taken)
        if ended is not None:
            uow.plans.save_version(ended)


def _answer(site: Site, told: Told) -> None:
    with site.store.write() as uow:
        version = _held(uow.plans.version(told.id), told)
        uow.plans.save_version(answer_plan(version, told.state))


def _end(site: Site, told: Told, last: date) -> None:
    with site.store.write() as uow:
        version = _held(uow.plans.version(told.id), told)
        step = _ENDED[told.state]
        sent = [one for one in uow.plans.notices_of(site.student_id) if one.step is step]
        revoked = any(one.revoked_on is not None for one in uow.plans.consents_of(site.student_id))
        ground = Ground(
            notice_sent_on=sent[-1].sent_on if sent else None,
            in_writing=revoked and site.revoked_in_writing,
        )
        uow.plans.save_version(end_plan(version, told.state, ground, last_day=last))


def _held(version: PlanVersion | None, told: Told) -> PlanVersion:
    if version is None:
        raise IllegalMove("plan_state", params={"from": "nothing", "to": told.state.value})
    return version


def _notice(site: Site, told: Told, step: NoticeStep, action: str, sent_on: date) -> WrittenNotice:
    return written_notice(site, step, action, sent_on, version_id=told.id)


def written_notice(
    site: Site,
    step: NoticeStep,
    action: str,
    sent_on: date,
    *,
    version_id: PlanVersionId | None = None,
) -> WrittenNotice:
    """Return prior written notice with its seven parts; the form tells no more of it than the action."""
    parts = dict.fromkeys(NOTICE_PARTS, said("as told to the family"))
    return WrittenNotice(
        id=WrittenNoticeId(new_id()),
        student_id=site.student_id,
        parts=NoticeParts(**{**parts, "action": said(action)}),
        language="en",
        written_by=site.adults["manager"],
        sent_on=sent_on,
        step=step,
        version_id=version_id,
    )
