"""What a browser keeps of a sign-in: sealed, readable by us only, within Classroom only, an hour at most.

Two things travel in it. The handover goes from the window to the frame that waits for it, once, within a
minute. The kept sign-in spares the window when the same person opens the next frame. It opens a frame after
Google was asked again; it authorises no reading and no writing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Response, request

from lti_app.doors.google.sign_in import CameBack, Person
from lti_app.doors.lti.refusals import LaunchRefused
from lti_app.doors.parts import Parts
from lti_app.doors.records import LaunchState
from lti_app.session.cookies import PERSON_COOKIE, drop_door_cookie, set_door_cookie
from lti_app.session.tokens import hash_of

HANDOVER_FOR = timedelta(seconds=60)
_KEPT_SECONDS = 3600
_EARLY_SECONDS = 60


def hand_over(here: Parts, back: CameBack) -> str:
    """Return the code that the window gives to its frame: good once, for a minute, for that frame alone."""
    now = here.clock()
    ticket = secrets.token_urlsafe(32)
    here.doors.add_launch_state(
        LaunchState(
            state_hash=hash_of("handover:" + ticket),
            nonce=back.challenge,
            registration_id=back.client.id,
            target_link_uri="",
            storage_target=None,
            created_at=now,
            expires_at=now + HANDOVER_FOR,
        )
    )
    return here.seal.close({"ticket": ticket, "person": asdict(back.person)}, at=now)


def take_over(here: Parts, client_id: UUID, code: str, verifier: str) -> Person:
    """Return who signed in for this frame. A right or wrong verifier uses the code up alike.

    Raises:
        LaunchRefused: ``handover_seal``, ``handover_used`` or ``handover_frame``.
    """
    value = here.seal.open(code, ttl_seconds=int(HANDOVER_FOR.total_seconds()), at=here.clock())
    ticket = value.get("ticket") if value is not None else None
    if value is None or not isinstance(ticket, str):
        raise LaunchRefused("handover_seal", status=401, page="launch_used")
    record = here.doors.take_launch_state(hash_of("handover:" + ticket), at=here.clock())
    if record is None or record.registration_id != client_id:
        raise LaunchRefused("handover_used", status=401, page="launch_used")
    shown = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode("utf-8", "surrogatepass")).digest())
    if not hmac.compare_digest(shown.rstrip(b"=").decode(), record.nonce):
        raise LaunchRefused("handover_frame", status=401, page="launch_used")
    return Person(**value["person"])


def keep(here: Parts, response: Response, person: Person) -> None:
    """Let this browser keep the sign-in as long as Google's token lives."""
    now = here.clock()
    seconds = int(person.expires_at - now.timestamp()) - _EARLY_SECONDS
    if seconds > 0:
        sealed = here.seal.close(asdict(person), at=now)
        set_door_cookie(response, PERSON_COOKIE, sealed, seconds=min(seconds, _KEPT_SECONDS))


def kept(here: Parts, client_id: UUID, *, hint: str) -> Person | None:
    """Return the kept sign-in when Classroom says that the same person is there, else None."""
    sealed = request.cookies.get(PERSON_COOKIE, "")
    now = here.clock()
    value: dict[str, Any] | None = here.seal.open(sealed, ttl_seconds=_KEPT_SECONDS, at=now)
    if value is None or not hint:
        return None
    try:
        person = Person(**value)
    except TypeError:  # kept by another version of ours
        return None
    same = person.client_id == str(client_id) and hmac.compare_digest(person.subject, hint)
    return person if same and person.expires_at - _EARLY_SECONDS > now.timestamp() else None


def forget(response: Response) -> None:
    """Make this browser forget who signed in."""
    if PERSON_COOKIE in request.cookies:
        drop_door_cookie(response, PERSON_COOKIE)
