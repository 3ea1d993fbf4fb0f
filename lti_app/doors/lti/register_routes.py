"""Connecting by one pasted address: the page a platform opens in a frame, its one button, and its end.

LTI Dynamic Registration 1.0. The address holds a single-use invite; opening it changes nothing, the button
does.
"""

from __future__ import annotations

import logging
import re
from urllib.parse import urlsplit

from flask import Blueprint, Response, g, make_response, render_template, request

from lti_app.answers import new_reference
from lti_app.doors.lti import offer
from lti_app.doors.lti.install_refusals import InstallRefused
from lti_app.doors.lti.install_words import told
from lti_app.doors.lti.outside import LONGEST_URL
from lti_app.doors.lti.presets import PRESETS
from lti_app.doors.lti.registering import REGISTER_PATH, Asked, connect
from lti_app.doors.lti.registration_request import CLAIMS
from lti_app.doors.parts import parts
from lti_app.headers import ancestors_of
from lti_app.session.tokens import hash_of
from lti_app.settings import is_loopback

log = logging.getLogger("lti_app.doors.lti.register")
blueprint = Blueprint("register", __name__)

LARGEST_FORM_BYTES = 64 * 1024
_CODE = re.compile(r"[A-Za-z0-9_\-]{20,64}")
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-]{1,253}(:\d{1,5})?")


@blueprint.before_request
def prepare() -> None:
    """Let the platform's page frame ours, and read no uploads.

    Its origin is not known to us yet, so any page with https may: whoever has the link could register a
    platform of their own with it, so tricking somebody into pressing the button gains nothing.
    """
    request.max_content_length = request.max_form_memory_size = LARGEST_FORM_BYTES
    g.frame_ancestors = "frame-ancestors 'self' https:"
    if parts().settings.demo:
        g.frame_ancestors += " http://localhost:* http://127.0.0.1:*"


@blueprint.errorhandler(InstallRefused)
def refused(error: InstallRefused) -> Response:
    """Say in plain words what is wrong and what to do, with a reference number; the log gets the code."""
    number = new_reference()
    status = 410 if error.code == "invite_over" else 404 if error.code == "invite_needed" else 422
    log.warning("%s %s %s", number, status, error.code)
    what, do = told(error.code, error.host)
    again = _asked() if request.method == "POST" and status == 422 else None
    page = render_template("door/register_refused.html", what=what, do=do, reference=number, again=again)
    return make_response(page, status)


@blueprint.get(REGISTER_PATH)
def without_invite() -> Response:
    """Refuse: an address without an invite connects nothing."""
    raise InstallRefused("invite_needed")


@blueprint.get(REGISTER_PATH + "/<code>")
def ask(code: str) -> Response:
    """Show what would be connected and ask once; opened outside a platform, say where the link belongs."""
    here = parts()
    invite = here.installs.invite(hash_of(code), at=here.clock()) if _CODE.fullmatch(code) else None
    site = here.doors.site(invite.site_id) if invite is not None else None
    if site is None:
        raise InstallRefused("invite_over")
    asked = _asked()
    if not asked.configuration_url:
        ways = [one for one in PRESETS if one.by_url]
        return make_response(render_template("door/register_how.html", site=site, ways=ways))
    host = _host(asked.configuration_url)
    if not host:
        raise InstallRefused("address_form")
    twice = any(_host(one.issuer) == host for one in here.doors.registrations() if one.enabled)
    page = render_template(
        "door/register_ask.html",
        site=site,
        host=host,
        asked=asked,
        asks=[*offer.SCOPES, *CLAIMS[1:]],
        twice=twice,
    )
    return make_response(page)


@blueprint.post(REGISTER_PATH + "/<code>")
def register(code: str) -> Response:
    """Register us with the platform, then hand the frame back to it."""
    here = parts()
    if not _CODE.fullmatch(code):
        raise InstallRefused("invite_over")
    registration = connect(here, code, _asked())
    ancestors_of().forget()  # the platform may frame us from now on, not in some seconds
    waits = any(one.registration_id == registration.id for one in here.doors.deployments())
    claimed = here.installs.installation(registration.id)
    first = claimed is not None and claimed.claim_until is not None
    log.info("connected a platform")
    return make_response(render_template("door/register_done.html", first=first, waits=waits))


def _asked() -> Asked:
    """Return what the platform sent along: in the query when it opens us, in the form after the button."""
    given = request.form if request.method == "POST" else request.args
    opened_by = given.get("opened_by", "") if request.method == "POST" else _referring_page()
    return Asked(
        configuration_url=given.get("openid_configuration", ""),
        token=given.get("registration_token") or None,
        opened_by=_framing_origin(opened_by),
    )


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "") if len(url) <= LONGEST_URL else ""
    except ValueError:
        return ""


def _referring_page() -> str:
    try:
        page = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    return f"{page.scheme}://{page.netloc}"


def _framing_origin(text: str) -> str | None:
    """Return the origin when pages of it may frame us: https, or this machine in the demonstration."""
    settings = parts().settings
    if not _ORIGIN.fullmatch(text) or text.lower() == settings.public_url:
        return None
    own = settings.demo and is_loopback(urlsplit(text).hostname or "")
    return text if text.startswith("https://") or own else None
