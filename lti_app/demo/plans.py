"""The plans of the demonstration: most in effect, one amended, one proposed with remarks, drafts, one that
came with a child. They are written as they would lie there; nobody waits for a year to pass.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from iepcore.ids import (
    AdultId,
    ClientKey,
    CopySentId,
    ParentConsentId,
    PartAnswerId,
    PartDraftId,
    PlanCommentId,
    PlanId,
    PlanVersionId,
    StudentId,
)
from iepcore.language import FreeText
from iepcore.plan.document import (
    Amendment,
    AmendmentMethod,
    AnswerKind,
    ConsentKind,
    CopyKind,
    CopySent,
    CopyWay,
    DutyReceipt,
    NoticeStep,
    ParentConsent,
    PartAnswer,
    PartDraft,
    PlanComment,
    PlanPart,
    PlanState,
    PlanStep,
    PlanVersion,
    RawField,
    Support,
    SupportKind,
    Voice,
    part_hash,
    revoke_consent,
)
from iepcore.ports import UnitOfWork
from lti_app.demo.caseload import Calendar, demo_id
from lti_app.demo.plan_contents import said, supposed_contents
from lti_app.demo.plan_papers import Writer, add_consent, add_notice, add_wish, family_of

YEAR = timedelta(days=364)
_CAME_ALONG = "kiri"
_AMENDED = "theo"
_PROPOSED = "luca"
_DRAFTED = "ezra"
_REVOKED = "mika"
_FIRST_DRAFT = "oona"
_DUTIES_KNOWN = {"maya": ("eklund",), "theo": ("hart", "abara"), "callum": ("eklund", "moss")}


@cache
def plan_rows() -> Mapping[str, Any]:
    """Return the plans and remarks of the file."""
    text = files("lti_app.demo").joinpath("plans.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def add_plans(uow: UnitOfWork, calendar: Calendar, manager: AdultId) -> None:
    """Write the plans. The school of the demonstration keeps them here and in no other system."""
    choices = uow.calendars.choices()
    if choices.version == 0:
        chosen = replace(choices, official_plan=None, version=1, changed_at=calendar.at(calendar.today))
        uow.calendars.add_choices(chosen)
    writer = Writer(uow=uow, calendar=calendar, manager=manager)
    for row in plan_rows()["plans"]:
        if row["child"] == _FIRST_DRAFT:
            _first_draft(writer, row)
        else:
            _in_effect(writer, row)
    _revoked(writer)
    _amended(writer)
    _proposed(writer)
    _drafted(writer)
    _known(writer)


def first_version_id(child: str) -> PlanVersionId:
    """Return the id of a child's first version."""
    return PlanVersionId(demo_id("plan", child, "1"))


def _in_effect(writer: Writer, row: Mapping[str, Any]) -> None:
    """One child's first version with its notice, consent, wish and copy; the goals live already."""
    child, uow, manager = row["child"], writer.uow, writer.manager
    student_id = StudentId(demo_id("student", child))
    goals = sorted(uow.plan.goals_of_students({student_id}), key=lambda one: one.starts_on)
    # The plan is of this year, whatever became of a goal that began before.
    since = goals[0].starts_on if goals else writer.calendar.today - timedelta(days=120)
    begins_on = max(since, writer.calendar.today - timedelta(days=300))
    met_on = begins_on - timedelta(days=1)
    came_along = child == _CAME_ALONG
    state = PlanState.TRANSFERRED_IN if came_along else PlanState.IN_EFFECT
    steps = () if came_along else (PlanStep(state=PlanState.PROPOSED, on=met_on, by=manager),)
    notice_id = None if came_along else add_notice(writer, child, "1", student_id, met_on)
    add_wish(writer, row, student_id, met_on)
    contents = supposed_contents(row, student_id, goals, begins_on=begins_on, ends_on=begins_on + YEAR)
    uow.plans.add_version(
        PlanVersion(
            id=first_version_id(child),
            plan_id=PlanId(demo_id("plan", child)),
            student_id=student_id,
            number=1,
            contents=contents,
            reviewed_on=met_on,
            begins_on=begins_on,
            ends_on=begins_on + YEAR,
            written_by=manager,
            state=state,
            notice_id=notice_id,
            steps=(*steps, PlanStep(state=state, on=begins_on, by=manager)),
            version=3,
        )
    )
    reader = next(one for one in family_of(child) if one["records"])
    decider = next(one for one in family_of(child) if one["decisions"])
    if not came_along:
        add_consent(writer, child, student_id, AdultId(demo_id("adult", decider["key"])), met_on)
    uow.plans.add_copy(
        CopySent(
            id=CopySentId(demo_id("copy", child)),
            student_id=student_id,
            kind=CopyKind.PLAN,
            to_id=AdultId(demo_id("adult", reader["key"])),
            sent_on=begins_on,
            way=CopyWay.BY_HAND,
            language=reader["reads"],
            noted_by=manager,
            noted_at=writer.calendar.at(begins_on),
            client_key=ClientKey(demo_id("key", "copy", child)),
            version_id=first_version_id(child),
        )
    )


def _first_draft(writer: Writer, row: Mapping[str, Any]) -> None:
    """A child's first plan as it is being written; the family has said what it hopes for."""
    child, today = row["child"], writer.calendar.today
    student_id = StudentId(demo_id("student", child))
    begins_on = today + timedelta(days=30)
    add_wish(writer, row, student_id, today)
    contents = supposed_contents(row, student_id, (), begins_on=begins_on, ends_on=begins_on + YEAR)
    writer.uow.plans.add_version(
        PlanVersion(
            id=first_version_id(child),
            plan_id=PlanId(demo_id("plan", child)),
            student_id=student_id,
            number=1,
            contents=replace(contents, assessment=None, esy=None),
            reviewed_on=begins_on - timedelta(days=1),
            begins_on=begins_on,
            ends_on=begins_on + YEAR,
            written_by=writer.manager,
        )
    )


def _revoked(writer: Writer) -> None:
    """Consent was taken back in writing; notice went first, then services ended. The plan stays readable."""
    version, today = _first(writer, _REVOKED), writer.calendar.today
    last_day = today - timedelta(days=2)
    (consent,) = writer.uow.plans.consents_of(version.student_id)
    revoked = revoke_consent(consent, on=today - timedelta(days=16), in_writing=True)
    writer.uow.plans.save_consent(revoked)
    add_notice(
        writer, _REVOKED, "1", version.student_id, today - timedelta(days=14), step=NoticeStep.REVOCATION
    )
    step = PlanStep(state=PlanState.ENDED_BY_REVOCATION, on=last_day, by=writer.manager)
    writer.uow.plans.save_version(
        replace(
            version,
            state=PlanState.ENDED_BY_REVOCATION,
            ended_on=last_day,
            steps=(*version.steps, step),
            version=version.version + 1,
        )
    )


def _amended(writer: Writer) -> None:
    """Speech went from 30 to 45 minutes four weeks ago, by an agreement without a meeting."""
    before = _first(writer, _AMENDED)
    begins_on = writer.calendar.today - timedelta(weeks=4)
    services = tuple(
        replace(one, minutes=45) if one.service == "speech" else one for one in before.contents.services
    )
    agreed_on = begins_on - timedelta(days=5)
    amendment = Amendment(
        of=before.id,
        method=AmendmentMethod.AGREEMENT,
        agreed_on=agreed_on,
        why=said("Theo gained fast with more practice, and his mother asked for more."),
        team_informed_on=agreed_on,
        copy_asked=True,
        copy_sent_on=begins_on,
    )
    notice_id = add_notice(writer, _AMENDED, "2", before.student_id, agreed_on)
    second = _next(before, _AMENDED, amendment, begins_on, writer.manager)
    second = replace(
        second,
        contents=replace(before.contents, services=services),
        state=PlanState.IN_EFFECT,
        notice_id=notice_id,
        steps=(
            PlanStep(state=PlanState.PROPOSED, on=agreed_on, by=writer.manager),
            PlanStep(state=PlanState.IN_EFFECT, on=begins_on, by=writer.manager),
        ),
        version=3,
    )
    step = PlanStep(state=PlanState.AMENDED, on=begins_on, by=writer.manager)
    ended = replace(
        before,
        state=PlanState.AMENDED,
        ended_on=begins_on - timedelta(days=1),
        steps=(*before.steps, step),
        version=before.version + 1,
    )
    writer.uow.plans.save_version(ended)
    writer.uow.plans.add_version(second)


def _proposed(writer: Writer) -> None:
    """A change that waits for the family: two supports more, with remarks and an answer."""
    before = _first(writer, _PROPOSED)
    begins_on = writer.calendar.today + timedelta(days=10)
    agreed_on = writer.calendar.today - timedelta(days=4)
    amendment = Amendment(
        of=before.id,
        method=AmendmentMethod.MEETING,
        agreed_on=agreed_on,
        why=said("Luca solves two-step problems most of the time; the next step is three."),
    )
    more = Support(
        kind=SupportKind.ACCOMMODATION, words=said("A checklist of steps for long problems"), where="math"
    )
    services = tuple(replace(one, minutes=40) for one in before.contents.services)
    version = replace(
        _next(before, _PROPOSED, amendment, begins_on, writer.manager),
        contents=replace(before.contents, supports=(*before.contents.supports, more), services=services),
        state=PlanState.PROPOSED,
        notice_id=add_notice(writer, _PROPOSED, "2", before.student_id, agreed_on),
        steps=(PlanStep(state=PlanState.PROPOSED, on=agreed_on, by=writer.manager),),
        version=2,
    )
    writer.uow.plans.add_version(version)
    _asked(writer, version)
    goal = str(version.contents.goals[0].goal_id)
    first: PlanComment | None = None
    for place, row in enumerate(plan_rows()["remarks"]):
        comment = PlanComment(
            id=PlanCommentId(demo_id("comment", _PROPOSED, str(place))),
            student_id=version.student_id,
            version_id=version.id,
            author_id=AdultId(demo_id("adult", row["by"])),
            voice=Voice(row["voice"]),
            words=FreeText(text=row["words"], lang=row["lang"]),
            said_at=writer.at(row["days"], 17),
            client_key=ClientKey(demo_id("key", "comment", str(place))),
            part=PlanPart(row["part"]) if row["part"] else None,
            about=goal if row["part"] else "",
            answers=first.id if row.get("answers") and first is not None else None,
        )
        first = first or comment
        writer.uow.plans.add_comment(comment)
    parent = next(one for one in family_of(_PROPOSED) if one["decisions"])
    writer.uow.plans.add_answer(
        PartAnswer(
            id=PartAnswerId(demo_id("answer", _PROPOSED)),
            student_id=version.student_id,
            version_id=version.id,
            adult_id=AdultId(demo_id("adult", parent["key"])),
            part=PlanPart.SERVICE,
            about=str(version.contents.services[0].id),
            answer=AnswerKind.ACCEPTED,
            answered_at=writer.at(1, 19),
            client_key=ClientKey(demo_id("key", "answer", _PROPOSED)),
        )
    )


def _asked(writer: Writer, version: PlanVersion) -> None:
    """The school asks for a signature under the change, in the tool; federal law does not need it."""
    writer.uow.plans.add_consent(
        ParentConsent(
            id=ParentConsentId(demo_id("consent", _PROPOSED, "2")),
            student_id=version.student_id,
            kind=ConsentKind.PLAN,
            requested_on=writer.calendar.today - timedelta(days=3),
            text=said("Do you agree to this change of the plan?"),
            asked_by=writer.manager,
            version_id=version.id,
        )
    )


def _drafted(writer: Writer) -> None:
    """An amendment that is being written, with a form left in the middle of a word."""
    before = _first(writer, _DRAFTED)
    today = writer.calendar.today
    amendment = Amendment(
        of=before.id,
        method=AmendmentMethod.AGREEMENT,
        agreed_on=today - timedelta(days=1),
        why=said("His hand hurts less when he may type."),
    )
    draft = _next(before, _DRAFTED, amendment, today + timedelta(days=14), writer.manager)
    writer.uow.plans.add_version(draft)
    level = draft.contents.levels[0]
    writer.uow.plans.save_part_draft(
        PartDraft(
            id=PartDraftId(demo_id("form", _DRAFTED)),
            student_id=draft.student_id,
            author_id=writer.manager,
            form=PlanPart.LEVEL.value,
            about=level.area,
            version_id=draft.id,
            started_from=part_hash(draft.contents, PlanPart.LEVEL, level.area),
            fields=(
                RawField(name="area", value=level.area),
                RawField(name="strengths", value=level.strengths.text),
                RawField(name="now", value="Writes 4 of 5 letters on the line, and types wh"),
            ),
            saved_at=writer.at(1),
        )
    )


def _known(writer: Writer) -> None:
    """Some of the staff have said that they know their duties."""
    for child, keys in _DUTIES_KNOWN.items():
        version_id = first_version_id(child)
        for key in keys:
            writer.uow.plans.add_receipt(
                DutyReceipt(
                    student_id=StudentId(demo_id("student", child)),
                    version_id=version_id,
                    adult_id=AdultId(demo_id("adult", key)),
                    got_at=writer.at(20),
                )
            )


def _first(writer: Writer, child: str) -> PlanVersion:
    version = writer.uow.plans.version(first_version_id(child))
    assert version is not None  # the file has a plan of each child named here
    return version


def _next(
    before: PlanVersion, child: str, amendment: Amendment, begins_on: date, manager: AdultId
) -> PlanVersion:
    """Return the draft of an amendment with everything that the version before says."""
    return replace(
        before,
        id=PlanVersionId(demo_id("plan", child, "2")),
        number=2,
        begins_on=begins_on,
        ends_on=max(before.ends_on, begins_on),
        written_by=manager,
        state=PlanState.DRAFT,
        amendment=amendment,
        notice_id=None,
        steps=(),
        version=1,
    )
