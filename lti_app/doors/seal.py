"""Seal: what we hand to a browser and want back unread and unchanged, and the proof that binds a login to a
browser.

Fernet (AES-128-CBC with HMAC-SHA256) under the keys of ``IEP_SECRET_KEYS``: the first closes, all open.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Seal:
    """Closes and opens small JSON values, and derives proofs."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernets = MultiFernet([Fernet(key) for key in keys])
        self._proof_keys = [hashlib.sha256(b"proof:" + key.encode()).digest() for key in keys]

    def close(self, value: dict[str, Any], *, at: datetime) -> str:
        """Return ``value`` encrypted and dated ``at``."""
        text = json.dumps(value, separators=(",", ":")).encode()
        return self._fernets.encrypt_at_time(text, int(at.timestamp())).decode()

    def open(self, sealed: str, *, ttl_seconds: int, at: datetime) -> dict[str, Any] | None:
        """Return what was sealed at most ``ttl_seconds`` ago, or None."""
        try:
            text = self._fernets.decrypt_at_time(sealed.encode(), ttl_seconds, int(at.timestamp()))
        except (InvalidToken, UnicodeError):
            return None
        value = json.loads(text)
        return value if isinstance(value, dict) else None

    def proof(self, state: str) -> str:
        """Return the proof for ``state``: whoever shows it holds what we gave to the browser that asked."""
        return self._proof(self._proof_keys[0], state)

    def proves(self, proof: str | None, state: str) -> bool:
        """Whether ``proof`` belongs to ``state``; keys that were rotated out of first place still count."""
        given = (proof or "").encode()
        return any(hmac.compare_digest(given, self._proof(key, state).encode()) for key in self._proof_keys)

    @staticmethod
    def _proof(key: bytes, state: str) -> str:
        return hmac.digest(key, state.encode(), "sha256").hex()
