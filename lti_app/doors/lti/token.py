"""Token: an id_token taken apart and its signature verified (RFC 7515, compact form, RS256 and nothing else).

joserfc's algorithm and keys verify. Its general ``decode`` is left out: it looks at every header of every
kind of token, which costs twice the verification, and what a launch may have in its header is less.
"""

from __future__ import annotations

import json
from binascii import Error as Base64Error
from binascii import a2b_base64
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry

from lti_app.doors.lti.refusals import LaunchRefused

LARGEST_TOKEN = 96 * 1024
LONGEST_HEADER = 8 * 1024
LONGEST_KID = 512
_RS256 = JWSRegistry(algorithms=["RS256"]).get_alg("RS256")
_URL_ALPHABET = bytes.maketrans(b"-_+/=", b"+/\0\0\0")
"""base64url to base64; what belongs to the latter only, and padding, becomes a letter of neither."""


class Token(NamedTuple):
    """A token by its parts: which key it names, what is signed, the signature, and what it says.

    ``says`` is None for a body that is no JSON object. Until the signature is verified nothing of it is to be
    believed; it may be used to look something up.
    """

    kid: str
    signed: bytes
    signature: bytes
    says: Mapping[str, Any] | None


def take_apart(token: str) -> Token:
    """Return a token by its parts.

    Raises:
        LaunchRefused: ``id_token_format``, ``id_token_alg``, ``id_token_crit`` or ``id_token_kid``.
    """
    if len(token) > LARGEST_TOKEN or not token.isascii():
        raise LaunchRefused("id_token_format", status=401)
    signed, _, last = token.encode("ascii").rpartition(b".")
    head, _, body = signed.partition(b".")
    if b"." in body or len(head) > LONGEST_HEADER:
        raise LaunchRefused("id_token_format", status=401)
    kid = _kid_of(head)
    try:
        signature, text = _bytes_of(last), _bytes_of(body)
    except Base64Error:
        raise LaunchRefused("id_token_format", status=401) from None
    try:
        says = json.loads(text.decode())
    except (ValueError, RecursionError):
        says = None
    return Token(kid=kid, signed=signed, signature=signature, says=says if type(says) is dict else None)


def claims_of(token: Token, key: RSAKey) -> Mapping[str, Any]:
    """Return what a token says, which ``key`` signed.

    Raises:
        LaunchRefused: ``id_token_signature``, also for a body that is no JSON object.
    """
    try:
        if _RS256.verify(token.signed, token.signature, key) and token.says is not None:
            return token.says
    except (JoseError, ValueError, TypeError):
        pass
    raise LaunchRefused("id_token_signature", status=401)


@lru_cache(maxsize=64)
def _kid_of(head: bytes) -> str:
    """Return the key that a header names; a platform sends the same header each time.

    Keys named or carried in it (``jwk``, ``jku``, ``x5u``, ``x5c``) are never used.
    """
    try:
        header = json.loads(_bytes_of(head).decode())
    except (ValueError, RecursionError):
        raise LaunchRefused("id_token_format", status=401) from None
    if not isinstance(header, dict):
        raise LaunchRefused("id_token_format", status=401)
    if header.get("alg") != "RS256":
        raise LaunchRefused("id_token_alg", status=401)
    if "crit" in header:  # we understand no extension, and an empty list is malformed (RFC 7515, 4.1.11)
        raise LaunchRefused("id_token_crit", status=401)
    kid = header.get("kid")
    if not isinstance(kid, str) or not 0 < len(kid) <= LONGEST_KID:
        raise LaunchRefused("id_token_kid", status=401)
    return kid


def _bytes_of(part: bytes) -> bytes:
    """Return what base64url says, without padding or anything else in between (RFC 7515, section 2)."""
    return a2b_base64(part.translate(_URL_ALPHABET) + b"=" * (-len(part) % 4), strict_mode=True)
