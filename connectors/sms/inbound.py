"""What a provider tells us that came in: verified, read within limits, and understood as far as words are
plain."""

from __future__ import annotations

import hmac
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from urllib.parse import parse_qsl

from iepcore.errors import InvalidValue
from iepcore.notices import IncomingReply, ReplyKind
from iepcore.people import AddressKind, ChannelAddress

LARGEST_CALL = 16 * 1024
"""Bytes of one call: ten joined text messages with everything a provider says about them."""


class InboundRefused(Exception):
    """A call that is not our provider's, or is not about a text message. It says no more than that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words a telephone may answer with, whatever their case. Each is a whole message."""

    stop: frozenset[str] = frozenset(
        {
            "stop",
            "stopall",
            "unsubscribe",
            "cancel",
            "end",
            "quit",
            "parar",
            "alto",
            "basta",
            "cancelar",
            "توقف",
            "بس",
        }
    )
    start: frozenset[str] = frozenset(
        {"start", "unstop", "yes", "si", "sí", "empezar", "iniciar", "شروع", "بلی"}
    )
    wrong: frozenset[str] = frozenset(
        {
            "wrong number",
            "wrong person",
            "numero equivocado",
            "número equivocado",
            "persona equivocada",
            "شماره غلط",
            "شماره اشتباه",
        }
    )

    def kind_of(self, text: str) -> ReplyKind:
        """Return what a whole message means."""
        said = " ".join(_bare(text).split())
        for words, kind in (
            (self.stop, ReplyKind.STOP),
            (self.start, ReplyKind.START),
            (self.wrong, ReplyKind.WRONG_NUMBER),
        ):
            if said in {_bare(word) for word in words}:
                return kind
        return ReplyKind.ANSWER


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundSettings:
    """How a call is known to be the provider's, and where it says what.

    ``header`` carries the proof: the HMAC-SHA256 of the body under ``key`` (hexadecimal, with or without
    ``sha256=``) when ``signed``, else the key itself. The fields may lie deeper in JSON (``data.from``).

    Raises:
        InvalidValue: ``sms_inbound_key`` for a key that could be guessed (shorter than 24 characters).
    """

    key: str = field(repr=False)
    header: str = "X-Signature"
    signed: bool = True
    sender_field: str = "from"
    text_field: str = "text"
    id_field: str = "id"
    words: Words = field(default_factory=Words)

    def __post_init__(self) -> None:
        if len(self.key) < 24:
            raise InvalidValue("sms_inbound_key", field="key")

    @property
    def path_token(self) -> str:
        """The last part of the address a provider calls: made from the key, so that nobody else finds it."""
        return sha256(f"path:{self.key}".encode()).hexdigest()[:40]


class Inbound:
    """Reads calls of one provider."""

    def __init__(self, settings: InboundSettings) -> None:
        self._settings = settings

    def read(self, token: str, headers: Mapping[str, str], body: bytes, *, at: datetime) -> IncomingReply:
        """Return what came in.

        The same call again has the same ``platform_id``: a call that is replayed changes nothing.

        Raises:
            InboundRefused: a wrong address, a wrong or missing proof, too large, or no text message.
        """
        settings = self._settings
        if not hmac.compare_digest(token.encode(), settings.path_token.encode()) or len(body) > LARGEST_CALL:
            raise InboundRefused
        if not self._proves(headers.get(settings.header, ""), body):
            raise InboundRefused
        fields = _fields(body, headers.get("Content-Type", ""))
        sender = _number(_found(fields, settings.sender_field))
        name, text = _found(fields, settings.id_field), _found(fields, settings.text_field)
        if sender is None or not name:
            raise InboundRefused
        kind = settings.words.kind_of(text)
        return IncomingReply(
            kind=kind,
            platform_id=sha256(name.encode()).hexdigest()[:40],
            sender=sender,
            received_at=at,
            text=text.replace("\0", "") if kind is ReplyKind.ANSWER else "",
        )

    def _proves(self, given: str, body: bytes) -> bool:
        key = self._settings.key.encode()
        if not self._settings.signed:
            return hmac.compare_digest(given.encode(), key)
        wanted = hmac.new(key, body, sha256).hexdigest()
        return hmac.compare_digest(given.lower().removeprefix("sha256=").encode(), wanted.encode())


def _fields(body: bytes, kind: str) -> object:
    try:
        if "json" in kind.lower():
            return json.loads(body)
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=100))
    except (ValueError, RecursionError):
        raise InboundRefused from None


def _found(fields: object, path: str) -> str:
    value = fields
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _number(text: str) -> ChannelAddress | None:
    digits = re.sub(r"[\s().-]", "", text)
    try:
        return ChannelAddress(kind=AddressKind.SMS, value=digits if digits.startswith("+") else f"+{digits}")
    except InvalidValue:
        return None


def _bare(text: str) -> str:
    """Return a text in lower case without accents and without signs at its ends."""
    loose = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(ch for ch in loose if unicodedata.category(ch) not in {"Mn", "Cf"})
    return kept.strip(" \t\r\n.!?¡¿\"'“”،؟")
