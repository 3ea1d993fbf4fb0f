"""Adding the check-in to a Classroom item: the one attachment this product ever makes, without a grade.

``maxPoints`` and a page for reviewing work are never sent, so that Classroom offers no mark for it.
"""

from __future__ import annotations

from uuid import UUID

from connectors.google_classroom.routes import ItemKind
from connectors.http.errors import CallError
from lti_app.doors.google.arriving import WISH_FOR, remember_wish
from lti_app.doors.google.asking import Item, create_attachment
from lti_app.doors.google.clients import GoogleClient, google_client
from lti_app.doors.launch_offers import LinkWish
from lti_app.doors.lti.refusals import LaunchRefused
from lti_app.doors.parts import Parts
from lti_app.session.tokens import hash_of


def attachment(client: GoogleClient, title: str, *, public_url: str) -> dict[str, object]:
    """Return the body of ``addOnAttachments.create``."""
    base = f"{public_url}/classroom/{client.id}"
    return {
        "title": title,
        "teacherViewUri": {"uri": f"{base}/teacher"},
        "studentViewUri": {"uri": f"{base}/student"},
    }


def give_up(here: Parts, client_id: UUID, wish: LinkWish) -> str:
    """Use the wish up and add nothing; return the origin whose page is told to close the frame.

    Raises:
        LaunchRefused: ``choice_used``.
    """
    return _take(here, client_id, wish).endpoints.classroom_page


def attach(here: Parts, client_id: UUID, wish: LinkWish, title: str) -> str:
    """Add the check-in under ``title``; return the origin whose page is told to close the frame.

    Raises:
        LaunchRefused: ``choice_used`` for a wish that was answered before or is older than an hour;
            ``choice_refused`` when Google does not take it (the token of the frame ran out).
        CallError: when Google did not answer; the wish stays good unless it may have been done.
    """
    client = _take(here, client_id, wish)
    asked = here.seal.open(wish.data or "", ttl_seconds=int(WISH_FOR.total_seconds()), at=here.clock())
    if asked is None:
        raise LaunchRefused("choice_seal", status=409, page="launch_used")
    item = Item(course_id=asked["course"], item_id=asked["item"], kind=ItemKind(asked["kind"]))
    body = attachment(client, title, public_url=here.settings.public_url)
    try:
        create_attachment(client, asked["access"], item, asked["token"], body)
    except CallError as refused:
        if refused.retryable and not refused.may_have_happened:
            remember_wish(here, client, wish.ticket)
            raise
        raise LaunchRefused("choice_refused:" + refused.code, status=409, page="launch_used") from None
    return client.endpoints.classroom_page


def _take(here: Parts, client_id: UUID, wish: LinkWish) -> GoogleClient:
    if here.doors.take_launch_state(hash_of("choice:" + wish.ticket), at=here.clock()) is None:
        raise LaunchRefused("choice_used", status=409, page="launch_used")
    client = google_client(here.doors, client_id)
    if client is None:
        raise LaunchRefused("registration_disabled", status=401)
    return client
