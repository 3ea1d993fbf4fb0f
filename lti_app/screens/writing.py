"""Writing to a family: sentences from the data, own words, who reads them in which language, and the send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

from flask import Blueprint, Response, jsonify, make_response, request
from werkzeug.datastructures import MultiDict

from iepcore.caseload import Caseload, ComposePage, Letter
from iepcore.errors import Conflict, IepError, InvalidValue
from iepcore.family import Draft, Message
from iepcore.ids import AdultId, ClientKey, GoalId, MessageId, StudentId
from iepcore.language import FreeText, Part
from iepcore.notices import Urgency
from lti_app.screens.bubbles import clock_words, same_language
from lti_app.screens.forms import given_key
from lti_app.screens.letters import BOXES, Sentence, Written, parts_of, sentences_of, written_of
from lti_app.screens.page import Frame, advice, frame_of, page
from lti_app.screens.parts import caseload_of
from lti_app.screens.readers import Choices
from lti_app.screens.writing_view import View, draft_lines, view_of
from lti_app.session.goto import goto
from lti_app.session.viewer import current_viewer

blueprint = Blueprint("writing", __name__)

_DAYS_TO_ANSWER = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What is written about: a goal, or a child in general."""

    caseload: Caseload
    frame: Frame
    student_id: StudentId
    goal_id: GoalId | None
    answering: MessageId | None

    @property
    def path(self) -> str:
        """The goal's or the child's page."""
        return f"/app/g/{self.goal_id}" if self.goal_id is not None else f"/app/c/{self.student_id}"

    def compose(self) -> ComposePage:
        """Open the record and read what the screen needs."""
        return self.caseload.writing.compose(self.student_id, self.goal_id, answering=self.answering)


@blueprint.get("/app/g/<uuid:goal_id>/write")
def about_goal(goal_id: UUID) -> Response:
    """Show the writing screen of a goal."""
    return _show(_place(goal_id=goal_id))


@blueprint.get("/app/c/<uuid:student_id>/write")
def about_child(student_id: UUID) -> Response:
    """Show the writing screen of a child."""
    return _show(_place(student_id=student_id))


@blueprint.post("/app/g/<uuid:goal_id>/write")
def send_about_goal(goal_id: UUID) -> Response:
    """Send a letter about a goal."""
    return _send(_place(goal_id=goal_id))


@blueprint.post("/app/c/<uuid:student_id>/write")
def send_about_child(student_id: UUID) -> Response:
    """Send a letter about a child."""
    return _send(_place(student_id=student_id))


@blueprint.post("/app/g/<uuid:goal_id>/draft")
def draft_about_goal(goal_id: UUID) -> Response:
    """Keep the unfinished words about a goal."""
    return _keep(_place(goal_id=goal_id))


@blueprint.post("/app/c/<uuid:student_id>/draft")
def draft_about_child(student_id: UUID) -> Response:
    """Keep the unfinished words about a child."""
    return _keep(_place(student_id=student_id))


def _place(*, goal_id: UUID | None = None, student_id: UUID | None = None) -> Place:
    viewer = current_viewer()
    caseload = caseload_of(viewer)
    goal = GoalId(goal_id) if goal_id is not None else None
    asked = request.args.get("to") or request.form.get("to") or ""
    try:
        answering = MessageId(UUID(asked)) if asked else None
    except ValueError:
        answering = None
    return Place(
        caseload=caseload,
        frame=frame_of(viewer, family=False),
        student_id=caseload.goals.student_of(goal)
        if goal is not None
        else StudentId(student_id or UUID(int=0)),
        goal_id=goal,
        answering=answering,
    )


def _show(
    place: Place,
    *,
    found: ComposePage | None = None,
    written: Written | None = None,
    choices: Choices | None = None,
    refused: InvalidValue | None = None,
    other: Draft | None = None,
    is_stale: bool = False,
) -> Response:
    viewer, frame = current_viewer(), place.frame
    found = found or place.compose()
    sentences = _sentences(found, frame)
    draft = found.draft
    restored = written is None and draft is not None
    if written is None:
        written = _begin(found, sentences, frame.lang)
    choices = choices or _first_choices(found, frame, place.caseload.desk.clock.today())
    view = view_of(
        frame,
        viewer,
        found,
        sentences=sentences,
        written=written,
        choices=choices,
        interpreters=place.caseload.interpreting.known(),
    )
    body = page(
        frame,
        "write.html",
        title=frame.words("Write to the family of %(child)s", child=found.student.preferred_name),
        child=found.student.preferred_name,
        place=place.path,
        view=view,
        boxes=dict(written.boxes),
        restored=frame.local(draft.saved_at) if restored and draft is not None else None,
        restored_at=clock_words(frame, frame.local(draft.saved_at)) if draft is not None else "",
        version=draft.version if draft is not None else 0,
        client_key=request.form.get("client_key") or uuid4(),
        today=place.caseload.desk.clock.today().isoformat(),
        to=str(found.answering.id) if found.answering is not None else "",
        error=advice(refused, frame) if refused is not None else "",
        error_at=_field_of(refused, view) if refused is not None else "",
        other=draft_lines(frame, other) if other is not None else None,
        is_stale=is_stale,
    )
    return make_response(body, 422 if refused is not None else 409 if other or is_stale else 200)


def _begin(found: ComposePage, sentences: tuple[Sentence, ...], lang: str) -> Written:
    """Return what stands in the form at first: the draft, or every sentence; none to answer."""
    if found.draft is not None:
        return written_of(
            found.draft.parts,
            sentences,
            lang=found.draft.language,
            opens=found.card is None or found.answering is not None,
        )
    kept = frozenset[str]() if found.answering is not None else _suggested(found, sentences)
    return Written(lang=lang, kept=kept)


def _sentences(found: ComposePage, frame: Frame) -> tuple[Sentence, ...]:
    """Return every sentence the form holds: what the data say, then what the writer may choose to add."""
    return sentences_of((*found.suggested, *found.offered), frame.lang)


def _suggested(found: ComposePage, sentences: tuple[Sentence, ...]) -> frozenset[str]:
    """Return the marks of the sentences that stand there at first: none of those only offered."""
    return frozenset(one.mark for one in sentences if one.part in found.suggested)


def _first_choices(found: ComposePage, frame: Frame, today: date) -> Choices:
    able = {reader.adult.id for reader in found.readers if not reader.refusal}
    if found.answering is not None and found.answering.author_id in able:
        able = {found.answering.author_id}
    return Choices(
        readers=frozenset(str(one) for one in able),
        urgency=Urgency.NOT_URGENT.value,
        answer_by=(today + timedelta(days=_DAYS_TO_ANSWER)).isoformat(),
        asks=frozenset(),
    )


def _field_of(refused: InvalidValue, view: View) -> str:
    """Return the id of the control that a refusal is about."""
    first_box = view.boxes[0].name
    return {
        "recipients": view.first_reader,
        "recipient_ids": view.first_reader,
        "answer_by": "answer_by",
    }.get(refused.field or "", first_box)


def _written(form: MultiDict[str, str], lang: str) -> Written:
    edited = {
        name.removeprefix("words-"): text.replace("\r\n", "\n")
        for name, text in form.items()
        if name.startswith("words-")
    }
    return Written(
        lang=form.get("lang") or lang,
        kept=frozenset(form.getlist("keep")),
        edited=edited,
        boxes={name: form.get(name, "").replace("\r\n", "\n") for name in BOXES},
    )


def _choices(form: MultiDict[str, str]) -> Choices:
    return Choices(
        readers=frozenset(form.getlist("reader")),
        urgency=form.get("urgency", ""),
        answer_by=form.get("answer_by", ""),
        asks=frozenset(form.getlist("ask")),
    )


def _send(place: Place) -> Response:
    frame = place.frame
    written, choices = _written(request.form, frame.lang), _choices(request.form)
    found = place.compose()
    sentences = _sentences(found, frame)
    if not written.kept <= {one.mark for one in sentences}:
        fresh = Written(
            lang=written.lang,
            kept=_suggested(found, sentences),
            boxes=_with_edits(written, sentences),
        )
        return _show(place, found=found, written=fresh, choices=choices, is_stale=True)
    try:
        parts = parts_of(written, sentences)
        if (other := _newer_draft(found.draft, parts)) is not None:
            return _show(place, found=found, written=written, choices=choices, other=other)
        urgency, answer_by = _timing(choices, place.caseload.desk.clock.today())
        letter = Letter(
            parts=parts,
            recipient_ids=_readers(choices),
            in_reply_to=found.answering.id if found.answering is not None else None,
            urgency=urgency,
            answer_by=answer_by,
        )
        sent = place.caseload.writing.send(place.student_id, place.goal_id, letter, ClientKey(given_key()))
    except InvalidValue as refused:
        return _show(place, found=found, written=written, choices=choices, refused=refused)
    _ask(place, sent.message, choices)
    return goto(f"{place.path}/talk", said="note_sent")


def _with_edits(written: Written, sentences: tuple[Sentence, ...]) -> Mapping[str, str]:
    """Return the boxes with the words of edited sentences whose originals have gone, so that none is lost."""
    known = {one.mark for one in sentences}
    lost = [
        text.strip()
        for mark, text in written.edited.items()
        if mark in written.kept - known and text.strip() and text.strip() != request.form.get(f"was-{mark}")
    ]
    return {**written.boxes, "words": "\n".join(filter(None, [written.boxes.get("words", ""), *lost]))}


def _newer_draft(draft: Draft | None, parts: tuple[Part, ...]) -> Draft | None:
    """Return the stored draft when another window has changed it since this one saw it."""
    seen = request.form.get("version", "0")
    if draft is None or str(draft.version) == seen or draft.parts == parts:
        return None
    return draft


def _readers(choices: Choices) -> frozenset[AdultId]:
    try:
        return frozenset(AdultId(UUID(one)) for one in choices.readers)
    except ValueError:
        raise InvalidValue("not_an_id", field="recipients") from None


def _timing(choices: Choices, today: date) -> tuple[Urgency, date | None]:
    if choices.urgency != Urgency.PLEASE_ANSWER.value:
        return Urgency.NOT_URGENT, None
    try:
        wanted = date.fromisoformat(choices.answer_by)
    except ValueError:
        raise InvalidValue("answer_day_missing", field="answer_by") from None
    if wanted < today:
        raise InvalidValue("answer_day_past", field="answer_by")
    return Urgency.PLEASE_ANSWER, wanted


def _ask(place: Place, message: Message, choices: Choices) -> None:
    """Ask the chosen interpreters. The letter is out already: a refusal here is one tap away again."""
    for choice in sorted(choices.asks):
        lang, _, interpreter = choice.partition("|")
        for at, part in enumerate(message.parts):
            if not isinstance(part, FreeText) or same_language(part.lang, lang):
                continue
            try:
                place.caseload.interpreting.ask(message.id, at, lang, AdultId(UUID(interpreter)))
            except (IepError, ValueError):
                continue


def _keep(place: Place) -> Response:
    """Keep the draft, and answer what the saved-state line says."""
    frame = place.frame
    seen = request.form.get("version", "0")
    found = place.compose()
    sentences = _sentences(found, frame)
    written = _written(request.form, frame.lang)
    try:
        draft = place.caseload.writing.save_draft(
            place.student_id,
            place.goal_id,
            parts_of(written, sentences),
            language=written.lang,
            version=int(seen) if seen.isdecimal() else 0,
        )
    except Conflict as conflict:
        current = conflict.current
        answer = jsonify(
            {
                "words": frame.words("This draft was changed in another window. Both are kept: choose one."),
                "version": current.version if isinstance(current, Draft) else 0,
                "other": draft_lines(frame, current) if isinstance(current, Draft) else [],
            }
        )
        return make_response(answer, 409)
    except InvalidValue as refused:
        return make_response(jsonify({"words": advice(refused, frame)}), 422)
    at = clock_words(frame, frame.local(draft.saved_at))
    return jsonify({"words": frame.words("Draft kept, %(time)s", time=at), "version": draft.version})
