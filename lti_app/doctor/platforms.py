"""Each connected platform: its key set, its clock against ours, its issuer, its scopes, its last launches."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests

from iepcore.errors import ConnectorError, IepError
from lti_app.doctor.finding import Finding, cannot_tell, look, ok
from lti_app.doctor.launches import look_at_launches
from lti_app.doors.lti.keys import OwnKeys
from lti_app.doors.lti.offer import KEYS_PATH, SCOPES
from lti_app.doors.lti.platform_keys import USER_AGENT
from lti_app.doors.lti.presets import PRESETS
from lti_app.doors.lti.services import PlatformServices, ServiceRefused
from lti_app.doors.records import GOOGLE, Deployment, DeploymentState, Registration
from lti_app.wiring import Wired

TIMEOUT_SECONDS = (5.0, 5.0)
LARGEST_BYTES = 256 * 1024
MOST_SKEW = timedelta(seconds=30)
"""Half of what a launch forgives: beyond a minute launches are refused."""

_DATE = re.compile(r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT")
"""RFC 9110 section 5.6.7. Two of them where a server and its framework each add one: the last counts."""
_SHORT = {scope.name: scope.name.rsplit("/", 1)[-1] for scope in SCOPES}


def look_at_platforms(wired: Wired) -> Iterator[Finding]:
    """Yield what can be said of every enabled platform."""
    registrations = [one for one in wired.doors.registrations() if one.enabled]
    if not registrations:
        yield look("platforms", "No platform is connected.", "Connect one: iep lms add, or iep lms invite")
    services = PlatformServices(
        keys=OwnKeys(wired.doors, clock=wired.clock), clock=wired.clock, timeout_seconds=TIMEOUT_SECONDS
    )
    for one in registrations:
        about = urlsplit(one.issuer).hostname or one.issuer
        held = [each for each in wired.doors.deployments() if each.registration_id == one.id]
        yield from _key_set(wired, one, about)
        key = wired.doors.api_client(one.id)
        is_google = key is not None and key.kind == GOOGLE
        if not is_google:
            yield issuer(one, about)
        yield from _deployments(one, held, about)
        yield from look_at_launches(wired, one, about)
        active = [each for each in held if each.state is DeploymentState.ACTIVE]
        if active and not is_google:  # at Google people bring their own tokens
            yield scopes(wired, services, one, active[0], about)


# --------------------------------------------------------------------------------- key set and clock


def _key_set(wired: Wired, one: Registration, about: str) -> Iterator[Finding]:
    check, host = "platform keys", urlsplit(one.jwks_url).hostname
    try:
        before = wired.clock()
        with requests.get(
            one.jwks_url,
            headers={"User-Agent": USER_AGENT},
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
            stream=True,
        ) as answer:
            body = answer.raw.read(LARGEST_BYTES, decode_content=True)
            status, headers = answer.status_code, answer.headers
        now = before + (wired.clock() - before) / 2
    except (requests.RequestException, OSError) as problem:
        yield look(
            check,
            f"The key set at {host} cannot be reached ({type(problem).__name__}).",
            f"Check the address ({one.jwks_url}), this machine's firewall, and the platform.",
            about=about,
        )
        return
    yield clock(headers.get("Date"), headers.get("Age"), now=now, about=about)
    if status != 200:
        yield look(
            check,
            f"The key set's address answers {status}.",
            f"Correct the address; now it is {one.jwks_url}",
            about=about,
        )
        return
    count = _usable(body)
    if not count:
        yield look(
            check,
            "There is no RSA signature key in the key set.",
            f"Correct the address; now it is {one.jwks_url}",
            about=about,
        )
    else:
        yield ok(check, f"Keys in the key set: {count}.", about=about)


def _usable(body: bytes) -> int:
    try:
        listed = json.loads(body)["keys"]
        return sum(one.get("kty") == "RSA" and one.get("use", "sig") == "sig" for one in listed)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return 0


def clock(date: str | None, age: str | None, *, now: datetime, about: str) -> Finding:
    """Whether our clock and the platform's agree. ``age``: seconds the answer lay in a cache (RFC 9111)."""
    try:
        theirs = parsedate_to_datetime(_DATE.findall(date or "")[-1])
        theirs += timedelta(seconds=int(age) if age and age.isdigit() else 0)
        skew = now - theirs
    except (IndexError, ValueError):
        return cannot_tell("clock", "The platform does not tell the time.", about=about)
    if abs(skew) <= MOST_SKEW:
        return ok("clock", "This machine's clock agrees with the platform's.", about=about)
    way = "ahead of" if skew > timedelta(0) else "behind"
    return look(
        "clock",
        f"This machine's clock is {_span(abs(skew))} {way} the platform's; launches are refused for it.",
        "Set this machine's clock by NTP (timedatectl set-ntp true). If it is right, tell the platform.",
        about=about,
    )


def _span(skew: timedelta) -> str:
    seconds = round(skew.total_seconds())
    if seconds < 120:
        return f"{seconds} seconds"
    return f"{round(seconds / 60)} minutes" if seconds < 7200 else f"{round(seconds / 3600)} hours"


# -------------------------------------------------------------------------------------------- issuer


def issuer(one: Registration, about: str) -> Finding:
    """Whether the issuer is what this kind of platform sends, or what the platform publishes."""
    known = _known_issuer(one)
    if known is None:
        known = _published_issuer(one)
    if known is None:
        return cannot_tell(
            "issuer", "The platform does not publish its issuer.", "The next launch tells.", about=about
        )
    if known == one.issuer:
        return ok("issuer", "The issuer is what the platform sends.", about=about)
    return look(
        "issuer",
        f"The issuer is {one.issuer}, but the platform sends {known}.",
        f"Connect it again with --issuer {known} and the same client id; switch this one off: iep lms off",
        about=about,
    )


def _known_issuer(one: Registration) -> str | None:
    """Return the issuer that the presets know for these addresses, or None."""
    for preset in PRESETS:
        if not preset.needs_base:
            if one.auth_url == preset.auth_url:
                return preset.issuer
            continue
        ending = preset.auth_url.removeprefix("{base}")
        if one.auth_url.endswith(ending) and preset.issuer == "{base}":
            base = one.auth_url.removesuffix(ending)
            # A Canvas of the school's own may be set to any issuer; the others send their address.
            return None if preset.key == "canvas-own" else base
    return None


def _published_issuer(one: Registration) -> str | None:
    for base in dict.fromkeys(
        (one.issuer.rstrip("/"), "{0.scheme}://{0.netloc}".format(urlsplit(one.auth_url)))
    ):
        try:
            answer = requests.get(
                f"{base}/.well-known/openid-configuration",
                headers={"User-Agent": USER_AGENT},
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
            )
            told: Any = answer.json() if answer.status_code == 200 else None
        except (requests.RequestException, ValueError, RecursionError):
            continue
        if isinstance(told, dict) and told.get("authorization_endpoint") == one.auth_url:
            found = told.get("issuer")
            return found if isinstance(found, str) else None
    return None


# ---------------------------------------------------------------------------- deployments and scopes


def _deployments(one: Registration, held: Sequence[Deployment], about: str) -> Iterator[Finding]:
    check = "deployments"
    pending = [each.deployment_id for each in held if each.state is DeploymentState.PENDING]
    active = sum(each.state is DeploymentState.ACTIVE for each in held)
    if pending:
        yield look(
            check,
            f"Deployments awaiting approval: {len(pending)} ({', '.join(pending[:3])}). They let nobody in.",
            f"Approve those that are yours: iep lms approve (registration {one.id})",
            about=about,
        )
    if active:
        yield ok(check, f"Open deployments: {active}.", about=about)
    elif not pending:
        yield look(
            check,
            "No deployment is open: nobody can come in.",
            "Open the tool once from the platform, then approve it: iep lms approve",
            about=about,
        )


def scopes(
    wired: Wired, services: PlatformServices, one: Registration, held: Deployment, about: str
) -> Finding:
    """Whether the platform gives tokens for what the tool asks of it."""
    check = "scopes"
    try:
        if next(iter(wired.doors.keys(at=wired.clock())), None) is None:
            return cannot_tell(check, "The tool has no key yet; the first request makes one.", about=about)
        missing = []
        for scope in SCOPES:
            reason = _refusal(services, one, held, scope.name)
            if reason in ("scope_not_granted", "invalid_scope"):
                missing.append(_SHORT[scope.name])
            elif reason:
                return look(
                    check,
                    f"The platform gives us no token ({reason}).",
                    "Check client id and token address, and on the platform the address of our key set:"
                    f" {wired.settings.url(KEYS_PATH)}",
                    about=about,
                )
    except ConnectorError as error:
        return cannot_tell(
            check,
            f"The token address does not answer ({error.code}).",
            f"Check the address; now it is {one.token_url}",
            about=about,
        )
    except IepError as error:
        return cannot_tell(check, f"Our own key cannot be read ({error.code}).", "See: secrets.", about=about)
    if missing:
        return look(
            check,
            f"The platform does not grant: {', '.join(missing)}.",
            "Switch these scopes on for this tool in the platform's settings.",
            about=about,
        )
    return ok(check, f"The platform grants all {len(SCOPES)} scopes.", about=about)


def _refusal(services: PlatformServices, one: Registration, held: Deployment, scope: str) -> str:
    """Return why no token is given for a scope, empty when one is."""
    try:
        services.prove(one, held.deployment_id, (scope,))
    except ServiceRefused as refused:
        return str(refused.params.get("error") or refused.code)
    return ""
