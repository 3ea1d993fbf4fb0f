"""A provider of text messages as a few settings: where to, how it knows us, what the call looks like.

The body is a template in which ``{to}`` and ``{text}`` stand for number and words: a JSON document, or the
fields of a form. Values are put into the parsed template, never into its text, so no word of a notice can
change the call.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from connectors.http import Origin
from connectors.http.routes import Body
from iepcore.errors import InvalidValue

_HEADER = re.compile(r"[A-Za-z0-9-]{1,60}")


class Mapped(StrEnum):
    """What a status means, where a provider has its own ways."""

    SENT = "sent"
    RECIPIENT = "recipient"
    REFUSED = "refused"
    LATER = "later"
    LOGIN = "login"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsSettings:
    """One provider. ``header`` is a name and a secret value; ``statuses`` go before the usual meaning of a
    status; ``id_path`` leads to the message's id in a JSON answer (``data.id``). Seconds: to connect, per
    piece, in all.

    Raises:
        InvalidValue: ``sms_endpoint``, ``sms_header``, ``sms_body`` (field), or ``origin_insecure``.
    """

    endpoint: str
    body: str = field(repr=False)
    header: tuple[str, str] | None = field(default=None, repr=False)
    statuses: Mapping[int, Mapped] = field(default_factory=dict)
    id_path: str = ""
    most_segments: int = 4
    connect_seconds: float = 5.0
    read_seconds: float = 15.0
    total_seconds: float = 30.0

    def __post_init__(self) -> None:
        parts = urlsplit(self.endpoint)
        plain = parts.hostname and "@" not in parts.netloc and not parts.fragment
        if parts.scheme not in {"http", "https"} or not plain:
            raise InvalidValue("sms_endpoint", field="endpoint")
        Origin.parse(f"{parts.scheme}://{parts.netloc}")  # plain http stays on this machine
        if self.header is not None:
            name, value = self.header
            if not _HEADER.fullmatch(name) or not value.isprintable() or not value.isascii():
                raise InvalidValue("sms_header", field="header")
        filled = json.dumps(self.fill(to="+10000000", text="x y"))
        if "+10000000" not in filled or "x y" not in filled:
            raise InvalidValue("sms_body", field="body")

    def fill(self, *, to: str, text: str) -> Body:
        """Return the body of a call.

        Raises:
            InvalidValue: ``sms_body`` when the template is neither a JSON object nor a form.
        """
        if self.body.lstrip().startswith("{"):
            try:
                document = json.loads(self.body)
            except ValueError:
                raise InvalidValue("sms_body", field="body") from None
            filled: Mapping[str, object] = _filled(document, to, text)
            return filled
        pairs = parse_qsl(self.body, keep_blank_values=True)
        return tuple((name, _put(value, to, text)) for name, value in pairs)


def _filled(value: Any, to: str, text: str) -> Any:
    if isinstance(value, str):
        return _put(value, to, text)
    if isinstance(value, list):
        return [_filled(one, to, text) for one in value]
    if isinstance(value, dict):
        return {key: _filled(one, to, text) for key, one in value.items()}
    return value


def _put(value: str, to: str, text: str) -> str:
    """Return a value with its slots filled in one pass: a text that says ``{to}`` stays as it is."""
    return re.sub(r"\{(to|text)\}", lambda slot: to if slot[1] == "to" else text, value)
