"""The conversation about a goal or a child: what was written, seen at home and delivered, and the answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from flask import Blueprint, Response, make_response, request
from markupsafe import Markup

from iepcore.caseload import Caseload, ConversationPage, Entry
from iepcore.errors import InvalidValue
from iepcore.family import HomeObservation
from iepcore.family.updates import skill_of
from iepcore.ids import AdultId, ClientKey, GoalId, MessageId, OutboxId, StudentId
from iepcore.language import FreeText, Phrase, format_day, known_phrase
from iepcore.notices import OutboxItem, OutboxState, Urgency
from iepcore.people import AddressKind
from lti_app.screens.bubbles import Words, language_word, same_language, when_words, words_of
from lti_app.screens.charts import answer_words
from lti_app.screens.family_frame import family_nav_of, reading_frame, writes_in
from lti_app.screens.forms import given_id, given_key
from lti_app.screens.outbox_words import road_name, state_phrase
from lti_app.screens.page import Frame, advice, page
from lti_app.screens.parts import caseload_of, screen_parts
from lti_app.screens.said import said_words
from lti_app.screens.today_rows import connecting
from lti_app.session.goto import goto
from lti_app.session.viewer import current_viewer

blueprint = Blueprint("conversation", __name__)

EMERGENCY = "911"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Where one reader's notice stands. ``act``: ``again``, ``connect`` or nothing to do."""

    reader: str
    state: Markup
    reason: Markup
    kind: str
    act: str
    item_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """One message with everything that hangs under it."""

    words: Words
    author: str
    when: str
    stamp: str
    is_mine: bool
    of_family: bool
    answer_by: str
    readers: str
    deliveries: tuple[Delivery, ...]
    opened: str
    may_answer: bool
    came: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenAtHome:
    """What somebody saw at home, between the messages."""

    author: str
    when: str
    answer: str
    words: FreeText | None
    badge: str
    is_mine: bool


Row = tuple[datetime, Bubble | SeenAtHome]


@blueprint.get("/app/g/<uuid:goal_id>/talk")
def of_goal(goal_id: UUID) -> Response:
    """Show the conversation of a goal."""
    caseload = caseload_of(current_viewer())
    return _show(caseload, caseload.goals.student_of(GoalId(goal_id)), GoalId(goal_id))


@blueprint.get("/app/c/<uuid:student_id>/talk")
def of_child(student_id: UUID) -> Response:
    """Show the general conversation about a child."""
    return _show(caseload_of(current_viewer()), StudentId(student_id), None)


@blueprint.post("/app/g/<uuid:goal_id>/talk")
def answer_of_goal(goal_id: UUID) -> Response:
    """Keep a family member's answer about a goal."""
    caseload = caseload_of(current_viewer())
    return _answer(caseload, caseload.goals.student_of(GoalId(goal_id)), GoalId(goal_id))


@blueprint.post("/app/c/<uuid:student_id>/talk")
def answer_of_child(student_id: UUID) -> Response:
    """Keep a family member's words about a child in general."""
    return _answer(caseload_of(current_viewer()), StudentId(student_id), None)


@blueprint.post("/app/talk/ask")
def ask() -> Response:
    """Ask a named interpreter for the parts of a message that are not translated yet."""
    caseload = caseload_of(current_viewer())
    for part in request.form.getlist("part"):
        caseload.interpreting.ask(
            MessageId(given_id("message_id")),
            int(part) if part.isdecimal() and len(part) < 4 else -1,
            request.form.get("to", ""),
            AdultId(given_id("interpreter_id")),
        )
    return goto(_way_back(), said="translation_asked")


@blueprint.post("/app/outbox/<uuid:item_id>/again")
def again(item_id: UUID) -> Response:
    """Send a notice again whose fate is unknown: the sender knows that it may arrive twice."""
    caseload_of(current_viewer()).delivery.send_again(OutboxId(item_id))
    return goto(_way_back(), said="notice_queued")


def _way_back() -> str:
    """Where a small form came from: a goal's or a child's conversation, or the family's own page."""
    place, kind = given_id("back"), request.form.get("back_kind", "")
    return {"g": f"/app/g/{place}/talk", "c": f"/app/c/{place}/talk"}.get(kind, f"/app/my/{place}")


def _show(
    caseload: Caseload,
    student_id: StudentId,
    goal_id: GoalId | None,
    *,
    refused: InvalidValue | None = None,
) -> Response:
    viewer = current_viewer()
    frame = reading_frame(viewer, caseload)
    found = caseload.conversation.page(student_id, goal_id)
    if found.is_family != frame.family:  # a teacher may be a parent of another child here
        frame = replace(frame, family=found.is_family)
    rows: list[Row] = [(entry.message.sent_at, _bubble(frame, found, entry)) for entry in found.entries]
    rows += [(one.received_at, _seen(frame, found, one)) for one in found.observations]
    last = next((one for one in reversed(found.entries) if not one.message.from_family), None)
    title = frame.words("Messages about %(child)s", child=found.student.preferred_name)
    place = f"/app/g/{goal_id}" if goal_id is not None else f"/app/c/{student_id}"
    body = page(
        frame,
        "talk.html",
        title=title,
        current="my" if found.is_family else "",
        nav=family_nav_of(frame),
        found=found,
        rows=[row for _, row in sorted(rows, key=lambda row: row[0])],
        skill=frame.say(skill_of(found.goal)) if found.goal is not None else None,
        place=place,
        back_kind="g" if goal_id is not None else "c",
        back=goal_id or student_id,
        up=f"/app/my/{student_id}" if found.is_family else place,
        answers_to=str(last.message.id) if last is not None else "",
        client_key=request.form.get("client_key") or uuid4(),
        text=request.form.get("text", ""),
        error=advice(refused, frame) if refused is not None else None,
        audience=frame.say(Phrase(key="audience.team")),
        watched=frame.say(Phrase(key="watch.family", params={"number": EMERGENCY})),
        done=said_words(frame, request.args.get("said", "")),
    )
    return make_response(body, 422 if refused is not None else 200)


def _answer(caseload: Caseload, student_id: StudentId, goal_id: GoalId | None) -> Response:
    viewer = current_viewer()
    try:
        text = FreeText(text=request.form.get("text", ""), lang=writes_in(viewer))
        answered = request.form.get("in_reply_to", "")
        caseload.conversation.reply(
            student_id,
            goal_id,
            text,
            ClientKey(given_key()),
            in_reply_to=MessageId(given_id("in_reply_to")) if answered else None,
        )
    except InvalidValue as refused:
        return _show(caseload, student_id, goal_id, refused=refused)
    if request.form.get("from") == "my":
        return goto(f"/app/my/{student_id}", said="reply_sent")
    place = f"/app/g/{goal_id}" if goal_id is not None else f"/app/c/{student_id}"
    return goto(f"{place}/talk", said="reply_sent")


def _bubble(frame: Frame, found: ConversationPage, entry: Entry) -> Bubble:
    message = entry.message
    is_staff = not found.is_family
    others = [
        found.languages[one]
        for one in sorted(message.recipient_ids)
        if one in found.languages and not message.from_family
    ]
    reads = None if entry.is_mine else (frame.lang if is_staff else found.reads)
    readers = list(entry.recipients) if is_staff and not message.from_family else []
    answer_by = ""
    if message.urgency is Urgency.PLEASE_ANSWER and message.answer_by is not None:
        answer_by = frame.words("Please answer by %(day)s", day=format_day(message.answer_by, frame.lang))
    me = found.names.get(_me(), "")
    opened = [name for name in dict.fromkeys(entry.opened_by) if name != me]
    return Bubble(
        words=words_of(
            frame,
            message,
            translations=entry.translations,
            requests=entry.requests,
            interpreters=found.interpreters,
            names=found.names,
            reads=reads,
            others=others,
        ),
        author=entry.author_name,
        when=when_words(frame, message.sent_at),
        stamp=message.sent_at.isoformat(),
        is_mine=entry.is_mine,
        of_family=message.from_family,
        answer_by=answer_by,
        readers=", ".join(readers),
        deliveries=_deliveries(frame, found, entry),
        opened=", ".join(opened) if is_staff and not message.from_family else "",
        may_answer=is_staff and message.from_family and found.may_write,
        came=_came(frame, entry),
    )


def _came(frame: Frame, entry: Entry) -> str:
    if entry.came_by is None:
        return ""
    road = road_name(frame, entry.came_by)
    if entry.put_by:
        return frame.words("came by %(road)s, put here by %(name)s", road=road, name=entry.put_by)
    return frame.words("came by %(road)s", road=road)


def _deliveries(frame: Frame, found: ConversationPage, entry: Entry) -> tuple[Delivery, ...]:
    """Return where each reader's notice stands, in words, with the next thing to do."""
    if found.is_family or entry.message.from_family:
        return ()
    items = {one.recipient_id: one for one in entry.outbox}
    rows = []
    for reader in sorted(entry.message.recipient_ids, key=lambda one: found.names.get(one, "").casefold()):
        item = items.get(reader)
        name = found.names.get(reader, "")
        if item is not None:
            rows.append(_delivery(frame, name, item, is_mine=entry.is_mine))
        elif _me() != reader:
            rows.append(
                Delivery(
                    reader=name,
                    state=frame.say(Phrase(key="outbox.reason.no_address")),
                    reason=Markup(""),
                    kind="open",
                    act="",
                    item_id="",
                )
            )
    return tuple(rows)


WHERE = {AddressKind.CANVAS: "canvas", AddressKind.MAIL: "google"}


def _as_it_will_be(item: OutboxItem) -> OutboxItem:
    """Return a notice of mine as the outbox job will find it a moment from now: it waits for my own Canvas,
    or for my own Google account where mail goes by it.

    Who has just pressed Send learns it on this screen, not on the next one.
    """
    states = {AddressKind.CANVAS: screen_parts().canvas_state, AddressKind.MAIL: screen_parts().google_state}
    if item.state is not OutboxState.QUEUED or item.channel not in states:
        return item
    reasons = {"needed": f"connect_{WHERE[item.channel]}", "lost": f"connect_{WHERE[item.channel]}_again"}
    reason = reasons.get(states[item.channel](current_viewer()))
    return item if reason is None else replace(item, state=OutboxState.WAITING, reason=reason)


def _delivery(frame: Frame, name: str, item: OutboxItem, *, is_mine: bool) -> Delivery:
    if is_mine:
        item = _as_it_will_be(item)
    reason = Markup("")
    if item.reason and (item.state is not OutboxState.SENT or item.reason == "mailbox_later"):
        reason = frame.say(known_phrase(f"outbox.reason.{item.reason}", otherwise="outbox.reason.other"))
    act = ""
    if is_mine and item.state is OutboxState.UNKNOWN:
        act = "again"
    elif is_mine and item.state is OutboxState.WAITING:
        act = connecting(item.reason)
    done = item.state is OutboxState.SENT
    calm = item.state in {OutboxState.QUEUED, OutboxState.LEASED}
    return Delivery(
        reader=name,
        state=frame.say(state_phrase(item)),
        reason=reason,
        kind="done" if done else "" if calm else "open",
        act=act,
        item_id=str(item.id),
    )


def _seen(frame: Frame, found: ConversationPage, one: HomeObservation) -> SeenAtHome:
    return SeenAtHome(
        author=found.names.get(one.adult_id, ""),
        when=format_day(one.observed_on, frame.lang, style="short"),
        answer=answer_words(frame, one.answer),
        words=one.words,
        badge=frame.words("%(language)s, not translated yet", language=language_word(frame, one.words.lang))
        if one.words is not None and one.adult_id != _me() and not same_language(one.words.lang, frame.lang)
        else "",
        is_mine=one.adult_id == _me(),
    )


def _me() -> AdultId:
    adult_id = current_viewer().adult_id
    assert adult_id is not None  # caseload_of has refused everybody else
    return adult_id
