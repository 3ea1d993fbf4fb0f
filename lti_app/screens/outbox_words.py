"""How the screen of what leaves says modes and roads: by what a road promises, never by praise of it."""

from __future__ import annotations

from iepcore.language import Phrase
from iepcore.notices import ChannelTraits, OutboxItem, OutboxState, SendingMode
from iepcore.people import AddressKind
from lti_app.screens.page import Frame

_STOPPED = frozenset(
    {"sending_off", "sending_stopped", "not_listed", "stopped_by_person", "sms_consent_needed"}
)


def state_phrase(item: OutboxItem) -> Phrase:
    """Return where a notice stands. What a school or a person stopped waits; nothing has to be connected."""
    if item.state is OutboxState.WAITING and item.reason in _STOPPED:
        return Phrase(key="outbox.state.stopped")
    return Phrase(key=f"outbox.state.{item.state.value}")


def mode_words(frame: Frame, mode: SendingMode) -> tuple[str, str]:
    """Return a mode's name and what it does."""
    return {
        SendingMode.OFF: (frame.words("Off"), frame.words("Nothing leaves. Notices wait here.")),
        SendingMode.LISTED: (
            frame.words("Test addresses only"),
            frame.words("Only the addresses listed below get a notice. All others wait."),
        ),
        SendingMode.LIVE: (frame.words("Live"), frame.words("Notices go to families.")),
    }[mode]


def road_name(frame: Frame, kind: AddressKind) -> str:
    """Return how people call a road."""
    return {
        AddressKind.CANVAS: frame.words("Canvas Inbox"),
        AddressKind.MAIL: frame.words("Mail"),
        AddressKind.SMS: frame.words("Text message"),
    }[kind]


def road_traits(frame: Frame, traits: ChannelTraits) -> list[str]:
    """Return what can be said of a road, one sentence for each promise."""
    lines = [
        frame.words("It shows us that only the one reader sees it.")
        if traits.is_private
        else frame.words("It cannot show us who reads the mailbox or the telephone.")
    ]
    if traits.leaves_platform:
        lines.append(frame.words("Words also reach mailboxes or telephones that the school does not keep."))
    if not traits.is_recallable:
        lines.append(frame.words("What has left cannot be taken back."))
    if not traits.is_idempotent:
        lines.append(frame.words("Sent twice, it arrives twice. So nothing unclear is sent again by itself."))
    lines.append(
        frame.words("Answers by the same road are read and shown in the conversation.")
        if traits.takes_replies
        else frame.words("Answers by the same road are not read. The notice says so.")
    )
    return lines
