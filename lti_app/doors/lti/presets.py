"""Presets: where the platforms of the field answer, as data with sources, so that an administrator types
little.

``{base}`` stands for the school's own address there, ``{client}`` for the client id.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from lti_app.doors.lti.install_refusals import InstallRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """The addresses of one platform, finished. ``frames`` are the origins its pages may frame us from."""

    issuer: str
    auth_url: str
    token_url: str
    jwks_url: str
    auth_audience: str | None = None
    frames: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """One kind of platform. ``needs_base``: it answers at each school's own address; ``by_url``: it can
    install us from one pasted link; ``where`` is the way to the right page; ``source`` was read 2026-11.
    """

    key: str
    name: str
    issuer: str
    auth_url: str
    token_url: str
    jwks_url: str
    source: str
    where: str
    frames: tuple[str, ...] = ()
    auth_audience: str | None = None
    needs_base: bool = False
    by_url: bool = False

    def addresses(self, *, base: str, client_id: str) -> Addresses:
        """Return the addresses for a school.

        Raises:
            InstallRefused: ``base_needed`` or ``base_form`` (field ``base``).
        """
        root = _root(base) if self.needs_base else ""
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(root)) if root else ""

        def filled(text: str) -> str:
            return text.format(base=root, origin=origin, client=client_id)

        return Addresses(
            issuer=filled(self.issuer),
            auth_url=filled(self.auth_url),
            token_url=filled(self.token_url),
            jwks_url=filled(self.jwks_url),
            auth_audience=self.auth_audience,
            frames=tuple(filled(one) for one in self.frames),
        )


def _root(base: str) -> str:
    """Return a school's address without a trailing slash."""
    text = base.strip().rstrip("/")
    if not text:
        raise InstallRefused("base_needed", field="base")
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        host = None
        parts = urlsplit("")
    clean = not (parts.query or parts.fragment or "@" in parts.netloc or set(text) & set("{} \\"))
    if parts.scheme not in ("https", "http") or not host or not clean:
        raise InstallRefused("base_form", field="base")
    return text


_CANVAS_DOC = (
    "https://developerdocs.instructure.com/services/canvas/external-tools/lti/file.lti_dev_key_config"
)
_CANVAS_WHERE = "Admin, Developer Keys, + Developer Key, + LTI Registration"


def _canvas(key: str, name: str, middle: str) -> Preset:
    return Preset(
        key=key,
        name=name,
        issuer=f"https://canvas.{middle}instructure.com",
        auth_url=f"https://sso.{middle}canvaslms.com/api/lti/authorize_redirect",
        token_url=f"https://sso.{middle}canvaslms.com/login/oauth2/token",
        jwks_url=f"https://sso.{middle}canvaslms.com/api/lti/security/jwks",
        frames=(f"https://*.{middle}instructure.com",),
        where=_CANVAS_WHERE,
        source=_CANVAS_DOC,
        by_url=True,
    )


PRESETS: tuple[Preset, ...] = (
    _canvas("canvas", "Canvas (hosted by Instructure)", ""),
    _canvas("canvas-beta", "Canvas (hosted, beta)", "beta."),
    _canvas("canvas-test", "Canvas (hosted, test)", "test."),
    Preset(
        key="canvas-own",
        name="Canvas (on a school's own server)",
        issuer="{base}",
        auth_url="{base}/api/lti/authorize_redirect",
        token_url="{base}/login/oauth2/token",  # noqa: S106 -- an address
        jwks_url="{base}/api/lti/security/jwks",
        frames=("{origin}",),
        where=_CANVAS_WHERE,
        source="https://developerdocs.instructure.com/services/canvas/external-tools/lti/file.lti_launch_overview",
        needs_base=True,
        by_url=True,
    ),
    Preset(
        key="moodle",
        name="Moodle",
        issuer="{base}",
        auth_url="{base}/mod/lti/auth.php",
        token_url="{base}/mod/lti/token.php",  # noqa: S106 -- an address
        jwks_url="{base}/mod/lti/certs.php",
        frames=("{origin}",),
        where="Site administration, Plugins, External tool, Manage tools",
        source="https://docs.moodle.org/en/LTI_and_Moodle",
        needs_base=True,
        by_url=True,
    ),
    Preset(
        key="blackboard",
        name="Blackboard Learn",
        issuer="https://blackboard.com",
        auth_url="https://developer.blackboard.com/api/v1/gateway/oidcauth",
        token_url="https://developer.blackboard.com/api/v1/gateway/oauth2/jwttoken",  # noqa: S106 -- an address
        jwks_url="https://developer.blackboard.com/api/v1/management/applications/{client}/jwks.json",
        frames=("https://*.blackboard.com",),
        where="Administrator Panel, LTI Tool Providers, Register LTI 1.3 Tool",
        source="https://docs.anthology.com/docs/blackboard/lti/1.3/core/jwt-contents",
    ),
    Preset(
        key="d2l",
        name="D2L Brightspace",
        issuer="{base}",
        auth_url="{base}/d2l/lti/authenticate",
        token_url="https://auth.brightspace.com/core/connect/token",  # noqa: S106 -- an address
        jwks_url="{base}/d2l/.well-known/jwks",
        auth_audience="https://api.brightspace.com/auth/token",
        frames=("{origin}",),
        where="Admin Tools, Manage Extensibility, LTI Advantage, Register Tool",
        source="https://community.d2l.com/brightspace/kb/articles/23730-about-lti-1-3-launch-and-authentication",
        needs_base=True,
        by_url=True,
    ),
    Preset(
        key="schoology",
        name="PowerSchool Schoology",
        issuer="https://schoology.schoology.com",
        auth_url="https://lti-service.svc.schoology.com/lti-service/authorize-redirect",
        token_url="https://lti-service.svc.schoology.com/lti-service/access-token",  # noqa: S106 -- an address
        jwks_url="https://lti-service.svc.schoology.com/lti-service/.well-known/jwks",
        frames=("https://*.schoology.com",),
        where="App Center, My Developer Apps, Add App",
        source="https://developers.schoology.com/app-platform/lti-apps",
    ),
)
"""The platforms with known addresses. Of any other one the addresses are typed in full."""

OTHER = "other"


def preset(key: str) -> Preset:
    """Return a preset.

    Raises:
        InstallRefused: ``unknown_preset``.
    """
    for one in PRESETS:
        if one.key == key:
            return one
    raise InstallRefused("unknown_preset", field="preset")


def name_of_issuer(issuer: str) -> str:
    """Return what people call the platform with this issuer, empty when the issuer alone does not say."""
    return next((one.name for one in PRESETS if one.issuer == issuer), "")
