"""Prior written notice: its seven parts with hints in plain words, kept while written, sent on a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from flask import Blueprint, Response, request
from markupsafe import Markup

from iepcore.caseload import Caseload, PlanPage
from iepcore.errors import Conflict, IllegalMove, InvalidValue, NotFound
from iepcore.ids import StudentId, WrittenNoticeId
from iepcore.language import FreeText, format_day
from iepcore.plan.document import (
    NOTICE_PARTS,
    NoticeParts,
    NoticeStep,
    PlanVersion,
    WrittenNotice,
    differences,
)
from lti_app.screens import plan_versions as versions
from lti_app.screens.choices import languages
from lti_app.screens.page import Frame, frame_of, page
from lti_app.screens.parts import caseload_of
from lti_app.screens.plan_asks import Ask, StepPage, rule_words, show_step
from lti_app.screens.plan_changes import ChangeLine, change_lines
from lti_app.screens.plan_draft import steps_of
from lti_app.screens.plan_fields import PartForm, Typed
from lti_app.screens.plan_keeping import KeptForm, answer_kept, save_if_possible, typed_in, when_kept
from lti_app.screens.plan_notice_words import part_asks, step_words
from lti_app.screens.plan_routes import plan_path, rows_of_lacks
from lti_app.screens.plan_words import written
from lti_app.session.goto import goto
from lti_app.session.viewer import current_viewer

blueprint = Blueprint("plan_notice", __name__)

_STEPS = (NoticeStep.PLAN, NoticeStep.EXIT, NoticeStep.REVOCATION, NoticeStep.REFUSAL, NoticeStep.EVALUATION)


@blueprint.get("/app/c/<uuid:student_id>/doc/notice")
def notice_form(student_id: UUID) -> Response:
    """Show the seven parts, as typed before or as the notice that is not sent yet has them."""
    _, found = _writer(student_id)
    wanted = _step_asked()
    about = _about(found, wanted)
    held = _unsent(found, wanted, about)
    kept = _kept_form(found, wanted, about).of(found.forms)
    typed = (
        typed_in(kept) if kept is not None else _typed(held) if held is not None else _suggested(found, about)
    )
    return _form(found, wanted, about, typed)


@blueprint.post("/app/c/<uuid:student_id>/doc/notice/keep")
def keep(student_id: UUID) -> Response:
    """Keep the notice as it is typed, every second."""
    caseload, found = _writer(student_id)
    wanted = _step_asked()
    which = _kept_form(found, wanted, _about(found, wanted))
    return answer_kept(frame_of(current_viewer()), caseload, which, request.form)


@blueprint.post("/app/c/<uuid:student_id>/doc/notice")
def write_notice(student_id: UUID) -> Response:
    """Keep the notice, or send it: here, or as done in the district's own system on a day."""
    caseload, found = _writer(student_id)
    frame = frame_of(current_viewer())
    wanted = _step_asked()
    about = _about(found, wanted)
    typed = dict(request.form.items())
    form = PartForm(student_id=found.student.id, lang=typed.get("language", frame.lang))
    try:
        if typed.get("do") == "elsewhere":
            on = form.day(typed, "sent_on")
            if on is not None:
                caseload.noticed.sent_elsewhere(
                    found.student.id,
                    on=on,
                    language=typed.get("language", frame.lang),
                    step=wanted,
                    version_id=about.id if about is not None else None,
                )
        else:
            parts = _read(typed, form)
            if parts is not None:
                _keep_or_send(caseload, found, wanted, about, parts, typed, form)
    except InvalidValue as error:
        form.note(error)
    except (IllegalMove, Conflict) as error:
        words = (
            frame.words("A colleague wrote this notice meanwhile. Your words are kept below; look at both.")
            if isinstance(error, Conflict)
            else rule_words(frame, error)
        )
        save_if_possible(caseload, _kept_form(found, wanted, about), typed)
        return _form(caseload.plans.page(found.student.id), wanted, about, typed, refused=words)
    if form.errors:
        save_if_possible(caseload, _kept_form(found, wanted, about), typed)
        return _form(caseload.plans.page(found.student.id), wanted, about, typed, form.errors)
    kept = _kept_form(found, wanted, about).of(found.forms)
    if kept is not None:
        caseload.drafting.drop_form(found.student.id, kept.id)
    is_sent = typed.get("do") in {"send", "elsewhere"}
    path = plan_path(found.student.id)
    if (
        is_sent
        and wanted is NoticeStep.PLAN
        and about is not None
        and about.may_be_written
        and not about.is_copy
    ):
        return goto(f"{path}/propose", said="plan_notice_sent")
    return goto(path, said="plan_notice_sent" if is_sent else "plan_notice_kept")


@blueprint.get("/app/c/<uuid:student_id>/doc/notice/<uuid:notice_id>")
def read_notice(student_id: UUID, notice_id: UUID) -> Response | str:
    """Show a notice as it was sent; one that is not sent yet can still be written."""
    frame = frame_of(current_viewer())
    found = caseload_of(current_viewer()).plans.page(StudentId(student_id))
    notice = next((one for one in found.notices if one.id == WrittenNoticeId(notice_id)), None)
    if notice is None:
        raise NotFound("written_notice")
    path = plan_path(found.student.id)
    if notice.sent_on is None and found.may_notice:
        return goto(f"{path}/notice?for={notice.step.value}")
    lead = ""
    if notice.sent_on is not None:
        lead = frame.words("Sent on %(day)s", day=format_day(notice.sent_on, frame.lang))
    return page(
        frame,
        "plan_notice.html",
        title=frame.words("Written notice"),
        child=found.student.preferred_name,
        path=path,
        lead=lead,
        kept_in=written(notice.kept_in) if notice.kept_in else "",
        parts=[
            (ask.label, frame.say(getattr(notice.parts, ask.name)))
            for ask in part_asks(frame)
            if notice.parts is not None
        ],
        told=frame.say(notice.evidence_of_telling) if notice.evidence_of_telling is not None else "",
    )


def _writer(student_id: UUID) -> tuple[Caseload, PlanPage]:
    caseload = caseload_of(current_viewer())
    found = caseload.plans.page(StudentId(student_id))
    if not found.may_notice:
        raise NotFound("written_notice")
    return caseload, found


def _step_asked() -> NoticeStep:
    """Return what the notice is for: named by the link or the form."""
    wanted = request.form.get("for") or request.args.get("for", "")
    return next((one for one in NoticeStep if one.value == wanted), NoticeStep.PLAN)


def _about(found: PlanPage, step: NoticeStep) -> PlanVersion | None:
    """Return the version a notice is about: what is written or proposed, or what is in force and to end."""
    if step is NoticeStep.PLAN:
        return found.draft or (found.proposed[-1] if found.proposed else None)
    return found.current if step in {NoticeStep.EXIT, NoticeStep.REVOCATION} else None


def _unsent(found: PlanPage, step: NoticeStep, about: PlanVersion | None) -> WrittenNotice | None:
    wanted = about.id if about is not None else None
    return next(
        (
            one
            for one in found.notices
            if one.sent_on is None and one.step is step and one.version_id == wanted
        ),
        None,
    )


def _kept_form(found: PlanPage, step: NoticeStep, about: PlanVersion | None) -> KeptForm:
    return KeptForm(
        student_id=found.student.id,
        form="notice",
        about=step.value,
        version_id=about.id if about is not None else None,
    )


def _typed(notice: WrittenNotice) -> dict[str, str]:
    parts = {name: getattr(notice.parts, name).text for name in NOTICE_PARTS} if notice.parts else {}
    return {**parts, "language": notice.language}


def _suggested(found: PlanPage, about: PlanVersion | None) -> dict[str, str]:
    return {
        "language": found.student.home_language,
        "sent_on": found.today.isoformat(),
        "why": about.amendment.why.text if about is not None and about.amendment is not None else "",
    }


def _read(typed: Typed, form: PartForm) -> NoticeParts | None:
    texts = {name: form.needed(typed, name) for name in NOTICE_PARTS}
    if form.errors:
        return None
    return NoticeParts(**{name: text for name, text in texts.items() if text is not None})


def _keep_or_send(
    caseload: Caseload,
    found: PlanPage,
    step: NoticeStep,
    about: PlanVersion | None,
    parts: NoticeParts,
    typed: Typed,
    form: PartForm,
) -> None:
    held = _unsent(found, step, about)
    seen = typed.get("version", "")
    notice = caseload.noticed.write(
        found.student.id,
        parts,
        language=typed.get("language", form.lang),
        step=step,
        version_id=about.id if about is not None else None,
        notice_id=held.id if held is not None else None,
        version=int(seen) if seen.isdecimal() else 0,
    )
    if typed.get("do") != "send":
        return
    on: date | None = form.day(typed, "sent_on")
    told = form.day(typed, "told_aloud_on") if typed.get("told_aloud_on", "").strip() else None
    evidence: FreeText | None = form.text(typed, "evidence_of_telling")
    if not form.errors:
        caseload.noticed.send(notice.id, on=on, told_aloud_on=told, evidence=evidence)


def _form(
    found: PlanPage,
    step: NoticeStep,
    about: PlanVersion | None,
    typed: Mapping[str, str],
    errors: Mapping[str, InvalidValue] | None = None,
    *,
    refused: Markup | str = "",
) -> Response:
    frame = frame_of(current_viewer())
    path = plan_path(found.student.id)
    held, kept = _unsent(found, step, about), _kept_form(found, step, about).of(found.forms)
    elsewhere = found.rules.kept_in
    asks = [
        *part_asks(frame),
        Ask(
            name="language",
            kind="select",
            label=frame.words("Language of this notice"),
            hint=frame.words("The one the family reads. A person who knows both languages translates it."),
            options=languages(frame, held=typed.get("language", "")),
        ),
        Ask(
            name="sent_on",
            kind="date",
            label=frame.words("Sent to the family on"),
            hint=_send_by(frame, found, step),
        ),
        Ask(
            name="told_aloud_on",
            kind="date",
            label=frame.words("Told aloud on"),
            hint=frame.words("Only where the family’s language is not a written one."),
            optional=frame.words("if it was"),
        ),
        Ask(
            name="evidence_of_telling",
            kind="box",
            label=frame.words("How you know that it was understood"),
            optional=frame.words("only when told aloud"),
            rows=2,
        ),
    ]
    buttons = [
        (frame.words("Note it as sent"), "send", ""),
        (frame.words("Keep, not sent yet"), "keep", "quiet"),
    ]
    if elsewhere:
        buttons.append((frame.words("It was sent there on that day"), "elsewhere", "quiet"))
    return show_step(
        frame,
        StepPage(
            child=found.student.preferred_name,
            heading=frame.words("Written notice"),
            lead=step_words(frame, step),
            back=f"{path}/draft" if about is not None and about.may_be_written else path,
            action=f"{path}/notice",
            asks=asks,
            buttons=buttons,
            hidden={
                "for": step.value,
                "version": str(held.version) if held is not None else "0",
                "draft_version": str(kept.version) if kept is not None else "0",
            },
            notes=[
                frame.words(
                    "It goes to the family before anything changes. Write it for them: short, calm, whole."
                )
            ],
            lines=_lines(frame, found, about) if step is NoticeStep.PLAN else [],
            lacking=rows_of_lacks(frame, found.lacking, about, may_write=found.may_write)
            if about is not None and about.may_be_written
            else [],
            steps=steps_of(frame, "notice") if step is NoticeStep.PLAN else [],
            keep=f"{path}/notice/keep",
            saved_words=frame.words("Kept") if kept is not None else frame.words("Kept as you write"),
            resumed=frame.words("These are your words from %(when)s.", when=when_kept(frame, kept))
            if kept is not None and request.method == "GET"
            else "",
            after=frame.words("Once it is on record as sent, its words stand."),
        ),
        typed,
        errors,
        refused=refused,
    )


def _send_by(frame: Frame, found: PlanPage, step: NoticeStep) -> str:
    by = found.notice_by
    if step is not NoticeStep.PLAN or by is None or by.due_on is None:
        return ""
    return frame.words(
        "To leave time before the first day: %(day)s at the latest.", day=format_day(by.due_on, frame.lang)
    )


def _lines(frame: Frame, found: PlanPage, about: PlanVersion | None) -> list[ChangeLine]:
    if about is None:
        return []
    before = versions.before_of(about, [line.version for line in found.timeline])
    return change_lines(frame, differences(before.contents, about.contents)) if before is not None else []
