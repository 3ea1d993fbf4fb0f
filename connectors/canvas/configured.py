"""A Canvas source out of a configuration of texts, for the command line and for scripts.

The tool itself pulls in the name of whoever connected (``Senders``); here a token lies in a file, such as an
administrator's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from connectors.canvas.dialect import CanvasDialect
from connectors.canvas.source import CanvasSource
from connectors.http import InFlightGate, Origin, Timing, Transport
from iepcore.errors import InvalidValue

KEYS = frozenset({"base_url", "token_file", "source", "account_id", "zone"})


class FileToken:
    """A ``TokenSource`` over a file that holds a token and nothing else. A refused one stays refused."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def token(self) -> str:
        """Return the token.

        Raises:
            InvalidValue: ``token_file`` when there is none to read.
        """
        try:
            text = self._path.read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            text = ""
        if not text:
            raise InvalidValue("token_file", field="token_file")
        return text

    def invalidate(self, token: str) -> None:
        """Nobody can renew it here."""


def make(config: Mapping[str, str]) -> CanvasSource:
    """Return the source for ``base_url`` and ``token_file``, and if need be ``source``, ``account_id``,
    ``zone``.

    Raises:
        InvalidValue: ``option_unknown``, ``option_missing``, ``option_form`` (``zone``), and those of
            ``Origin.parse`` and ``FileToken``.
    """
    unknown = config.keys() - KEYS
    if unknown:
        raise InvalidValue("option_unknown", field=min(unknown))
    for key in ("base_url", "token_file"):
        if not config.get(key):
            raise InvalidValue("option_missing", field=key)
    tokens = FileToken(Path(config["token_file"]))
    tokens.token()
    timing = Timing()
    transport = Transport(
        Origin.parse(config["base_url"]),
        CanvasDialect(now=timing.now),
        gate=InFlightGate(timing=timing),
        tokens=tokens,
        timing=timing,
    )
    return CanvasSource(
        transport,
        source=config.get("source") or "canvas",
        account_id=config.get("account_id") or None,
        zone=_zone(config.get("zone") or "UTC"),
        timing=timing,
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise InvalidValue("option_form", field="zone") from None
