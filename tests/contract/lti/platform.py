"""FakePlatform: a strict stand-in for an LMS, written from the LTI 1.3 specifications, on a real HTTP
server.

It refuses what a real platform would refuse: a wrong ``redirect_uri``, a login hint that came back changed,
a client assertion that does not verify. What it signs can be bent claim by claim.
"""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from iepcore.ids import SiteId, new_uuid7
from lti_app.doors.records import Deployment, DeploymentState, DoorStore, Registration

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
ROLE = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
NRPS_SCOPE = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
NRPS_MEDIA = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
ISSUER = "https://lms.example.edu"

_KEYS: dict[str, RSAKey] = {}


def rsa_key(name: str, bits: int = 2048) -> RSAKey:
    """Return the RSA key called ``name``; made once per test run, because making one takes long."""
    if name not in _KEYS:
        _KEYS[name] = RSAKey.generate_key(bits, {"kid": name}, private=True)
    return _KEYS[name]


class FakePlatform:
    """One platform with one client, one deployment, a key set, a token endpoint and rosters."""

    def __init__(
        self,
        server: HTTPServer,
        doors: DoorStore,
        *,
        clock: Callable[[], datetime],
        tool_url: str,
        registered: bool = True,
    ) -> None:
        self.server = server
        self.doors = doors
        self.clock = clock
        self.tool_url = tool_url
        self.issuer = ISSUER
        self.key = rsa_key("platform-1")
        self.published: Any = {"keys": [public_jwk(self.key)]}
        self.key_set_status = 200
        self.key_set_requests = 0
        self.token_requests: list[Mapping[str, Any]] = []
        self.tokens: dict[str, float] = {}
        self.roster_pages: dict[str, tuple[int, Any, str | None]] = {}
        self.roster_requests: list[Request] = []
        self.registration: Registration
        if registered:
            self.registration = self.register()
        server.expect_request("/jwks").respond_with_handler(self._key_set)
        server.expect_request("/token", method="POST").respond_with_handler(self._token)
        server.expect_request(re.compile("/roster.*")).respond_with_handler(self._roster)

    def register(self, client_id: str = "client-1", **changes: Any) -> Registration:
        """Store a registration of ours with this platform and return it."""
        values: dict[str, Any] = {
            "id": new_uuid7(),
            "issuer": ISSUER,
            "client_id": client_id,
            "auth_url": ISSUER + "/auth",
            "token_url": self.server.url_for("/token"),
            "jwks_url": self.server.url_for("/jwks"),
        }
        registration = Registration(**{**values, **changes})
        self.doors.save_registration(registration)
        return registration

    def deploy(self, site_id: SiteId | None, deployment_id: str = "dep-1", **changes: Any) -> Deployment:
        """Store a deployment of the registration (active when a site is given)."""
        values: dict[str, Any] = {
            "registration_id": self.registration.id,
            "deployment_id": deployment_id,
            "state": DeploymentState.ACTIVE if site_id else DeploymentState.PENDING,
            "site_id": site_id,
        }
        deployment = Deployment(**{**values, **changes})
        self.doors.save_deployment(deployment)
        return deployment

    def rotate(self, name: str, *, keep_old: bool = True) -> RSAKey:
        """Sign with a new key from now on, and publish it beside the old ones or alone; return it."""
        old = self.published["keys"] if keep_old else []
        self.key = rsa_key(name)
        self.published = {"keys": [public_jwk(self.key), *old]}
        return self.key

    # launch side
    def login_request(self, **changes: Any) -> dict[str, str]:
        """Return the parameters of a login initiation; a change to None leaves the parameter out."""
        values: dict[str, Any] = {
            "iss": self.issuer,
            "login_hint": "hint/ä&1",
            "lti_message_hint": "message=1&x",
            "target_link_uri": self.tool_url + "/app/",
            "client_id": self.registration.client_id,
            "lti_deployment_id": "dep-1",
        }
        return {name: value for name, value in {**values, **changes}.items() if value is not None}

    def authorize(self, auth_url: str) -> dict[str, str]:
        """Check an authorization request as strictly as SEC 5.1.1.2 and return its parameters."""
        address = urlsplit(auth_url)
        pairs = parse_qsl(address.query, keep_blank_values=True, strict_parsing=True)
        asked = dict(pairs)
        assert len(asked) == len(pairs), "a parameter came twice"
        assert (
            self.registration.auth_url.partition("?")[0]
            == f"{address.scheme}://{address.netloc}{address.path}"
        )
        fixed = {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "redirect_uri": self.tool_url + "/lti/launch",
        }
        assert fixed == {name: asked.get(name) for name in fixed}
        assert len(asked["state"]) >= 22
        assert len(asked["nonce"]) >= 22
        return asked

    def claims(self, asked_nonce: str, /, **changes: Any) -> dict[str, Any]:
        """Return a full teacher's claims; short names get the LTI prefix, a change to ``...`` removes the
        claim.
        """
        now = int(self.clock().timestamp())
        values: dict[str, Any] = {
            "iss": self.issuer,
            "aud": self.registration.client_id,
            "azp": self.registration.client_id,
            "sub": "user-1",
            "nonce": asked_nonce,
            "iat": now,
            "exp": now + 3600,
            "name": "Ada Example",
            "given_name": "Ada",
            "family_name": "Example",
            "email": "ada@example.org",
            "locale": "en-US",
            CLAIM + "message_type": "LtiResourceLinkRequest",
            CLAIM + "version": "1.3.0",
            CLAIM + "deployment_id": "dep-1",
            CLAIM + "target_link_uri": self.tool_url + "/app/",
            CLAIM + "resource_link": {"id": "link-1", "title": "Rapport"},
            CLAIM + "roles": [ROLE + "Instructor"],
            CLAIM + "context": {"id": "course-1", "title": "Room 12", "type": ["CourseOffering"]},
            NRPS: {
                "context_memberships_url": self.server.url_for("/roster/course-1"),
                "service_versions": ["2.0"],
            },
        }
        for name, value in changes.items():
            full = name if name in _PLAIN or name.startswith("http") else CLAIM + name
            if value is ...:
                values.pop(full, None)
            else:
                values[full] = value
        return values

    def sign(
        self, claims: Any, *, key: Any = None, header: Mapping[str, Any] | None = None, alg: str = "RS256"
    ) -> str:
        """Sign ``claims``; ``header`` is merged in, None values removed."""
        signer = key or self.key
        head = {
            "alg": alg,
            "kid": getattr(signer, "kid", None) or "platform-1",
            "typ": "JWT",
            **(header or {}),
        }
        head = {name: value for name, value in head.items() if value is not None}
        return jwt.encode(head, claims, signer, algorithms=[alg])

    # service side
    def _key_set(self, request: Request) -> Response:
        self.key_set_requests += 1
        body = self.published if isinstance(self.published, str) else json.dumps(self.published)
        return Response(body, status=self.key_set_status, content_type="application/json")

    def _token(self, request: Request) -> Response:
        form = request.form
        assert form["grant_type"] == "client_credentials"
        assert form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        keys = KeySet.import_key_set(
            {"keys": [json.loads(k.public_jwk) for k in self.doors.keys(at=self.clock())]}
        )
        token = jwt.decode(form["client_assertion"], keys, algorithms=["RS256"])
        self.token_requests.append({"scope": form["scope"], "claims": token.claims, "header": token.header})
        value = f"access-{len(self.token_requests)}"
        self.tokens[value] = time.monotonic()
        answer = {"access_token": value, "token_type": "Bearer", "expires_in": 3600, "scope": form["scope"]}
        return Response(json.dumps(answer), content_type="application/json")

    def _roster(self, request: Request) -> Response:
        self.roster_requests.append(request)
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            return Response("{}", status=401, content_type="application/json")
        key = request.full_path.rstrip("?")
        if key not in self.roster_pages:
            return Response("<html>no such page</html>", status=404, content_type="text/html")
        status, body, link = self.roster_pages[key]
        text = body if isinstance(body, str) else json.dumps(body)
        headers = {"Link": link} if link else {}
        return Response(text, status=status, headers=headers, content_type=NRPS_MEDIA)


_PLAIN = frozenset(
    [
        "iss",
        "aud",
        "azp",
        "sub",
        "nonce",
        "iat",
        "exp",
        "nbf",
        "name",
        "given_name",
        "family_name",
        "email",
        "locale",
        "picture",
    ]
)


def public_jwk(key: RSAKey, **changes: Any) -> dict[str, Any]:
    """Return the public half as a platform publishes it."""
    return {**key.as_dict(private=False), "alg": "RS256", "use": "sig", **changes}


def sign_any(claims: Any, head: Mapping[str, Any] | None = None, key: RSAKey | None = None) -> str:
    """Sign any JSON under any header with the first platform key or another, as no ordinary library would."""
    header = {"alg": "RS256", "kid": "platform-1", **(head or {})}
    signed = f"{_segment(header)}.{_segment(claims)}"
    signature = (key or rsa_key("platform-1")).private_key.sign(signed.encode(), PKCS1v15(), SHA256())
    return f"{signed}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def _segment(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
