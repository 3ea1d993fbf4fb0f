"""The fake's token endpoint: codes with PKCE, refreshing, a service account's signed word, revoking."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from werkzeug import Response

from tests.contract.connectors.google_fake.answers import as_json
from tests.contract.connectors.google_fake.world import GoogleWorld

CLIENT_ID, CLIENT_SECRET = "1234-example.apps.googleusercontent.com", "not-a-real-secret"
REDIRECT = "https://tool.example/google/back"
AUDIENCE = "https://oauth2.googleapis.com/token"
JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
TOKEN_FIELDS = frozenset(
    [
        "grant_type",
        "client_id",
        "client_secret",
        "redirect_uri",
        "code",
        "code_verifier",
        "refresh_token",
        "assertion",
    ]
)


@dataclass
class Token:
    """An access token: whose, for what, until when."""

    user: str
    scopes: frozenset[str]
    expires_at: datetime
    revoked: bool = False


@dataclass
class Code:
    """A code on its way back, with what Google remembers of the question."""

    user: str
    scopes: frozenset[str]
    challenge: str


@dataclass
class Account:
    """A service account: its public key, and what the administrator let it do in the domain's name."""

    email: str
    public: rsa.RSAPublicKey
    allowed: set[str] = field(default_factory=set)


class TokenDesk:
    """Google's token endpoint for one world."""

    def __init__(self, world: GoogleWorld, now: Callable[[], datetime]) -> None:
        self.world = world
        self.tokens: dict[str, Token] = {}
        self.refreshes: dict[str, tuple[str, frozenset[str]]] = {}
        self.codes: dict[str, Code] = {}
        self.accounts: dict[str, Account] = {}
        self.minted_for: list[tuple[str, frozenset[str]]] = []
        self.lifetime = 3599
        self._now = now
        self._serial = itertools.count(1)

    def give(self, user: str, scopes: frozenset[str], *, seconds: float | None = None) -> str:
        """Make an access token."""
        token = f"ya29.fake-{next(self._serial):04d}"
        lives = timedelta(seconds=self.lifetime if seconds is None else seconds)
        self.tokens[token] = Token(user, scopes, self._now() + lives)
        return token

    def consent(self, user: str, scopes: frozenset[str]) -> str:
        """Return a refresh token, as if the person had said yes."""
        refresh = f"1//fake-{next(self._serial):04d}"
        self.refreshes[refresh] = (user, scopes)
        return refresh

    def new_account(self, allowed: frozenset[str]) -> str:
        """Make a service account; return its key file."""
        number = next(self._serial)
        key = _key()
        account = Account(f"rosters-{number}@project.example", key.public_key(), set(allowed))
        self.accounts[account.email] = account
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return json.dumps(
            {
                "type": "service_account",
                "project_id": "project",
                "private_key_id": f"key{number}",
                "private_key": pem.decode(),
                "client_email": account.email,
                "client_id": f"10000000000000000{number}",
                "token_uri": AUDIENCE,
            }
        )

    # answering

    def revoke(self, form: dict[str, str]) -> Response:
        """Take a consent back; both kinds of token stand for it."""
        token = form.get("token", "")
        user = self.refreshes[token][0] if token in self.refreshes else None
        if user is None and token in self.tokens:
            user = self.tokens[token].user
        if user is None:
            return _no(400, "invalid_token", "Token expired or revoked")
        self.forget(user)
        return as_json(200, {})

    def forget(self, user: str) -> None:
        """Let a person take the consent back in their account's pages."""
        self.refreshes = {name: held for name, held in self.refreshes.items() if held[0] != user}
        for token in self.tokens.values():
            token.revoked = token.revoked or token.user == user

    def answer(self, form: dict[str, str]) -> Response:
        """Answer a request for a token."""
        if set(form) - TOKEN_FIELDS:
            return _no(400, "invalid_request", "the fake does not know this")
        if form.get("grant_type") == JWT_GRANT:
            return self._assertion(form.get("assertion", ""))
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return _no(401, "invalid_client", "The OAuth client was not found.")
        if form.get("grant_type") == "authorization_code":
            return self._code(form)
        held = self.refreshes.get(form.get("refresh_token", ""))
        if held is None:
            return _no(400, "invalid_grant", "Token has been expired or revoked.")
        user, scopes = held
        return as_json(200, self._bearer(user, scopes))

    def _code(self, form: dict[str, str]) -> Response:
        code = self.codes.pop(form.get("code", ""), None)
        challenge = _plain64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if code is None or form.get("redirect_uri") != REDIRECT or code.challenge != challenge:
            return _no(400, "invalid_grant", "Malformed auth code.")
        document = self._bearer(code.user, code.scopes)
        document["refresh_token"] = self.consent(code.user, code.scopes)
        document["id_token"] = self.id_token(code.user)
        return as_json(200, document)

    def id_token(self, user: str, **changes: Any) -> str:
        """Return who somebody is; its signature is of no interest to who has it from this endpoint."""
        person = self.world.people[user]
        told: dict[str, Any] = {
            "iss": "https://accounts.google.com",
            "aud": CLIENT_ID,
            "sub": person.id,
            "email": person.email,
            "email_verified": True,
        }
        if person.email.endswith("@" + self.world.domain):
            told["hd"] = self.world.domain
        parts = [{"alg": "RS256"}, told | changes]
        return ".".join([*(_plain64(json.dumps(part).encode()) for part in parts), "c2lnbmF0dXJl"])

    def _assertion(self, assertion: str) -> Response:
        """Check a service account's word: signature, audience, times, subject, and what it may ask."""
        try:
            head, body, signature = assertion.split(".")
            told = json.loads(_from64(body))
            account = self.accounts[told["iss"]]
            account.public.verify(
                _from64(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256()
            )
        except (ValueError, KeyError, InvalidSignature):
            return _no(400, "invalid_grant", "Invalid JWT Signature.")
        # google-auth reads the machine's own clock, whatever clock a test gives us.
        clock = time.time()
        in_time = told["iat"] - 60 <= clock <= told["exp"] and told["exp"] - told["iat"] <= 3600
        if told.get("aud") != AUDIENCE or not in_time:
            return _no(400, "invalid_grant", "Invalid JWT: Token must be a short-lived token")
        scopes = frozenset(told.get("scope", "").split())
        if not scopes or not scopes <= account.allowed:
            return _no(401, "unauthorized_client", "Client is unauthorized to retrieve access tokens")
        person = self.world.by_email(told.get("sub", ""))
        if person is None or not person.email.endswith("@" + self.world.domain):
            return _no(400, "invalid_grant", "Invalid email or User ID")
        self.minted_for.append((person.email, scopes))
        document = self._bearer(person.id, scopes)
        del document["scope"]
        return as_json(200, document)

    def _bearer(self, user: str, scopes: frozenset[str]) -> dict[str, Any]:
        return {
            "access_token": self.give(user, scopes),
            "expires_in": self.lifetime,
            "token_type": "Bearer",
            "scope": " ".join(sorted({"openid", "email", *scopes})),
        }


def _no(status: int, error: str, text: str) -> Response:
    return as_json(status, {"error": error, "error_description": text})


def _key() -> rsa.RSAPrivateKey:
    """Return one key for all tests: making one takes a tenth of a second."""
    if not _keys:
        _keys.append(rsa.generate_private_key(public_exponent=65537, key_size=2048))
    return _keys[0]


_keys: list[rsa.RSAPrivateKey] = []


def _plain64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _from64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
