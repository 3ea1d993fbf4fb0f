"""What leaves: the school's sending mode with its one switch, the roads, every notice as it would leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request
from markupsafe import Markup

from iepcore.caseload import Caseload, OutboxRow
from iepcore.errors import IllegalMove, InvalidValue
from iepcore.ids import OutboxId
from iepcore.language import known_phrase
from iepcore.notices import OutboxState, SendingMode
from lti_app.screens.bubbles import when_words
from lti_app.screens.choices import refusal
from lti_app.screens.forms import given_id
from lti_app.screens.outbox_words import mode_words, road_name, road_traits, state_phrase
from lti_app.screens.page import Frame, advice, frame_of, page
from lti_app.screens.parts import caseload_of, screen_parts
from lti_app.session.goto import goto
from lti_app.session.viewer import Viewer, current_viewer

blueprint = Blueprint("outbox", __name__)

Answer = str | Response | tuple[str, int]
PATH = "/app/outbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLine:
    """One notice. ``whom`` is a name, or the word for a family member; ``acts`` what may be done about it."""

    id: str
    whom: str
    address: str
    sender: str
    road: str
    when: str
    state: Markup
    kind: str
    reason: Markup
    subject: str
    text: str
    language: str
    acts: tuple[tuple[str, str], ...]


@blueprint.get(PATH)
def outbox() -> Answer:
    """Show what leaves (administrators and records officers of the site)."""
    viewer = current_viewer()
    return _page(viewer, caseload_of(viewer))


@blueprint.post(PATH)
def change() -> Answer:
    """Change the mode, stop everything or take that back, stop one notice, let it go, or send it again."""
    viewer = current_viewer()
    caseload = caseload_of(viewer)
    try:
        said = _apply(caseload, request.form.get("do", ""))
    except InvalidValue as refused:
        return _page(viewer, caseload, refused=refused), 422
    except IllegalMove as moved:
        return _page(viewer, caseload, moved=str(refusal(frame_of(viewer), moved))), 409
    return goto(PATH, said=said)


def _apply(caseload: Caseload, do: str) -> str:
    """Do one step of the form; return the code of what is said about it."""
    if do == "stop_all":
        caseload.sending.stop_all()
        return "all_stopped"
    if do == "go_on":
        caseload.sending.go_on()
    elif do == "mode":
        _set_mode(caseload)
    elif do == "stop":
        caseload.outbox.stop(OutboxId(given_id("item")))
    elif do == "release":
        caseload.outbox.release(OutboxId(given_id("item")))
    elif do == "again":
        caseload.outbox.send_again(OutboxId(given_id("item")))
    else:
        raise InvalidValue("unknown_field", field="do")
    return "outbox_changed"


def _set_mode(caseload: Caseload) -> None:
    try:
        mode = SendingMode(request.form.get("mode", ""))
    except ValueError:
        raise InvalidValue("unknown_field", field="mode") from None
    lines = request.form.get("listed", "").splitlines()
    caseload.sending.set_mode(mode, listed=[screen_parts().address_of(one) for one in lines if one.strip()])


def _page(viewer: Viewer, caseload: Caseload, *, refused: InvalidValue | None = None, moved: str = "") -> str:
    frame = frame_of(viewer)
    parts = screen_parts()
    roads = parts.roads_of(viewer.site)
    found = caseload.outbox.page(
        parts.notice_facts(viewer), takes_replies={kind: one.takes_replies for kind, one in roads.items()}
    )
    policy = found.policy
    typed = request.form.get("do") == "mode" and refused is not None
    lines = [_line(frame, row) for row in found.rows]
    done = {OutboxState.SENT, OutboxState.REFUSED, OutboxState.HELD}
    pairs = list(zip(found.rows, lines, strict=True))
    return page(
        frame,
        "outbox.html",
        title=frame.words("What leaves"),
        current="outbox",
        mode=request.form.get("mode", "") if typed else policy.mode.value,
        modes=[(mode.value, *mode_words(frame, mode)) for mode in SendingMode],
        mode_name=mode_words(frame, policy.mode)[0],
        stopped=policy.stopped,
        changed=when_words(frame, policy.changed_at) if policy.changed_at else "",
        listed=request.form.get("listed", "") if typed else "\n".join(one.value for one in policy.listed),
        machine_off=not parts.sends_here(),
        roads=[(road_name(frame, kind), road_traits(frame, one)) for kind, one in roads.items()],
        open_lines=[line for row, line in pairs if row.item.state not in done],
        done_lines=[line for row, line in pairs if row.item.state in done],
        sees_names=found.sees_names,
        refused=advice(refused, frame) if refused is not None else "",
        moved=moved,
        said_sentence=_said(frame, request.args.get("said", "")),
    )


def _said(frame: Frame, code: str) -> str:
    sentences = {
        "all_stopped": frame.words("Everything is stopped. Nothing leaves until you let it go on."),
        "outbox_changed": frame.words("Changed."),
    }
    return sentences.get(code, "")


def _line(frame: Frame, row: OutboxRow) -> NoticeLine:
    item = row.item
    reason = Markup("")
    if item.reason:
        reason = frame.say(known_phrase(f"outbox.reason.{item.reason}", otherwise="outbox.reason.other"))
    acts: list[tuple[str, Any]] = []
    if row.may_stop:
        acts.append(("stop", frame.words("Stop")))
    if row.may_release:
        acts.append(("release", frame.words("Let it go")))
    if row.may_send_again:
        acts.append(("again", frame.words("Send again")))
    return NoticeLine(
        id=str(item.id),
        whom=row.recipient or frame.words("A family member"),
        address=row.address,
        sender=row.sender,
        road=road_name(frame, item.channel),
        when=when_words(frame, item.settled_at or item.created_at),
        state=frame.say(state_phrase(item)),
        kind="done" if item.state is OutboxState.SENT else "open" if item.reason else "",
        reason=reason,
        subject=row.subject,
        text=row.text,
        language=item.language,
        acts=tuple(acts),
    )
