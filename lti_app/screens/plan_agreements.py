"""Consents and copies around a plan: asked for, recorded as signed on paper or elsewhere, sent to whom."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID, uuid4

from flask import Blueprint, Response, request
from markupsafe import Markup

from iepcore.caseload import Caseload, ConsentAsked, NewCopy, PlanPage
from iepcore.errors import Conflict, IllegalMove, InvalidValue, NotFound
from iepcore.ids import AdultId, ClientKey, ParentConsentId, PlanVersionId, StudentId
from iepcore.plan.document import (
    ConsentKind,
    CopyFormat,
    CopyKind,
    CopyWay,
    ParentConsent,
    ParentConsentState,
    SignatureMethod,
)
from lti_app.screens.choices import Options, languages
from lti_app.screens.forms import given_key
from lti_app.screens.page import Frame, frame_of
from lti_app.screens.parts import caseload_of
from lti_app.screens.plan_asks import Ask, StepPage, newer_words, rule_words, show_step
from lti_app.screens.plan_fields import PartForm, Typed
from lti_app.screens.plan_papers import (
    consent_kind_words,
    copy_kind_words,
    copy_way_words,
    method_words,
)
from lti_app.screens.plan_routes import plan_path
from lti_app.session.goto import goto
from lti_app.session.viewer import current_viewer

blueprint = Blueprint("plan_agreements", __name__)

_PLAN = "/app/c/<uuid:student_id>/doc"
_NO_ANSWER, _REFUSED = "no_response", "refused"


def _asker(student_id: UUID) -> tuple[Caseload, PlanPage]:
    caseload = caseload_of(current_viewer())
    found = caseload.plans.page(StudentId(student_id))
    if not found.may_ask:
        raise NotFound("parent_consent")
    return caseload, found


def _about(student_id: UUID, version_id: UUID) -> tuple[Caseload, PlanPage]:
    caseload, found = _asker(student_id)
    wanted = PlanVersionId(version_id)
    if all(line.version.id != wanted for line in found.timeline):
        raise NotFound("plan_version")
    return caseload, found


def _adults(caseload: Caseload, found: PlanPage) -> Options:
    """Return the family's adults, whom staff may be shown."""
    family = caseload.goals.student(found.student.id).family
    return [(str(adult.id), adult.name) for _, adult in family]


@blueprint.get(f"{_PLAN}/v/<uuid:version_id>/consent")
def ask_form(student_id: UUID, version_id: UUID) -> Response:
    """Ask what consent is asked for, in which words."""
    caseload, found = _about(student_id, version_id)
    first = found.current is None
    typed = {
        "kind": (ConsentKind.INITIAL_SERVICES if first else ConsentKind.PLAN).value,
        "on": found.today.isoformat(),
    }
    return _ask(caseload, found, version_id, typed)


@blueprint.post(f"{_PLAN}/v/<uuid:version_id>/consent")
def ask(student_id: UUID, version_id: UUID) -> Response:
    """Ask for consent here, or record one that was given in the district's own system."""
    caseload, found = _about(student_id, version_id)
    frame = frame_of(current_viewer())
    form = PartForm(student_id=found.student.id, lang=frame.lang)
    typed = dict(request.form.items())
    kind = form.code(typed, "kind", ConsentKind)
    is_elsewhere = typed.get("do") == "elsewhere"
    text = form.text(typed, "text") if is_elsewhere else form.needed(typed, "text")
    of_id = _adult(typed, form) if typed.get("of") or is_elsewhere else None
    on = form.day(typed, "on") if is_elsewhere else None
    if kind is None or form.errors:
        return _ask(caseload, found, version_id, typed, form.errors)
    asked = ConsentAsked(kind=kind, text=text, of_id=of_id, version_id=PlanVersionId(version_id))
    try:
        if on is not None and of_id is not None:
            caseload.agreeing.done_elsewhere(found.student.id, asked, of_id, on=on)
        else:
            caseload.agreeing.ask(found.student.id, asked)
    except InvalidValue as error:
        form.note(error, "of" if error.field == "signer" else "")
        return _ask(caseload, found, version_id, typed, form.errors)
    except IllegalMove as error:
        return _ask(caseload, found, version_id, typed, refused=rule_words(frame, error))
    return goto(plan_path(found.student.id), said="consent_noted" if on is not None else "consent_asked")


def _adult(typed: Typed, form: PartForm, name: str = "of") -> AdultId | None:
    try:
        return AdultId(UUID(typed.get(name, "")))
    except ValueError:
        form.refuse(name, "answer_missing")
        return None


def _ask(
    caseload: Caseload,
    found: PlanPage,
    version_id: UUID,
    typed: Typed,
    errors: Mapping[str, InvalidValue] | None = None,
    *,
    refused: Markup | str = "",
) -> Response:
    frame = frame_of(current_viewer())
    path = plan_path(found.student.id)
    buttons = [(frame.words("Ask for it"), "ask", "")]
    asks = [
        Ask(
            name="kind",
            kind="select",
            label=frame.words("What is asked for"),
            options=[(one.value, consent_kind_words(frame, one)) for one in ConsentKind],
        ),
        Ask(
            name="text",
            kind="box",
            label=frame.words("What exactly, in words for the family"),
            hint=frame.words("This is what they sign: what will be done, by whom, how often, from when."),
            is_read=True,
        ),
        Ask(
            name="of",
            kind="select",
            label=frame.words("Who is asked"),
            options=[("", frame.words("Anybody who may decide")), *_adults(caseload, found)],
        ),
    ]
    if found.rules.kept_in:
        asks.append(Ask(name="on", kind="date", label=frame.words("Given there on")))
        buttons.append((frame.words("It was given there on that day"), "elsewhere", "quiet"))
    return show_step(
        frame,
        StepPage(
            child=found.student.preferred_name,
            heading=frame.words("Ask for a signature"),
            lead=frame.words(
                "Yes is always free: it can be refused, and taken back for what comes after. "
                "No services of a plan in force stop because somebody did not sign."
            ),
            back=path,
            action=f"{path}/v/{version_id}/consent",
            asks=asks,
            buttons=buttons,
        ),
        typed,
        errors,
        refused=refused,
    )


@blueprint.get(f"{_PLAN}/consent/<uuid:consent_id>")
def record_form(student_id: UUID, consent_id: UUID) -> Response:
    """Ask what came of a consent that was asked for."""
    caseload, found = _asker(student_id)
    consent = _open(found, consent_id)
    return _record(caseload, found, consent, {"on": found.today.isoformat(), "answer": "paper"})


@blueprint.post(f"{_PLAN}/consent/<uuid:consent_id>")
def record(student_id: UUID, consent_id: UUID) -> Response:
    """Record a signature on paper or elsewhere, a no, or that no answer came."""
    caseload, found = _asker(student_id)
    frame = frame_of(current_viewer())
    consent = _open(found, consent_id)
    typed = dict(request.form.items())
    form = PartForm(student_id=found.student.id, lang=frame.lang)
    on = form.day(typed, "on")
    what = typed.get("answer", "")
    signer = None if what == _NO_ANSWER else _adult(typed, form, "signer")
    seen = int(typed["version"]) if typed.get("version", "").isdecimal() else 0
    if form.errors or on is None:
        return _record(caseload, found, consent, typed, form.errors)
    agreeing = caseload.agreeing
    try:
        if signer is None:
            agreeing.unanswered(consent.id, on=on, version=seen)
        elif what == _REFUSED:
            agreeing.refused(consent.id, signer, on=on, version=seen)
        else:
            method = form.code(typed, "answer", SignatureMethod) or SignatureMethod.PAPER
            agreeing.record(consent.id, signer, on=on, method=method, version=seen)
    except InvalidValue as error:
        form.note(error, "answer" if error.field == "method" else "")
        return _record(caseload, found, consent, typed, form.errors)
    except IllegalMove as error:
        return _record(caseload, found, consent, typed, refused=rule_words(frame, error))
    except Conflict:
        return _record(caseload, found, consent, typed, refused=newer_words(frame))
    return goto(plan_path(found.student.id), said="consent_noted")


def _open(found: PlanPage, consent_id: UUID) -> ParentConsent:
    wanted = ParentConsentId(consent_id)
    consent = next((one for one in found.consents if one.id == wanted), None)
    if consent is None or consent.state is not ParentConsentState.REQUESTED:
        raise NotFound("parent_consent")
    return consent


def _record(
    caseload: Caseload,
    found: PlanPage,
    consent: ParentConsent,
    typed: Typed,
    errors: Mapping[str, InvalidValue] | None = None,
    *,
    refused: Markup | str = "",
) -> Response:
    frame = frame_of(current_viewer())
    path = plan_path(found.student.id)
    ways = [(SignatureMethod.PAPER.value, method_words(frame, SignatureMethod.PAPER))]
    if found.rules.kept_in:
        ways.append((SignatureMethod.ELSEWHERE.value, method_words(frame, SignatureMethod.ELSEWHERE)))
    return show_step(
        frame,
        StepPage(
            child=found.student.preferred_name,
            heading=consent_kind_words(frame, consent.kind),
            lead=consent.text.text if consent.text is not None else "",
            back=path,
            action=f"{path}/consent/{consent.id}",
            asks=[
                Ask(
                    name="answer",
                    kind="tiles",
                    label=frame.words("What came of it?"),
                    options=[
                        *ways,
                        (_REFUSED, frame.words("The answer was no")),
                        (_NO_ANSWER, frame.words("No answer came, after efforts that are on record")),
                    ],
                ),
                Ask(
                    name="signer",
                    kind="select",
                    label=frame.words("Who answered"),
                    options=[("", frame.words("Choose")), *_adults(caseload, found)],
                ),
                Ask(name="on", kind="date", label=frame.words("On")),
            ],
            buttons=[(frame.words("Keep it on record"), "record", "")],
            hidden={"version": str(consent.version)},
            after=frame.words("Who signs here in the tool does so alone, on a page of their own."),
        ),
        typed,
        errors,
        refused=refused,
    )


@blueprint.get(f"{_PLAN}/copy")
def copy_form(student_id: UUID) -> Response:
    """Ask what went to whom, when, how and in which form."""
    caseload, found = _copier(student_id)
    typed = {
        "kind": CopyKind.PLAN.value,
        "sent_on": found.today.isoformat(),
        "way": CopyWay.BY_HAND.value,
        "format": CopyFormat.PRINT.value,
        "language": found.student.home_language,
        "client_key": str(uuid4()),
    }
    return _copy(caseload, found, typed)


@blueprint.post(f"{_PLAN}/copy")
def copy(student_id: UUID) -> Response:
    """Keep that a copy went to an adult, free of charge."""
    caseload, found = _copier(student_id)
    frame = frame_of(current_viewer())
    typed = dict(request.form.items())
    form = PartForm(student_id=found.student.id, lang=frame.lang)
    kind, way = form.code(typed, "kind", CopyKind), form.code(typed, "way", CopyWay)
    shape, to_id = form.code(typed, "format", CopyFormat), _adult(typed, form, "to")
    sent_on = form.day(typed, "sent_on")
    if kind is None or way is None or shape is None or to_id is None or sent_on is None:
        return _copy(caseload, found, typed, form.errors)
    newest = found.coming or found.current
    new = NewCopy(
        kind=kind,
        to_id=to_id,
        sent_on=sent_on,
        way=way,
        language=typed.get("language") or frame.lang,
        format=shape,
        version_id=newest.id if newest is not None and kind is CopyKind.PLAN else None,
    )
    try:
        caseload.noticed.note_copy(found.student.id, new, ClientKey(given_key()))
    except InvalidValue as error:
        form.note(error)
        return _copy(caseload, found, typed, form.errors)
    except IllegalMove as error:
        return _copy(caseload, found, typed, refused=rule_words(frame, error))
    return goto(plan_path(found.student.id), said="copy_noted")


def _copier(student_id: UUID) -> tuple[Caseload, PlanPage]:
    caseload = caseload_of(current_viewer())
    found = caseload.plans.page(StudentId(student_id))
    if not found.may_notice:
        raise NotFound("copy_sent")
    return caseload, found


def _formats(frame: Frame) -> Options:
    words = {
        CopyFormat.PRINT: frame.words("On paper"),
        CopyFormat.SCREEN: frame.words("On a screen"),
        CopyFormat.LARGE_PRINT: frame.words("In large print"),
        CopyFormat.BRAILLE: frame.words("In braille"),
        CopyFormat.AUDIO: frame.words("To listen to"),
        CopyFormat.EASY_READ: frame.words("Easy to read"),
        CopyFormat.TOLD: frame.words("Told aloud"),
    }
    return [(one.value, words[one]) for one in CopyFormat]


def _copy(
    caseload: Caseload,
    found: PlanPage,
    typed: Typed,
    errors: Mapping[str, InvalidValue] | None = None,
    *,
    refused: Markup | str = "",
) -> Response:
    frame = frame_of(current_viewer())
    path = plan_path(found.student.id)
    return show_step(
        frame,
        StepPage(
            child=found.student.preferred_name,
            heading=frame.words("Note a copy"),
            lead=frame.words("Parents get a copy of the plan free of charge. Note what went to whom."),
            back=path,
            action=f"{path}/copy",
            asks=[
                Ask(
                    name="kind",
                    kind="select",
                    label=frame.words("What"),
                    options=[(one.value, copy_kind_words(frame, one)) for one in CopyKind],
                ),
                Ask(
                    name="to",
                    kind="select",
                    label=frame.words("To whom"),
                    options=[("", frame.words("Choose")), *_adults(caseload, found)],
                ),
                Ask(name="sent_on", kind="date", label=frame.words("Sent on")),
                Ask(
                    name="way",
                    kind="select",
                    label=frame.words("How it went"),
                    options=[(one.value, copy_way_words(frame, one)) for one in CopyWay],
                ),
                Ask(
                    name="format", kind="select", label=frame.words("In which form"), options=_formats(frame)
                ),
                Ask(
                    name="language",
                    kind="select",
                    label=frame.words("In which language"),
                    options=languages(frame, held=typed.get("language", "")),
                ),
            ],
            buttons=[(frame.words("Keep it on record"), "copy", "")],
            hidden={"client_key": typed.get("client_key", "")},
        ),
        typed,
        errors,
        refused=refused,
    )
