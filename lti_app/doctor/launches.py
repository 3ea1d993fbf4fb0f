"""What the last launches of a platform tell: each refusal names its cause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

from lti_app.doctor.finding import Finding, look, ok
from lti_app.doors.installs import OPENED
from lti_app.doors.lti.first_launch import UNKNOWN_PLATFORM
from lti_app.doors.records import Registration
from lti_app.wiring import Wired

RECENT = timedelta(days=7)
_CLOCK = ("The platform's messages come from another time than ours.", "Compare both clocks; see: clock.")
_ISSUER = (
    "The platform sends another issuer than it was connected with.",
    "Connect it again with the issuer it sends: iep lms add",
)
_KEYS = ("The platform's keys could not be had when it mattered.", "See: platform keys.")
_REASONS: Final[Mapping[str, tuple[str, str]]] = {
    UNKNOWN_PLATFORM: _ISSUER,
    "id_token_iss": _ISSUER,
    "id_token_aud": (
        "The platform sends another client id than it was connected with.",
        "Connect it again with the client id it sends: iep lms add",
    ),
    "id_token_early": _CLOCK,
    "id_token_expired": _CLOCK,
    "id_token_old": _CLOCK,
    "jwks_unreachable": _KEYS,
    "jwks_malformed": _KEYS,
    "unknown_kid": (
        "The platform signs with a key that is not in its key set.",
        "Check the key set's address: it may be another environment's (test, beta).",
    ),
    "id_token_signature": (
        "The platform's signature does not fit its key.",
        "Check the key set's address: it may be another environment's (test, beta).",
    ),
    "deployment_pending": ("Somebody waits at a deployment that is not approved.", "Run: iep lms approve"),
    "deployment_disabled": (
        "Somebody came by a deployment that is switched off.",
        "If it should be open, run: iep lms approve",
    ),
    "state_unknown": (
        "The browser's login was not found: it was used twice, was too old, or went to another server.",
        "Let all servers use one database, and the proxy cache nothing under /lti/.",
    ),
    "target_differs": (
        "The platform opens another address than it asked for at login.",
        "Look at the tool's target address in the platform's settings.",
    ),
}


def look_at_launches(wired: Wired, one: Registration, about: str) -> Iterator[Finding]:
    """Yield one finding about the launches of the last week, none when there were none."""
    since = wired.clock() - RECENT
    notes = [note for note in wired.installs.launch_notes(one.id, limit=20) if note.at >= since]
    if not notes:
        return
    if any(note.outcome == OPENED for note in notes[:1]):
        yield ok("launches", "The last launch was let in.", about=about)
        return
    last = notes[0]
    words, todo = _REASONS.get(last.outcome, ("The last launch was refused.", "Look for it in the log."))
    yield look(
        "launches", f"{words} ({last.outcome}, reference {last.reference or 'none'})", todo, about=about
    )
