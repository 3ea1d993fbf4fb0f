"""Rights and age: whose rights they are, the student's own page, and windows for people from outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from flask import Blueprint, Response, request

from iepcore.caseload import Caseload, RightsPage, TransferNote, WindowNote
from iepcore.errors import Conflict, IllegalMove, InvalidValue
from iepcore.ids import AccessWindowId, AdultId, RelationshipId, StudentId
from iepcore.language import format_day
from iepcore.people import AccessWindow, RightsStage, TransferOutcome, WindowKind, WindowPart
from lti_app.screens.choices import Options, refusal
from lti_app.screens.forms import given_id
from lti_app.screens.page import Frame, advice, frame_of, page
from lti_app.screens.parts import caseload_of
from lti_app.screens.said import said_words
from lti_app.session.goto import goto
from lti_app.session.viewer import Viewer, current_viewer

blueprint = Blueprint("rights", __name__)

Answer = str | Response | tuple[str, int]
Errors = list[tuple[str, str]]

_SAID = {
    "transfer": "transfer_noted",
    "birthday": "transfer_noted",
    "student": "student_let_in",
    "window": "window_opened",
    "close": "window_closed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowLine:
    """One window: to whom, what, when, resting on what; ``id`` is sent to close it while it is to come or
    open."""

    name: str
    kind: str
    when: str
    parts: str
    basis: str
    state: str
    is_open: bool
    id: str


@blueprint.get("/app/c/<uuid:student_id>/rights")
def rights(student_id: UUID) -> Answer:
    """Show whose rights they are and what was opened to whom."""
    viewer = current_viewer()
    return _page(viewer, caseload_of(viewer), StudentId(student_id))


@blueprint.post("/app/c/<uuid:student_id>/rights")
def change(student_id: UUID) -> Answer:
    """Take a confirmation back or put it back, note a transfer, open the student's page, open or close a
    window."""
    viewer = current_viewer()
    caseload, child = caseload_of(viewer), StudentId(student_id)
    do = request.form.get("do", "")
    frame = frame_of(viewer)
    try:
        if do in {"end", "back"}:
            step = caseload.rights.end if do == "end" else caseload.rights.put_back
            step(RelationshipId(given_id("relationship")), child)
            said = "confirmation_ended" if do == "end" else "confirmation_back"
            return goto(f"/app/c/{student_id}/family", said=said)
        if do not in _SAID:
            raise InvalidValue("unknown_field", field="do")
        _do(do, caseload, child)
    except InvalidValue as error:
        wrong: Errors = [(error.field or "do", advice(error, frame))]
        return _page(viewer, caseload, child, do=do, errors=wrong), 422
    except Conflict:
        words = frame.words("A colleague noted something first. It stands below; yours is in the form.")
        return _page(viewer, caseload, child, do=do, refused=words), 409
    except IllegalMove as error:
        return _page(viewer, caseload, child, do=do, refused=str(refusal(frame, error))), 409
    return goto(f"/app/c/{student_id}/rights", said=_SAID[do])


def _do(do: str, caseload: Caseload, child: StudentId) -> None:
    if do == "transfer":
        caseload.rights.note_transfer(child, _transfer())
    elif do == "birthday":
        born_on = _day("born_on")
        if born_on is None:
            raise InvalidValue("not_a_date", field="born_on")
        caseload.rights.note_birthday(child, born_on)
    elif do == "student":
        agreed = request.form.get("agreed_by", "")
        caseload.rights.let_student_in(
            child, basis=_text("basis"), agreed_by=AdultId(given_id("agreed_by")) if agreed else None
        )
    elif do == "close":
        caseload.rights.close_window(AccessWindowId(given_id("window")), child)
    else:
        caseload.rights.open_window(child, _window(caseload))


def _text(name: str) -> str:
    return request.form.get(name, "").strip()


def _day(name: str) -> date | None:
    text = _text(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidValue("not_a_date", field=name) from None


def _transfer() -> TransferNote:
    try:
        outcome = TransferOutcome(_text("outcome"))
    except ValueError:
        raise InvalidValue("unknown_field", field="outcome") from None
    version = _text("version")
    return TransferNote(
        outcome=outcome,
        basis=_text("basis"),
        student_told_on=_day("student_told_on"),
        parents_told_on=_day("parents_told_on"),
        parents_may_write=_text("parents_may_write") == "1",
        version=int(version) if version.isdecimal() else 0,
    )


def _window(caseload: Caseload) -> WindowNote:
    try:
        kind = WindowKind(_text("kind"))
        parts = frozenset(WindowPart(one) for one in request.form.getlist("parts"))
    except ValueError:
        raise InvalidValue("unknown_field", field="kind") from None
    first = _day("first_day")
    if first is None:
        raise InvalidValue("not_a_date", field="first_day")
    last = (_day("last_day") or first) if kind is WindowKind.CONSENT else first
    zone = caseload.desk.clock.zone
    agreed = _text("agreed_by")
    return WindowNote(
        adult_id=AdultId(given_id("adult")),
        kind=kind,
        opens_at=datetime.combine(first, _time("from", time(0, 0)), zone),
        closes_at=datetime.combine(last, _time("to", time(23, 59)), zone),
        parts=parts if kind is WindowKind.CONSENT else frozenset({WindowPart.PLAN}),
        basis=_text("basis"),
        purpose=_text("purpose"),
        agreed_by=AdultId(given_id("agreed_by")) if agreed else None,
    )


def _time(name: str, usual: time) -> time:
    text = _text(name)
    try:
        return time.fromisoformat(text) if text else usual
    except ValueError:
        raise InvalidValue("time_form", field=name) from None


def _page(
    viewer: Viewer,
    caseload: Caseload,
    child: StudentId,
    *,
    do: str = "",
    errors: Errors | None = None,
    refused: str = "",
) -> str:
    frame = frame_of(viewer)
    found = caseload.rights.page(child)
    transfer = found.transfer
    noted = {
        "outcome": transfer.outcome.value if transfer else TransferOutcome.TRANSFERS.value,
        "basis": transfer.basis if transfer else "",
        "student_told_on": _iso(transfer.student_told_on) if transfer else "",
        "parents_told_on": _iso(transfer.parents_told_on) if transfer else "",
        "parents_may_write": "1" if transfer and transfer.parents_may_write else "",
    }
    typed = {name: request.form.get(name, "").strip() for name in request.form} if do else {}
    return page(
        frame,
        "rights.html",
        title=frame.words("Rights and age"),
        child=found.student.preferred_name,
        back=f"/app/c/{child}/family",
        action=f"/app/c/{child}/rights",
        stage=_stage(frame, found),
        turns=[_turn(frame, day, stage) for day, stage in found.turns],
        citation=found.citation,
        no_birthday=found.student.born_on is None,
        born_on=typed.get("born_on", "") or _iso(found.student.born_on),
        outcomes=_outcomes(frame),
        noted=typed if do == "transfer" else noted,
        noted_by=_noted_by(frame, found),
        version=transfer.version if transfer else 0,
        own=found.own is not None,
        own_since=format_day(found.own.valid_from, frame.lang) if found.own else "",
        own_agreed=found.names.get(found.own.agreed_by, "") if found.own and found.own.agreed_by else "",
        own_id=str(found.own.id) if found.own else "",
        is_minor=found.stage is RightsStage.PARENTS,
        student_voice=found.student_voice,
        deciders=[("", frame.words("Choose")), *((str(one.id), one.name) for one in found.deciders)],
        signers=[("", frame.words("Choose")), *((str(one.id), one.name) for one in found.signers)],
        interpreters=[(str(one.id), one.name) for one in found.interpreters],
        outsiders=[(str(one.id), one.name) for one in found.outsiders],
        windows=[_window_line(frame, found, one) for one in found.windows],
        typed=typed,
        kind=typed.get("kind", ""),
        do=do,
        errors=errors or [],
        wrong=dict(errors or []),
        may_change=found.may_change,
        refused=refused,
        said_sentence=said_words(frame, request.args.get("said", "")),
    )


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _outcomes(frame: Frame) -> Options:
    return [
        (TransferOutcome.TRANSFERS.value, frame.words("The rights pass to the student")),
        (
            TransferOutcome.PARENTS_STILL_READ.value,
            frame.words("They pass, and the parents go on reading: the student agrees, or is a dependent"),
        ),
        (
            TransferOutcome.STAYS_WITH_PARENTS.value,
            frame.words("They stay with the parents: a court or state procedure says so"),
        ),
    ]


def _stage(frame: Frame, found: RightsPage) -> str:
    child = found.student.preferred_name
    return {
        RightsStage.PARENTS: frame.words("Today the rights are the parents’."),
        RightsStage.BOTH: frame.words(
            "Today %(child)s and the parents both read. On the plan the parents decide until the age of "
            "majority here; what leaves the school both sign.",
            child=child,
        ),
        RightsStage.STUDENT: frame.words(
            "Today the rights are %(child)s’s own. The parents get the notices.", child=child
        ),
    }[found.stage]


def _turn(frame: Frame, day: date, stage: RightsStage) -> str:
    words = {
        RightsStage.BOTH: frame.words("The record is open to the student as well."),
        RightsStage.STUDENT: frame.words("The rights pass to the student; the parents’ pages close."),
    }.get(stage, "")
    return f"{format_day(day, frame.lang)}: {words}"


def _noted_by(frame: Frame, found: RightsPage) -> str:
    if found.transfer is None:
        return ""
    return frame.words(
        "Noted by %(name)s on %(day)s",
        name=found.names.get(found.transfer.noted_by) or frame.words("somebody who left"),
        day=format_day(frame.local(found.transfer.noted_at).date(), frame.lang),
    )


def _window_line(frame: Frame, found: RightsPage, held: AccessWindow) -> WindowLine:
    opens, closes = frame.local(held.opens_at), frame.local(held.closes_at)
    is_over = held.last_moment <= found.now
    state = frame.words("over") if is_over else frame.words("to come")
    if held.is_open_at(found.now):
        state = frame.words("open now")
    parts = {WindowPart.PLAN: frame.words("the plan"), WindowPart.GOALS: frame.words("the goals")}
    kinds = {
        WindowKind.MEETING: frame.words("Interpreter of a meeting"),
        WindowKind.CONSENT: frame.words("By signed consent"),
    }
    days = [format_day(opens.date(), frame.lang), opens.strftime("%H:%M")]
    same = opens.date() == closes.date()
    until = closes.strftime("%H:%M") if same else f"{format_day(closes.date(), frame.lang)} {closes:%H:%M}"
    return WindowLine(
        name=found.names.get(held.adult_id) or frame.words("somebody who left"),
        kind=kinds[held.kind],
        when=f"{' '.join(days)} – {until}",
        parts=", ".join(parts[one] for one in sorted(held.parts)),
        basis=held.basis,
        state=state,
        is_open=not is_over,
        id=str(held.id),
    )
