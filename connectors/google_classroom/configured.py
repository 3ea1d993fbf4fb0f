"""A source of a whole Google domain out of a configuration of texts, for the command line and for scripts.

The tool itself pulls in the name of whoever said yes; here a service account acts for one administrator.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from connectors.google_classroom.delegated import Delegation, ServiceAccount
from connectors.google_classroom.dialect import GoogleDialect
from connectors.google_classroom.pace import Pace
from connectors.google_classroom.routes import CLASSROOM_URL, ROSTER_SCOPES, SOURCE
from connectors.google_classroom.source import GoogleSource
from connectors.http import Origin, Timing, Transport
from iepcore.errors import InvalidValue

KEYS = frozenset({"key_file", "administrator", "source", "zone"})


def make(config: Mapping[str, str]) -> GoogleSource:
    """Return the source for ``key_file`` (a service account's) and ``administrator`` (the mail address it
    acts for), and if need be ``source``. ``zone`` is taken and not needed.

    Raises:
        InvalidValue: ``option_unknown``, ``option_missing``, ``service_key_form``, ``service_key_elsewhere``.
    """
    unknown = config.keys() - KEYS
    if unknown:
        raise InvalidValue("option_unknown", field=min(unknown))
    for key in ("key_file", "administrator"):
        if not config.get(key):
            raise InvalidValue("option_missing", field=key)
    timing = Timing()
    account = ServiceAccount.parse(_text(Path(config["key_file"])))
    administrator = config["administrator"]
    transport = Transport(
        Origin.parse(CLASSROOM_URL),
        GoogleDialect(now=timing.now),
        gate=Pace(timing=timing).of(administrator),
        tokens=Delegation(account, [administrator], timing=timing).tokens(administrator, ROSTER_SCOPES),
        timing=timing,
    )
    source = config.get("source") or SOURCE
    return GoogleSource(transport, source=source, whole_domain=True, timing=timing)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""
