"""A plan is begun or changed: its days, how a change came about, and why."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, request
from markupsafe import Markup

from iepcore.caseload import Caseload, NewAmendment, PlanDays, PlanPage
from iepcore.errors import Conflict, IllegalMove, InvalidValue, NotFound
from iepcore.ids import StudentId
from iepcore.plan.document import AmendmentMethod, PlanVersion
from lti_app.screens.goal_form import a_year_after
from lti_app.screens.page import Frame, frame_of
from lti_app.screens.parts import caseload_of
from lti_app.screens.plan_asks import Ask, StepPage, rule_words, show_step
from lti_app.screens.plan_fields import PartForm, Typed
from lti_app.screens.plan_routes import plan_path
from lti_app.session.goto import goto
from lti_app.session.viewer import current_viewer

blueprint = Blueprint("plan_begin", __name__)


def writable(caseload: Caseload, student_id: UUID) -> PlanPage:
    """Return the child's plan for somebody who may begin and change all of it.

    Raises:
        NotFound: the viewer may only read, or write a part of their own.
    """
    found = caseload.plans.page(StudentId(student_id))
    if not found.may_step:
        raise NotFound("plan_version")
    return found


def drafted(caseload: Caseload, student_id: UUID) -> tuple[PlanPage, PlanVersion]:
    """Return the child's plan with its draft.

    Raises:
        NotFound: nothing is being written, or the viewer may not write.
    """
    found = caseload.plans.page(StudentId(student_id))
    if found.draft is None or not found.may_write:
        raise NotFound("plan_version")
    return found, found.draft


def stepping(caseload: Caseload, student_id: UUID) -> tuple[PlanPage, PlanVersion]:
    """Return the child's plan with its draft, for somebody who may take steps with all of it.

    Raises:
        NotFound: nothing is being written, or the viewer writes a part of their own at most.
    """
    found, draft = drafted(caseload, student_id)
    if not found.may_step:
        raise NotFound("plan_version")
    return found, draft


@blueprint.get("/app/c/<uuid:student_id>/doc/begin")
def begin_form(student_id: UUID) -> Response:
    """Ask for the days of a first or the next yearly plan."""
    return _begin(writable(caseload_of(current_viewer()), student_id), None)


@blueprint.post("/app/c/<uuid:student_id>/doc/begin")
def begin(student_id: UUID) -> Response:
    """Begin the plan; a second send leads to the same draft."""
    caseload = caseload_of(current_viewer())
    found = writable(caseload, student_id)
    if found.draft is not None:
        return goto(f"{plan_path(found.student.id)}/draft")
    form = _form(found)
    days = _read_days(request.form, form, None)
    if days is None:
        return _begin(found, request.form, form.errors)
    try:
        caseload.drafting.start(found.student.id, days)
    except InvalidValue as error:
        form.note(error)
        return _begin(found, request.form, form.errors)
    except IllegalMove as error:
        return _begin(found, request.form, refused=rule_words(frame_of(current_viewer()), error))
    return goto(f"{plan_path(found.student.id)}/draft")


def _form(found: PlanPage) -> PartForm:
    return PartForm(student_id=found.student.id, lang=frame_of(current_viewer()).lang)


def _begin(
    found: PlanPage,
    typed: Typed | None,
    errors: dict[str, InvalidValue] | None = None,
    *,
    refused: Markup | str = "",
) -> Response:
    frame = frame_of(current_viewer())
    first_day = found.today + timedelta(days=14)
    given = typed or {
        "reviewed_on": found.today.isoformat(),
        "begins_on": first_day.isoformat(),
        "ends_on": (a_year_after(found.today) - timedelta(days=1)).isoformat(),
        "as_of": found.today.isoformat() if found.rules.kept_in else "",
    }
    is_next = found.current is not None
    step = StepPage(
        child=found.student.preferred_name,
        heading=frame.words("Next yearly plan") if is_next else frame.words("Begin the plan"),
        lead=frame.words(
            "It begins with what the plan in force says. Concerns and the summer are asked anew."
        )
        if is_next
        else frame.words("First the days. All of them can be changed while it is a draft."),
        back=plan_path(found.student.id),
        action=f"{plan_path(found.student.id)}/begin",
        asks=_day_asks(frame, found),
        buttons=[(frame.words("Begin to write"), "begin", "")],
        after=frame.words("Nobody but the team sees a draft."),
    )
    return show_step(frame, step, given, errors, refused=refused)


def _day_asks(frame: Frame, found: PlanPage) -> list[Ask]:
    asks = [
        Ask(
            name="reviewed_on",
            kind="date",
            label=frame.words("Yearly meeting this plan rests on"),
            hint=frame.words("The next yearly review counts from this day."),
        ),
        Ask(name="begins_on", kind="date", label=frame.words("First day of the plan")),
        Ask(name="ends_on", kind="date", label=frame.words("Last day of the plan")),
    ]
    if found.rules.kept_in:
        asks.append(as_of_ask(frame))
    return asks


def as_of_ask(frame: Frame) -> Ask:
    """Return the question of how old a working copy is."""
    return Ask(
        name="as_of",
        kind="date",
        label=frame.words("The official plan stood like this on"),
        hint=frame.words("It is kept in the district’s own system; this is a working copy of it."),
        optional=frame.words("leave empty for a plan of our own"),
    )


def _read_days(typed: Typed, form: PartForm, draft: PlanVersion | None) -> PlanDays | None:
    reviewed_on = (
        draft.reviewed_on if draft is not None and draft.amendment else form.day(typed, "reviewed_on")
    )
    begins_on, ends_on = form.day(typed, "begins_on"), form.day(typed, "ends_on")
    as_of = form.day(typed, "as_of") if typed.get("as_of", "").strip() else None
    if form.errors or reviewed_on is None or begins_on is None or ends_on is None:
        return None
    return PlanDays(reviewed_on=reviewed_on, begins_on=begins_on, ends_on=ends_on, as_of=as_of)


@blueprint.get("/app/c/<uuid:student_id>/doc/amend")
def amend_form(student_id: UUID) -> Response:
    """Ask how a change of the plan came about."""
    return _amend(writable(caseload_of(current_viewer()), student_id), None)


@blueprint.post("/app/c/<uuid:student_id>/doc/amend")
def amend(student_id: UUID) -> Response:
    """Begin a change of the plan in force, from a day on, without rewriting what was before."""
    viewer = current_viewer()
    frame = frame_of(viewer)
    caseload = caseload_of(viewer)
    found = writable(caseload, student_id)
    if found.draft is not None:
        return goto(f"{plan_path(found.student.id)}/draft")
    form = _form(found)
    new = _read_amendment(request.form, form)
    if new is None:
        return _amend(found, request.form, form.errors)
    try:
        caseload.drafting.amend(found.student.id, new)
    except InvalidValue as error:
        form.note(error)
        return _amend(found, request.form, form.errors)
    except IllegalMove as error:
        return _amend(found, request.form, refused=rule_words(frame, error))
    return goto(f"{plan_path(found.student.id)}/draft")


def _read_amendment(typed: Typed, form: PartForm) -> NewAmendment | None:
    method = form.code(typed, "method", AmendmentMethod)
    agreed_on, begins_on = form.day(typed, "agreed_on"), form.day(typed, "begins_on")
    why = form.needed(typed, "why")
    told_on = form.day(typed, "team_informed_on") if typed.get("team_informed_on", "").strip() else None
    as_of = form.day(typed, "as_of") if typed.get("as_of", "").strip() else None
    if form.errors or method is None or agreed_on is None or begins_on is None or why is None:
        return None
    return NewAmendment(
        method=method,
        agreed_on=agreed_on,
        why=why,
        begins_on=begins_on,
        team_informed_on=told_on,
        copy_asked=typed.get("copy_asked") == "1",
        as_of=as_of,
    )


def _amend(
    found: PlanPage,
    typed: Typed | None,
    errors: dict[str, InvalidValue] | None = None,
    *,
    refused: Markup | str = "",
    draft: PlanVersion | None = None,
) -> Response:
    frame = frame_of(current_viewer())
    path = plan_path(found.student.id)
    step = StepPage(
        child=found.student.preferred_name,
        heading=frame.words("Change the plan"),
        lead=frame.words(
            "What was agreed before stays as it was. The change holds from its own first day, and the day of "
            "the next yearly review does not move."
        ),
        back=f"{path}/draft" if draft else path,
        action=f"{path}/draft/days" if draft else f"{path}/amend",
        asks=[
            Ask(
                name="method",
                kind="tiles",
                label=frame.words("How was it agreed?"),
                options=[
                    (AmendmentMethod.MEETING.value, frame.words("In a meeting of the team")),
                    (
                        AmendmentMethod.AGREEMENT.value,
                        frame.words("Without a meeting: parent and school agree"),
                    ),
                ],
            ),
            Ask(
                name="agreed_on",
                kind="date",
                label=frame.words("Agreed on"),
                hint=frame.words("The day the parent and the school agreed."),
            ),
            Ask(
                name="why",
                kind="box",
                label=frame.words("Why the plan changes"),
                hint=frame.words("The family reads this beside each change, so write it for them."),
                is_read=True,
            ),
            Ask(name="begins_on", kind="date", label=frame.words("The change holds from")),
            Ask(
                name="team_informed_on",
                kind="date",
                label=frame.words("Everybody on the team was told on"),
                optional=frame.words("can be added later"),
            ),
            Ask(
                name="copy_asked",
                kind="check",
                label=frame.words("The parent wants a revised copy of the whole plan"),
            ),
            *([as_of_ask(frame)] if found.rules.kept_in else []),
        ],
        buttons=[
            (frame.words("Keep") if draft else frame.words("Begin to write the change"), "begin", ""),
        ],
        hidden={"version": str(draft.version)} if draft else {},
    )
    given = typed or {
        "agreed_on": found.today.isoformat(),
        "begins_on": (found.today + timedelta(days=14)).isoformat(),
        "as_of": found.today.isoformat() if found.rules.kept_in else "",
    }
    return show_step(frame, step, given, errors, refused=refused)


@blueprint.get("/app/c/<uuid:student_id>/doc/draft/days")
def days_form(student_id: UUID) -> Response:
    """Show the days of the draft."""
    found, draft = stepping(caseload_of(current_viewer()), student_id)
    return _days(found, draft, None)


@blueprint.post("/app/c/<uuid:student_id>/doc/draft/days")
def set_days(student_id: UUID) -> Response:
    """Change the days of the draft, or how a change came about."""
    viewer = current_viewer()
    frame = frame_of(viewer)
    caseload = caseload_of(viewer)
    found, draft = stepping(caseload, student_id)
    form = _form(found)
    seen = int(request.form.get("version", "0")) if request.form.get("version", "").isdecimal() else 0
    try:
        if draft.amendment is not None:
            new = _read_amendment(request.form, form)
            if new is not None:
                caseload.drafting.tell(draft.id, new, version=seen)
        else:
            days = _read_days(request.form, form, draft)
            if days is not None:
                caseload.drafting.set_days(draft.id, days, version=seen)
    except InvalidValue as error:
        form.note(error)
    except IllegalMove as error:
        return _days(found, draft, request.form, refused=rule_words(frame, error))
    except Conflict:
        newer = frame.words("A colleague changed the draft meanwhile. Look at your days again and keep them.")
        found, draft = stepping(caseload, student_id)
        return _days(found, draft, request.form, refused=newer)
    if form.errors:
        return _days(found, draft, request.form, form.errors)
    return goto(f"{plan_path(found.student.id)}/draft", said="plan_kept")


def _days(
    found: PlanPage,
    draft: PlanVersion,
    typed: Typed | None,
    errors: dict[str, InvalidValue] | None = None,
    *,
    refused: Markup | str = "",
) -> Response:
    frame = frame_of(current_viewer())
    held = {
        "reviewed_on": draft.reviewed_on.isoformat(),
        "begins_on": draft.begins_on.isoformat(),
        "ends_on": draft.ends_on.isoformat(),
        "as_of": draft.as_of.isoformat() if draft.as_of else "",
    }
    amendment = draft.amendment
    if amendment is not None:
        told = amendment.team_informed_on
        held |= {
            "method": amendment.method.value,
            "agreed_on": amendment.agreed_on.isoformat(),
            "why": amendment.why.text,
            "team_informed_on": told.isoformat() if told else "",
            "copy_asked": "1" if amendment.copy_asked else "",
        }
        return _amend(found, typed or held, errors, refused=refused, draft=draft)
    path = plan_path(found.student.id)
    step = StepPage(
        child=found.student.preferred_name,
        heading=frame.words("Days of the plan"),
        lead="",
        back=f"{path}/draft",
        action=f"{path}/draft/days",
        asks=_day_asks(frame, found),
        buttons=[(frame.words("Keep"), "keep", "")],
        hidden={"version": str(draft.version)},
    )
    return show_step(frame, step, typed or held, errors, refused=refused)
