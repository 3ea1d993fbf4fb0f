"""Opening: after any door, one bearer session, and the two halves a reload needs to find it again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, Response, current_app, render_template, request
from jinja2.utils import htmlsafe_json_dumps

from iepcore.ids import AdultId
from lti_app.doors.lti.claims import LaunchContext
from lti_app.doors.parts import Parts
from lti_app.doors.records import WebSession
from lti_app.session.cookies import door_cookie, no_cookie
from lti_app.session.tokens import hash_of, new_secret, new_secrets, under
from lti_app.session.viewer import lifetime_of

TAB_COOKIE = "__Host-tab-"
_HALVES = "rapport_opened_page"
MOST_TABS = 8
"""Cookies of this many tabs are kept per browser and LMS; the oldest are dropped (header size is finite)."""


class LoginUsed(Exception):
    """The login that a launch answers was used up by another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDoor:
    """What the page module is given, once: the token for its memory, and the halves of the resume."""

    token: str
    tab: str
    secret: str
    path: str
    ends_at: datetime
    cookies: bool
    high_contrast: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the data block. The secret goes to the page only where the browser refuses cookies."""
        block: dict[str, Any] = {"kind": "open", "token": self.token, "tab": self.tab, "path": self.path}
        if not self.cookies:
            block["secret"] = self.secret
        if self.high_contrast:
            block["contrast"] = "more"
        return block


def open_door(
    parts: Parts,
    launch: LaunchContext,
    adult_id: AdultId | None,
    *,
    cookies: bool,
    family: bool,
    using: str | None = None,
) -> OpenDoor:
    """Open the session of an accepted launch. ``cookies``: whether this browser kept the login's cookie;
    ``family``: whether the family's screens open, and nothing drawn for staff; ``using``: the hash of a login
    to use up in the same transaction.

    Raises:
        LoginUsed: that login is gone; nothing was opened.
        Busy: the store cannot write now.
    """
    now = parts.clock()
    life = lifetime_of(family=family)
    key = new_secret() if using is None else parts.doors.key_of(using)
    token, tab, secret = new_secrets(3)
    door = OpenDoor(
        token=under(key, token),
        tab=under(key, tab),
        secret=f"{int(now.timestamp()):x}.{secret}",
        path=launch.target_path,
        ends_at=now + life.whole,
        cookies=cookies,
        high_contrast=launch.high_contrast,
    )
    opened = parts.doors.open_session(
        WebSession(
            key=key,
            token_hash=hash_of(door.token),
            secret_hash=hash_of(door.secret),
            tab_hash=hash_of(door.tab),
            site_id=launch.site_id,
            registration_id=launch.registration_id,
            deployment_id=launch.deployment_id,
            door=launch.door,
            subject=launch.subject,
            adult_id=adult_id,
            family=family,
            context_id=launch.context_id,
            context_title=launch.context_title,
            roster_url=launch.roster_url,
            launch_roles=launch.roles,
            observees=launch.observees,
            canvas_user_id=launch.canvas_user_id,
            display_name=launch.display_name,
            locale=launch.locale,
            masquerade=launch.masquerade,
            created_at=now,
            seen_at=now,
            idle_until=now + life.idle,
            ends_at=now + life.whole,
            offers=launch.offers,
        ),
        using=using,
    )
    if not opened:
        raise LoginUsed
    return door


def opened_page(door: OpenDoor, app: Flask | None = None) -> str:
    """Return the page of an opened door: the shell and its data block.

    The template is rendered once per application (by default the one that answers this request); only the
    block differs from launch to launch.
    """
    app = app or current_app
    before, after = app.extensions.get(_HALVES) or _halves(app)
    return f"{before}{htmlsafe_json_dumps(door.as_json(), dumps=_block)}{after}"


_BLOCK = json.JSONEncoder(sort_keys=True)


def _block(value: Any, **_: Any) -> str:
    return _BLOCK.encode(value)


def _halves(app: Flask) -> tuple[str, str]:
    mark = new_secret()
    with app.test_request_context():
        before, _, after = render_template("door/opened.html", door=mark).partition(f'"{mark}"')
    halves = app.extensions[_HALVES] = before, after
    return halves


def tab_cookie(tab: str) -> str:
    """Return the name of the cookie that holds the secret of ``tab``; the name does not reveal the tab's
    key.
    """
    return TAB_COOKIE + hash_of("cookie:" + tab)[:16]


def keep_secret_in_cookie(response: Response, door: OpenDoor, *, now: datetime) -> None:
    """Set the resume secret as a cookie of an answer to this request, dropping those of the oldest tabs."""
    for line in secret_cookies(door, request.cookies, now=now):
        response.headers.add("Set-Cookie", line)


def secret_cookies(door: OpenDoor, cookies: Mapping[str, str], *, now: datetime) -> Iterable[str]:
    """Return the headers that keep the resume secret as a cookie and drop those of the oldest tabs.

    ``cookies`` are those the browser sent.
    """
    yield door_cookie(tab_cookie(door.tab), door.secret, seconds=int((door.ends_at - now).total_seconds()))
    others = [name for name in cookies if name.startswith(TAB_COOKIE)]
    if len(others) >= MOST_TABS:
        others.sort(key=lambda name: cookies[name].partition(".")[0].rjust(12, "0"), reverse=True)
        yield from map(no_cookie, others[MOST_TABS - 1 :])
