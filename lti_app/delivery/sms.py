"""Text messages put together from the settings, and what comes in by the provider's call."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from connectors.sms import Inbound, InboundRefused, InboundSettings, Mapped, SmsChannel, SmsSettings, Words
from iepcore.caseload import ReplyingDesk
from iepcore.errors import InvalidValue
from iepcore.notices import IncomingReply, ReplyKind
from iepcore.people import AddressKind
from lti_app.settings import Settings

log = logging.getLogger("lti_app.delivery")

CALLS_A_MINUTE = 600
"""Calls that are looked at in a minute, by each server process: a provider sends fewer, a flood costs
little."""


def sms_channel(settings: Settings) -> SmsChannel | None:
    """Return the channel of the settings, or None when none is given (as at first).

    Raises:
        InvalidValue: what cannot work, at start.
    """
    if not settings.sms_url:
        return None
    name, _, value = settings.sms_header.partition(":")
    try:
        pairs = [one.split("=") for one in settings.sms_statuses.split()]
        statuses = {int(status): Mapped(meaning) for status, meaning in pairs}
    except ValueError:
        raise InvalidValue("sms_statuses", field="statuses") from None
    made = SmsSettings(
        endpoint=settings.sms_url,
        body=settings.sms_body,
        header=(name.strip(), value.strip()) if settings.sms_header else None,
        statuses=statuses,
        id_path=settings.sms_id,
    )
    return SmsChannel(made, takes_replies=bool(settings.sms_in_key))


def inbound_of(settings: Settings) -> Inbound | None:
    """Return what reads the provider's calls, or None when none is expected.

    Raises:
        InvalidValue: what cannot work, at start.
    """
    made = inbound_settings(settings)
    return Inbound(made) if made is not None else None


def inbound_settings(settings: Settings) -> InboundSettings | None:
    """Return how the provider's calls are known and read; ``path_token`` is the end of the address it
    calls."""
    if not settings.sms_in_key:
        return None
    way, _, header = settings.sms_in_check.partition(" ")
    names = settings.sms_in_fields.split()
    if way not in {"hmac", "secret"} or not header.strip() or len(names) != 3:
        raise InvalidValue("sms_inbound_form", field="check")
    return InboundSettings(
        key=settings.sms_in_key,
        header=header.strip(),
        signed=way == "hmac",
        sender_field=names[0],
        text_field=names[1],
        id_field=names[2],
        words=_words(settings.sms_words),
    )


def _words(text: str) -> Words:
    """Return the words, with those a school adds (``stop: adios, fin; start: dale; wrong: no soy yo``)."""
    usual = Words()
    added: dict[str, frozenset[str]] = {}
    for part in filter(str.strip, text.split(";")):
        name, _, listed = part.partition(":")
        if name.strip() not in {"stop", "start", "wrong"}:
            raise InvalidValue("sms_inbound_form", field="words")
        added[name.strip()] = frozenset(one.strip() for one in listed.split(",") if one.strip())
    none: frozenset[str] = frozenset()
    return Words(
        stop=usual.stop | added.get("stop", none),
        start=usual.start | added.get("start", none),
        wrong=usual.wrong | added.get("wrong", none),
    )


class SmsDoor:
    """Takes the provider's calls. Whatever it is told, the answer is the same: nobody learns what is known
    here."""

    def __init__(
        self,
        inbound: Inbound | None,
        desks: Callable[[], Sequence[ReplyingDesk]],
        now: Callable[[], datetime],
        *,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._inbound = inbound
        self._desks = desks
        self._now = now
        self._seconds = seconds
        self._lock = threading.Lock()
        self._window = (-1.0, 0)

    def is_crowded(self) -> bool:
        """Count one call; tell whether there were too many of late."""
        minute = self._seconds() // 60
        with self._lock:
            count = self._window[1] + 1 if self._window[0] == minute else 1
            self._window = (minute, count)
        return count > CALLS_A_MINUTE

    def take(self, token: str, headers: Mapping[str, str], body: bytes) -> None:
        """Take one call in. What is not the provider's is forgotten; raises ``Busy`` when it must come
        again."""
        if self._inbound is None:
            return
        try:
            reply = self._inbound.read(token, headers, body, at=self._now())
        except InboundRefused:
            log.warning("text message: a call was refused")
            return
        takers = _takers(list(self._desks()), reply)
        for desk in takers:
            kept = desk.take(reply)
            log.info("text message %s", kept.state.value)
        if not takers:
            log.warning("text message: the number belongs to no school here, or to several")


def _takers(desks: list[ReplyingDesk], reply: IncomingReply) -> list[ReplyingDesk]:
    """Return whose it is. A STOP counts wherever the number is known; words go to one school only."""
    knowing = [desk for desk in desks if desk.knows(reply.sender)]
    if reply.kind in {ReplyKind.STOP, ReplyKind.START, ReplyKind.WRONG_NUMBER}:
        return knowing
    if len(knowing) > 1:
        # Where a notice went to this number lately.
        knowing = [
            desk
            for desk in knowing
            if any(one.recipient == reply.sender for one in desk.sought(AddressKind.SMS)[1])
        ]
    if len(knowing) == 1:
        return knowing
    return desks if len(desks) == 1 and not knowing else []
