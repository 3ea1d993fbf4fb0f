"""Platforms, for a site's administrator: what is connected, what waits, what went wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from flask import Blueprint, Response, request

from iepcore.errors import InvalidValue
from iepcore.ids import AdultId
from lti_app.console import Console, ConsolePage, PlatformRow, TypedPlatform
from lti_app.doors.lti.install_refusals import InstallRefused
from lti_app.doors.lti.offer import KEYS_PATH, LAUNCH_PATH, LOGIN_PATH
from lti_app.doors.lti.presets import OTHER, PRESETS
from lti_app.doors.records import DeploymentState
from lti_app.screens.bubbles import when_words
from lti_app.screens.forms import given_id
from lti_app.screens.page import Frame, frame_of, page
from lti_app.screens.parts import screen_parts
from lti_app.screens.platform_words import check_words, launch_words, refused_words, state_words
from lti_app.session.goto import goto
from lti_app.session.viewer import Viewer, current_viewer

blueprint = Blueprint("platforms", __name__)

Answer = str | Response | tuple[str, int]
PATH = "/app/platforms"
_CHANGED = "platforms_changed"
_TYPED = ("preset", "base", "client_id", "deployment_id", "issuer", "auth_url", "token_url", "jwks_url")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentLine:
    """One deployment; ``act`` is what its button does, with its words."""

    id: str
    state: str
    kind: str
    act: str
    act_words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchLine:
    """One launch: when, what happened, what to fix, and the number a person was shown."""

    when: str
    what: str
    fix: str
    reference: str
    good: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformCard:
    """One platform with everything under it."""

    id: str
    name: str
    issuer: str
    client_id: str
    on: bool
    is_ours: bool
    opened: str
    deployments: list[DeploymentLine]
    launches: list[LaunchLine]
    checks: list[tuple[bool, str]] = field(default_factory=list)


@blueprint.get(PATH)
def platforms() -> Answer:
    """Show the platforms of the site (its administrators only)."""
    viewer = current_viewer()
    return _page(viewer, screen_parts().console(viewer))


@blueprint.post(PATH)
def change() -> Answer:
    """Approve, turn off or on, test, invite, connect by hand, or name the first records officer."""
    viewer = current_viewer()
    console = screen_parts().console(viewer)
    do = request.form.get("do", "")
    try:
        if do == "invite":
            return _page(viewer, console, invite=console.invite())
        if do == "test":
            asked = given_id("platform")
            found = [(not one.code, check_words(frame_of(viewer), one)) for one in console.check(asked)]
            return _page(viewer, console, tested={asked: found})
        _apply(console, do)
    except InstallRefused as refused:
        return _page(viewer, console, refused=refused, typed=_typed() if do == "add" else None), 422
    return goto(PATH, said=_CHANGED)


def _apply(console: Console, do: str) -> None:
    """Do one step of the form."""
    if do in {"approve", "off"}:
        console.set_deployment(given_id("platform"), request.form.get("deployment", ""), on=do == "approve")
    elif do in {"enable", "disable"}:
        console.set_platform(given_id("platform"), on=do == "enable")
    elif do == "officer":
        console.name_officer(AdultId(given_id("adult")))
    elif do == "add":
        console.add(_typed())
    else:
        raise InvalidValue("unknown_field", field="do")


def _typed() -> TypedPlatform:
    return TypedPlatform(**{name: request.form.get(name, "").strip() for name in _TYPED})


def _page(
    viewer: Viewer,
    console: Console,
    *,
    invite: str = "",
    tested: dict[UUID, list[tuple[bool, str]]] | None = None,
    refused: InstallRefused | None = None,
    typed: TypedPlatform | None = None,
) -> str:
    frame = frame_of(viewer)
    found: ConsolePage = console.page()
    root = console.public_url
    empty = TypedPlatform(preset=PRESETS[0].key, base="", client_id="", deployment_id="")
    return page(
        frame,
        "platforms.html",
        title=frame.words("Platforms"),
        current="platforms",
        cards=[_card(frame, row, (tested or {}).get(row.registration.id, [])) for row in found.rows],
        officers=None if found.officers is None else [(str(one.id), one.name) for one in found.officers],
        invite=invite,
        ways=_ways(),
        presets=[*((one.key, one.name) for one in PRESETS), (OTHER, frame.words("Another platform"))],
        typed=typed or empty,
        typed_open=typed is not None,
        wrong={refused.field: refused_words(frame, refused.code)} if refused and refused.field else {},
        refused=refused_words(frame, refused.code) if refused and not refused.field else "",
        ours=[
            (frame.words("Login"), root + LOGIN_PATH),
            (frame.words("Launch and redirect"), root + LAUNCH_PATH),
            (frame.words("Our keys"), root + KEYS_PATH),
            (frame.words("Canvas settings"), root + "/lti/canvas.json"),
        ],
        brought=_brought(frame),
        said_sentence=frame.words("Changed.") if request.args.get("said") == _CHANGED else "",
    )


def _brought(frame: Frame) -> list[tuple[str, str]]:
    """Return what the launch brought by which this person came: a test launch is one from the place meant."""
    viewer = frame.viewer
    yes, no = frame.words("yes"), frame.words("no")
    course = viewer.context_id is not None
    facts = [
        (frame.words("Deployment id"), viewer.deployment_id or "–"),
        (frame.words("Roles"), ", ".join(map(_short_role, viewer.roles)) or "–"),
        (frame.words("From a course"), yes if course else no),
        (frame.words("Canvas fields filled in"), yes if viewer.canvas_user_id else no),
    ]
    if course:
        facts.append((frame.words("Course list offered"), yes if viewer.roster_url else no))
    return facts


def _short_role(role: str) -> str:
    """Return a role as people know it; a sub-role keeps its role, for it may mean something else alone."""
    name = role.rpartition("/v2/")[2]
    for vocabulary in ("membership", "institution/person", "system/person"):
        name = name.removeprefix(vocabulary)
    return name.lstrip("#/")


def _ways() -> list[tuple[str, str]]:
    """Return where a link is pasted, each way once, by the product's short name."""
    found = {one.where: one.name.partition(" (")[0] for one in reversed(PRESETS) if one.by_url}
    return [(name, where) for where, name in reversed(found.items())]


def _card(frame: Frame, row: PlatformRow, checks: list[tuple[bool, str]]) -> PlatformCard:
    launches = []
    for note in row.notes:
        what, fix = launch_words(frame, note.outcome)
        launches.append(
            LaunchLine(
                when=when_words(frame, note.at),
                what=what,
                fix=fix,
                reference=note.reference,
                good=not note.reference,
            )
        )
    deployments = []
    for held in row.deployments:
        words, kind = state_words(frame, held.state)
        act = "off" if held.state is DeploymentState.ACTIVE else "approve"
        act_words = {
            DeploymentState.PENDING: frame.words("Approve"),
            DeploymentState.ACTIVE: frame.words("Turn off"),
            DeploymentState.DISABLED: frame.words("Turn on"),
        }[held.state]
        deployments.append(
            DeploymentLine(id=held.deployment_id, state=words, kind=kind, act=act, act_words=act_words)
        )
    return PlatformCard(
        id=str(row.registration.id),
        name=row.name,
        issuer=row.registration.issuer,
        client_id=row.registration.client_id,
        on=row.registration.enabled,
        is_ours=row.is_ours,
        opened=when_words(frame, row.opened_at) if row.opened_at else frame.words("not yet"),
        deployments=deployments,
        launches=launches,
        checks=checks,
    )
