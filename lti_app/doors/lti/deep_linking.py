"""Deep linking 2.0: a teacher adds our one neutral item to a course, and the platform gets a signed answer.

The wish comes with a launch and is good once, for an hour. The choice is sealed between our screen and the
page that posts it back, and good once as well: a replayed form answers nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from joserfc import jwt
from joserfc.jwk import RSAKey

from lti_app.doors.launch_offers import LinkWish
from lti_app.doors.lti.claims import LaunchContext
from lti_app.doors.lti.id_token import DL, LTI
from lti_app.doors.lti.launch import approved_deployment
from lti_app.doors.lti.line_items import OUR_TAG
from lti_app.doors.lti.placements import CHECK_IN_PATH, PUBLIC_CHECK_IN_PATH
from lti_app.doors.lti.refusals import LaunchRefused
from lti_app.doors.lti.roles import Standing
from lti_app.doors.parts import Parts
from lti_app.doors.records import LaunchState
from lti_app.session.tokens import hash_of

LINK, PAGE = "ltiResourceLink", "link"
WISH_FOR = timedelta(hours=1)
CHOICE_FOR = timedelta(minutes=5)
ANSWER_FOR = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnForm:
    """What the last page posts: the signed answer, to the address the platform gave."""

    action: str
    jwt: str

    @property
    def origin(self) -> str:
        """Where the page's policy must allow a form to go."""
        address = urlsplit(self.action)
        return f"{address.scheme}://{address.netloc}"


def begin(parts: Parts, context: LaunchContext) -> LaunchContext:
    """Return a launch with a wish, the wish made good for one answer; any other launch as it is.

    Raises:
        LaunchRefused: ``choice_not_staff`` for anybody but staff of the course.
    """
    wish = context.offers.wish
    if wish is None:
        return context
    if context.standing is not Standing.STAFF:
        raise LaunchRefused("choice_not_staff", status=403, page="choice_staff")
    ticket = secrets.token_urlsafe(32)
    _remember(parts, "choice:" + ticket, context.registration_id, wish.return_url, WISH_FOR)
    return replace(context, offers=replace(context.offers, wish=replace(wish, ticket=ticket)))


def kind_of(wish: LinkWish) -> str | None:
    """Return which kind of item this platform takes from us: a launched link, else a plain one, else none."""
    return next((kind for kind in (LINK, PAGE) if kind in wish.takes), None)


def check_in_item(wish: LinkWish, title: str, *, public_url: str, with_column: bool) -> dict[str, Any]:
    """Return the item. ``with_column``: the school lets a word travel to a gradebook, so a column is made for
    it where the platform says that it takes one.
    """
    if kind_of(wish) != LINK:
        return {"type": PAGE, "url": public_url + PUBLIC_CHECK_IN_PATH, "title": title}
    name = "check-in-" + secrets.token_hex(4)
    item: dict[str, Any] = {
        "type": LINK,
        "url": public_url + CHECK_IN_PATH,
        "title": title,
        "custom": {"item": name},
    }
    if with_column and wish.takes_column:
        item["lineItem"] = {"scoreMaximum": 1, "label": title, "resourceId": name, "tag": OUR_TAG}
    return item


def choose(
    parts: Parts,
    registration_id: UUID,
    deployment_id: str,
    wish: LinkWish,
    items: Sequence[dict[str, Any]],
    *,
    message: str = "",
    error: str = "",
) -> str:
    """Use the wish up and return the sealed choice: at most one item, or none with a word for the teacher.

    Raises:
        LaunchRefused: ``choice_used`` for a wish that was answered before, or is older than an hour.
    """
    now = parts.clock()
    if parts.doors.take_launch_state(hash_of("choice:" + wish.ticket), at=now) is None:
        raise LaunchRefused("choice_used", status=409, page="launch_used")
    once = secrets.token_urlsafe(32)
    _remember(parts, "return:" + once, registration_id, wish.return_url, CHOICE_FOR)
    choice = {
        "once": once,
        "deployment": deployment_id,
        "data": wish.data,
        "items": list(items),
        "msg": message,
        "errormsg": error,
    }
    return parts.seal.close(choice, at=now)


def answer(parts: Parts, sealed: str) -> ReturnForm:
    """Return what goes back to the platform for a sealed choice, signed now.

    Raises:
        LaunchRefused: a choice that was used, is too old or is not ours; a platform closed in the meantime.
    """
    now = parts.clock()
    choice = parts.seal.open(sealed, ttl_seconds=int(CHOICE_FOR.total_seconds()), at=now)
    once = choice.get("once") if choice is not None else None
    if choice is None or not isinstance(once, str):
        raise LaunchRefused("choice_seal", status=409, page="launch_used")
    record = parts.doors.take_launch_state(hash_of("return:" + once), at=now)
    if record is None:
        raise LaunchRefused("choice_used", status=409, page="launch_used")
    registration = parts.doors.registration(record.registration_id)
    if registration is None or not registration.enabled:
        raise LaunchRefused("registration_disabled", status=401)
    deployment = approved_deployment(parts, registration, choice["deployment"])
    own = parts.own_keys.signing()
    issued = int(now.timestamp())
    claims: dict[str, Any] = {
        "iss": registration.client_id,
        "aud": registration.issuer,
        "azp": registration.issuer,
        "iat": issued,
        "exp": issued + int(ANSWER_FOR.total_seconds()),
        "nonce": secrets.token_urlsafe(24),
        LTI + "message_type": "LtiDeepLinkingResponse",
        LTI + "version": "1.3.0",
        LTI + "deployment_id": deployment.deployment_id,
        DL + "content_items": choice["items"],
    }
    said = {"data": choice["data"], "msg": choice["msg"] or None, "errormsg": choice["errormsg"] or None}
    claims |= {DL + name: value for name, value in said.items() if value is not None}
    header = {"alg": "RS256", "typ": "JWT", "kid": own.kid}
    signed = jwt.encode(header, claims, RSAKey.import_key(own.private_pem), algorithms=["RS256"])
    return ReturnForm(action=record.target_link_uri, jwt=signed)


def _remember(parts: Parts, name: str, registration_id: UUID, return_url: str, lasts: timedelta) -> None:
    """Keep one single use: what is taken away when it is used, and swept when it is too old."""
    now = parts.clock()
    parts.doors.add_launch_state(
        LaunchState(
            state_hash=hash_of(name),
            nonce="",
            registration_id=registration_id,
            target_link_uri=return_url,
            storage_target=None,
            created_at=now,
            expires_at=now + lasts,
        )
    )
