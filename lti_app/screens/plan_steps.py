"""The steps of a plan: propose it, put it in effect, note what was not accepted, end it, adopt what came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, request
from markupsafe import Markup

from iepcore.caseload import Caseload, PlanPage
from iepcore.errors import Conflict, IllegalMove, InvalidValue, NotFound
from iepcore.ids import PlanVersionId, StudentId
from iepcore.language import format_day
from iepcore.plan.document import IN_FORCE, NoticeStep, PlanState, PlanVersion, differences
from lti_app.screens import plan_versions as versions
from lti_app.screens.page import Frame, frame_of
from lti_app.screens.parts import caseload_of
from lti_app.screens.plan_asks import Ask, StepPage, newer_words, rule_words, show_step
from lti_app.screens.plan_begin import stepping
from lti_app.screens.plan_changes import ChangeLine, change_lines
from lti_app.screens.plan_draft import steps_of
from lti_app.screens.plan_fields import PartForm, Typed
from lti_app.screens.plan_routes import plan_path, rows_of_lacks
from lti_app.session.goto import goto
from lti_app.session.viewer import current_viewer

blueprint = Blueprint("plan_steps", __name__)

_VERSION = "/app/c/<uuid:student_id>/doc/v/<uuid:version_id>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Where a step is taken: the child's plan and the version it is about."""

    caseload: Caseload
    found: PlanPage
    version: PlanVersion
    frame: Frame

    @property
    def path(self) -> str:
        """Where the child's plan is read."""
        return plan_path(self.found.student.id)

    @property
    def lines(self) -> list[ChangeLine]:
        """What the version changes."""
        before = versions.before_of(self.version, [line.version for line in self.found.timeline])
        if before is None:
            return []
        return change_lines(self.frame, differences(before.contents, self.version.contents))


def step_at(student_id: UUID, version_id: UUID) -> Step:
    """Return where a step is taken.

    Raises:
        NotFound: no such version of this child, or the viewer may not write its plan.
    """
    caseload = caseload_of(current_viewer())
    found = caseload.plans.page(StudentId(student_id))
    wanted = PlanVersionId(version_id)
    version = next((line.version for line in found.timeline if line.version.id == wanted), None)
    if version is None or not found.may_step:
        raise NotFound("plan_version")
    return Step(caseload=caseload, found=found, version=version, frame=frame_of(current_viewer()))


def _number(typed: Typed) -> int:
    text = typed.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


@blueprint.get("/app/c/<uuid:student_id>/doc/propose")
def propose_form(student_id: UUID) -> Response:
    """Show what is proposed and what is still missing."""
    return _propose(student_id)


@blueprint.post("/app/c/<uuid:student_id>/doc/propose")
def propose(student_id: UUID) -> Response:
    """Propose the draft to the family."""
    caseload = caseload_of(current_viewer())
    found, draft = stepping(caseload, student_id)
    frame = frame_of(current_viewer())
    try:
        if draft.is_copy:
            caseload.proposing.record(draft.id)
            return goto(plan_path(found.student.id), said="plan_in_effect")
        caseload.proposing.propose(draft.id, version=_number(request.form))
    except IllegalMove as error:
        return _propose(student_id, refused=rule_words(frame, error))
    except Conflict:
        return _propose(student_id, refused=newer_words(frame))
    return goto(plan_path(found.student.id), said="plan_proposed")


def _propose(student_id: UUID, *, refused: Markup | str = "") -> Response:
    caseload = caseload_of(current_viewer())
    frame = frame_of(current_viewer())
    found, draft = stepping(caseload, student_id)
    step = Step(caseload=caseload, found=found, version=draft, frame=frame)
    sent = [
        one.sent_on
        for one in found.notices
        if one.version_id == draft.id and one.step is NoticeStep.PLAN and one.sent_on is not None
    ]
    notes = [
        frame.words("The written notice went on %(day)s.", day=format_day(sent[-1], frame.lang))
        if sent
        else frame.words("The written notice has not gone yet. It goes first.")
    ]
    if draft.is_copy:
        notes = [
            frame.words("The official plan took effect where it is kept. Here it is recorded as it stands.")
        ]
    return show_step(
        frame,
        StepPage(
            child=found.student.preferred_name,
            heading=frame.words("Record the official plan")
            if draft.is_copy
            else frame.words("Propose the plan"),
            lead=frame.words(
                "The family reads it, part by part, and can accept, ask or say no to each. "
                "From then on its words stand; a change is a new draft."
            ),
            back=f"{step.path}/draft",
            action=f"{step.path}/propose",
            asks=[],
            buttons=[
                (
                    frame.words("Record it as in effect") if draft.is_copy else frame.words("Propose it"),
                    "propose",
                    "",
                )
            ],
            hidden={"version": str(draft.version)},
            notes=notes,
            lines=step.lines,
            lacking=[] if draft.is_copy else rows_of_lacks(frame, found.lacking, draft, may_write=True),
            links=[] if sent or draft.is_copy else [(frame.words("Write the notice"), f"{step.path}/notice")],
            steps=steps_of(frame, "propose"),
        ),
        {},
        refused=refused,
    )


@blueprint.get(f"{_VERSION}/effect")
def effect_form(student_id: UUID, version_id: UUID) -> Response:
    """Show what takes effect from which day."""
    return _effect(step_at(student_id, version_id))


@blueprint.post(f"{_VERSION}/effect")
def effect(student_id: UUID, version_id: UUID) -> Response:
    """Bring the version into effect, from its first day."""
    step = step_at(student_id, version_id)
    try:
        step.caseload.proposing.take_effect(step.version.id)
    except IllegalMove as error:
        if step.version.state is PlanState.IN_EFFECT:
            return goto(step.path, said="plan_in_effect")  # the same tap, sent twice
        return _effect(step, refused=rule_words(step.frame, error))
    return goto(step.path, said="plan_in_effect")


def _effect(step: Step, *, refused: Markup | str = "") -> Response:
    frame, version = step.frame, step.version
    day = format_day(version.begins_on, frame.lang)
    notes = []
    if version.begins_on > step.found.today:
        notes.append(
            frame.words(
                "Its first day is %(day)s. It takes effect then by itself when nothing stands against it.",
                day=day,
            )
        )
    return show_step(
        frame,
        StepPage(
            child=step.found.student.preferred_name,
            heading=frame.words("Put it in effect"),
            lead=frame.words(
                "It holds from %(day)s. The version before it ends the day before and stays readable.",
                day=day,
            ),
            back=step.path,
            action=f"{step.path}/v/{version.id}/effect",
            asks=[],
            buttons=[(frame.words("Put it in effect"), "effect", "")],
            notes=notes,
            lines=step.lines,
            links=[(frame.words("Ask for a signature"), f"{step.path}/v/{version.id}/consent")],
            steps=steps_of(frame, "effect"),
            after=frame.words("Staff who teach the child are then asked to read their duties in it."),
        ),
        {},
        refused=refused,
    )


@blueprint.get(f"{_VERSION}/answer")
def answer_form(student_id: UUID, version_id: UUID) -> Response:
    """Ask what of the proposal was not accepted."""
    return _answer(step_at(student_id, version_id), {})


@blueprint.post(f"{_VERSION}/answer")
def answer(student_id: UUID, version_id: UUID) -> Response:
    """Note that it was not accepted, or in part; what is in effect stays in effect."""
    step = step_at(student_id, version_id)
    form = PartForm(student_id=step.found.student.id, lang=step.frame.lang)
    said = form.code(request.form, "answer", PlanState)
    if said is None:
        return _answer(step, request.form, form.errors)
    try:
        step.caseload.proposing.answer(step.version.id, said, version=_number(request.form))
    except IllegalMove as error:
        return _answer(step, request.form, refused=rule_words(step.frame, error))
    except Conflict:
        return _answer(step_at(student_id, version_id), request.form, refused=newer_words(step.frame))
    return goto(step.path, said="plan_answered")


def _answer(
    step: Step,
    typed: Typed,
    errors: Mapping[str, InvalidValue] | None = None,
    *,
    refused: Markup | str = "",
) -> Response:
    frame = step.frame
    return show_step(
        frame,
        StepPage(
            child=step.found.student.preferred_name,
            heading=frame.words("It was not accepted"),
            lead=frame.words(
                "The plan in effect stays in effect. What was accepted can be proposed anew, as a change."
            ),
            back=step.path,
            action=f"{step.path}/v/{step.version.id}/answer",
            asks=[
                Ask(
                    name="answer",
                    kind="tiles",
                    label=frame.words("What did the family say?"),
                    options=[
                        (PlanState.PARTLY_ACCEPTED.value, frame.words("Yes to some parts, no to others")),
                        (PlanState.REJECTED.value, frame.words("No to all of it")),
                    ],
                )
            ],
            buttons=[(frame.words("Note it"), "answer", "")],
            hidden={"version": str(step.version.version)},
        ),
        typed,
        errors,
        refused=refused,
    )


@blueprint.get("/app/c/<uuid:student_id>/doc/end")
def end_form(student_id: UUID) -> Response:
    """Ask how and when the plan in force ends."""
    return _end(_in_force(student_id), {})


@blueprint.post("/app/c/<uuid:student_id>/doc/end")
def end(student_id: UUID) -> Response:
    """End the plan in force; it stays readable."""
    step = _in_force(student_id)
    form = PartForm(student_id=step.found.student.id, lang=step.frame.lang)
    how, last_day = form.code(request.form, "how", PlanState), form.day(request.form, "last_day")
    if how is None or last_day is None:
        return _end(step, request.form, form.errors)
    try:
        step.caseload.proposing.end(step.version.id, how, last_day=last_day)
    except IllegalMove as error:
        return _end(step, request.form, refused=rule_words(step.frame, error))
    return goto(step.path, said="plan_ended")


def _in_force(student_id: UUID) -> Step:
    caseload = caseload_of(current_viewer())
    found = caseload.plans.page(StudentId(student_id))
    version = found.coming or found.current
    if version is None or version.state not in IN_FORCE or not found.may_step:
        raise NotFound("plan_version")
    return Step(caseload=caseload, found=found, version=version, frame=frame_of(current_viewer()))


def _end(
    step: Step,
    typed: Typed,
    errors: Mapping[str, InvalidValue] | None = None,
    *,
    refused: Markup | str = "",
) -> Response:
    frame = step.frame
    given = typed or {"last_day": (step.found.today - timedelta(days=1)).isoformat()}
    return show_step(
        frame,
        StepPage(
            child=step.found.student.preferred_name,
            heading=frame.words("End the plan"),
            lead=frame.words("Nothing is erased: what it said stays readable, with the days it held."),
            back=step.path,
            action=f"{step.path}/end",
            asks=[
                Ask(
                    name="how",
                    kind="tiles",
                    label=frame.words("How does it end?"),
                    options=[
                        (
                            PlanState.ENDED_BY_EXIT.value,
                            frame.words("The student no longer needs services, or leaves school"),
                        ),
                        (
                            PlanState.ENDED_BY_REVOCATION.value,
                            frame.words("The parent took consent back, in writing"),
                        ),
                        (PlanState.TRANSFERRED_OUT.value, frame.words("The student moves to another school")),
                    ],
                ),
                Ask(name="last_day", kind="date", label=frame.words("Last day it holds")),
            ],
            buttons=[(frame.words("End it"), "end", "grave")],
            links=[
                (frame.words("Notice before services end"), f"{step.path}/notice?for=exit"),
                (frame.words("Notice after consent was taken back"), f"{step.path}/notice?for=revocation"),
            ],
        ),
        given,
        errors,
        refused=refused,
    )


@blueprint.get(f"{_VERSION}/adopt")
def adopt_form(student_id: UUID, version_id: UUID) -> Response:
    """Say what adopting means."""
    return _adopt(step_at(student_id, version_id))


@blueprint.post(f"{_VERSION}/adopt")
def adopt(student_id: UUID, version_id: UUID) -> Response:
    """Adopt a plan that came with the child as this district's own."""
    step = step_at(student_id, version_id)
    try:
        step.caseload.proposing.adopt(step.version.id, version=_number(request.form))
    except IllegalMove as error:
        return _adopt(step, refused=rule_words(step.frame, error))
    except Conflict:
        return _adopt(step_at(student_id, version_id), refused=newer_words(step.frame))
    return goto(step.path, said="plan_adopted")


def _adopt(step: Step, *, refused: Markup | str = "") -> Response:
    frame = step.frame
    return show_step(
        frame,
        StepPage(
            child=step.found.student.preferred_name,
            heading=frame.words("Adopt it as our own"),
            lead=frame.words(
                "The plan came with the student, and comparable services go on. Once adopted it is this "
                "district’s own plan, as it stands. Otherwise begin a new one."
            ),
            back=step.path,
            action=f"{step.path}/v/{step.version.id}/adopt",
            asks=[],
            buttons=[(frame.words("Adopt it"), "adopt", "")],
            hidden={"version": str(step.version.version)},
        ),
        {},
        refused=refused,
    )
