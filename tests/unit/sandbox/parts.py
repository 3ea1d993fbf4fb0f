"""Builders for the tests of the practice LMS: a clock, a switch, the tool's keys and a client."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from lti_app.sandbox import SandboxHandle

START = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
NRPS_SCOPE = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
WRITE = "url:POST|/api/v1/conversations"
LIST = "url:GET|/api/v1/conversations"
SHOW = "url:GET|/api/v1/conversations/:id"
SELF = "url:GET|/api/v1/users/:id"
_FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


class Clock:
    """A clock that stands until it is turned."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        """The present instant."""
        return self.now

    def turn(self, **amount: float) -> None:
        """Let time pass."""
        self.now += timedelta(**amount)

    def back_to_the_start(self) -> None:
        """The first morning again."""
        self.now = START


class Switch:
    """The supervisor's switch, without a server behind it."""

    def __init__(self) -> None:
        self.up = True

    def stop_server(self) -> None:
        """Off."""
        self.up = False

    def start_server(self) -> None:
        """On."""
        self.up = True

    def server_is_up(self) -> bool:
        """Whether it is on."""
        return self.up


class ToolKeys:
    """The tool's RSA key and what it signs."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"})

    def key_set(self) -> dict[str, Any]:
        """The public half, as ``/lti/jwks`` shows it."""
        return {"keys": [{**self.key.as_dict(private=False), "kid": self.key.thumbprint()}]}

    def assertion(self, audience: object, *, key: RSAKey | None = None, **changes: object) -> str:
        """A good client assertion, or one with ``changes``; a change to ``None`` removes the claim."""
        now = int(START.timestamp())
        claims = {
            "iss": "rapport-practice",
            "sub": "rapport-practice",
            "aud": audience,
            "iat": now,
            "exp": now + 300,
            "jti": uuid.uuid4().hex,
            **changes,
        }
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": self.key.thumbprint()}, kept, key or self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPost:
    """A self-posting form that the LMS answered with."""

    action: str
    fields: dict[str, str]


class Lms:
    """What a browser, a tool and a test ask of the LMS, over real HTTP."""

    def __init__(self, handle: SandboxHandle, keys: ToolKeys) -> None:
        self.handle = handle
        self.keys = keys
        self.url = handle.url

    def get(self, path: str, **options: Any) -> requests.Response:
        """A plain GET."""
        return requests.get(f"{self.url}{path}", timeout=5, allow_redirects=False, **options)

    def post(self, path: str, **options: Any) -> requests.Response:
        """A plain POST."""
        return requests.post(f"{self.url}{path}", timeout=5, allow_redirects=False, **options)

    def inspect(self, path: str) -> Any:
        """An inspection route, with the key."""
        answer = self.get(path, headers={"X-Sandbox-Key": self.handle.admin_key})
        answer.raise_for_status()
        return answer.json()

    def fault(self, **wanted: object) -> None:
        """Switch trouble on."""
        answer = self.post("/sandbox/faults", json=wanted, headers={"X-Sandbox-Key": self.handle.admin_key})
        answer.raise_for_status()

    def user_id(self, key: str) -> int:
        """The number of a person."""
        user = self.handle.world.people.by_key(key)
        assert user is not None
        return user.canvas_user_id

    def initiation(self, path: str) -> dict[str, str]:
        """The fields of the login initiation on a page."""
        answer = self.get(path)
        assert 200 == answer.status_code, answer.text
        return _fields(answer.text)

    def authorize(self, initiation: dict[str, str], **changes: str | None) -> requests.Response:
        """The tool's authorisation request for an initiation, or one with ``changes``."""
        query = {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "client_id": initiation["client_id"],
            "redirect_uri": self.handle.config.launch_url,
            "login_hint": initiation["login_hint"],
            "lti_message_hint": initiation["lti_message_hint"],
            "state": "a-state",
            "nonce": "a-nonce",
            **changes,
        }
        return self.get(
            "/api/lti/authorize_redirect", params={k: v for k, v in query.items() if v is not None}
        )

    def launch(self, path: str) -> dict[str, Any]:
        """The verified claims of a launch from this page."""
        posted = form_post(self.authorize(self.initiation(path)).text)
        keys = KeySet.import_key_set(self.get("/api/lti/security/jwks").json())
        return jwt.decode(posted.fields["id_token"], keys, algorithms=["RS256"]).claims

    def service_token(self, **changes: object) -> requests.Response:
        """A token request for the roster service."""
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": self.keys.assertion(f"{self.url}/login/oauth2/token"),
            "scope": NRPS_SCOPE,
            **changes,
        }
        return self.post("/login/oauth2/token", data=form)

    def consent(
        self, key: str = "halloran", *, scopes: str = f"{WRITE} {LIST} {SHOW} {SELF}"
    ) -> dict[str, Any]:
        """Walk through the consent page as somebody; the token answer."""
        callback = f"{self.handle.config.tool_base}/canvas/back"
        query = {
            "client_id": "10000000000001",
            "response_type": "code",
            "redirect_uri": callback,
            "state": "s1",
            "scope": scopes,
            "as": key,
        }
        page = self.get("/login/oauth2/auth", params=query)
        form = {**_fields(page.text), "decision": "authorize"}
        back = self.post("/login/oauth2/accept", data=form)
        returned = parse_qs(urlsplit(back.headers["Location"]).query)
        assert ["s1"] == returned["state"]
        answer = self.exchange(code=returned["code"][0], redirect_uri=callback)
        assert 200 == answer.status_code, answer.text
        tokens: dict[str, Any] = answer.json()
        return tokens

    def exchange(self, **changes: str) -> requests.Response:
        """A token request of the REST developer key."""
        form = {
            "grant_type": "authorization_code",
            "client_id": "10000000000001",
            "client_secret": self.handle.config.api_client_secret,
            **changes,
        }
        return self.post("/login/oauth2/token", data=form)

    def api(self, method: str, path: str, token: str, **options: Any) -> requests.Response:
        """A REST call with a User-Agent."""
        headers = {"Authorization": f"Bearer {token}", "User-Agent": "Rapport/0.1"}
        return requests.request(method, f"{self.url}/api/v1{path}", headers=headers, timeout=5, **options)

    def send(self, token: str, *recipients: object, **changes: str) -> requests.Response:
        """A conversation POST to these recipients."""
        form: list[tuple[str, str]] = [("recipients[]", str(r)) for r in recipients]
        fields = {
            "subject": "Cedar Hollow School",
            "body": "There is a message.",
            "force_new": "true",
            **changes,
        }
        return self.api("POST", "/conversations", token, data=[*form, *fields.items()])


def form_post(page: str) -> FormPost:
    """The form on a self-posting page."""
    action = re.search(r'<form method="post" action="([^"]+)"', page)
    assert action is not None, page
    return FormPost(action=unescape(action[1]), fields=_fields(page))


def _fields(page: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in _FIELD.findall(page)}
