"""Checks of one platform from our side: its keys, its clock, and whether it knows us. Nobody is launched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from iepcore.errors import ConnectorError
from lti_app.doors.lti.install_refusals import InstallRefused
from lti_app.doors.lti.launch import LEEWAY_SECONDS
from lti_app.doors.lti.offer import NRPS_SCOPE
from lti_app.doors.lti.outside import Answer, Outside
from lti_app.doors.lti.services import PlatformServices
from lti_app.doors.records import Registration

_DATE_LENGTH = 29
"""RFC 9110 section 5.6.7. A server and its framework may each add one: the last counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One look: ``what`` is ``keys``, ``clock`` or ``token``; ``code`` says what is wrong, empty when good.

    ``number`` is a status or a count of seconds where the code has one.
    """

    what: str
    code: str = ""
    number: int | None = None


def check_platform(
    outside: Outside,
    services: PlatformServices,
    clock: Callable[[], datetime],
    registration: Registration,
    deployment_id: str | None,
) -> tuple[Check, ...]:
    """Return what is found. ``deployment_id`` None: nothing is approved yet, so no token is asked for."""
    found: list[Check] = []
    try:
        answer = outside.read(registration.jwks_url)
    except InstallRefused as refused:
        found.append(Check(what="keys", code=refused.code))
    else:
        found += [_keys(answer), *_clock(answer, clock())]
    if deployment_id is not None:
        found.append(_token(services, registration, deployment_id))
    return tuple(found)


def _keys(answer: Answer) -> Check:
    if answer.status != 200:
        return Check(what="keys", code="keys_status", number=answer.status)
    keys: Any = answer.document.get("keys") if isinstance(answer.document, dict) else None
    usable = [
        one
        for one in (keys if isinstance(keys, list) else [])
        if isinstance(one, dict) and one.get("kty") == "RSA" and one.get("use", "sig") == "sig"
    ]
    return Check(what="keys", code="" if usable else "keys_none")


def _clock(answer: Answer, now: datetime) -> tuple[Check, ...]:
    """Compare clocks by the ``Date`` of an answer; nothing is said when it has none."""
    try:
        theirs = parsedate_to_datetime((answer.date or "")[-_DATE_LENGTH:])
    except ValueError:
        return ()
    if theirs.tzinfo is None:
        theirs = theirs.replace(tzinfo=UTC)
    apart = round(abs((theirs - now).total_seconds()))
    return (Check(what="clock", code="clock_apart" if apart > LEEWAY_SECONDS else "", number=apart),)


def _token(services: PlatformServices, registration: Registration, deployment_id: str) -> Check:
    try:
        services.prove(registration, deployment_id, (NRPS_SCOPE,))
    except ConnectorError as error:
        status = error.params.get("status")
        return Check(what="token", code=error.code, number=status if isinstance(status, int) else None)
    return Check(what="token")
