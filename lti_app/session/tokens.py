"""Tokens: 256 random bits for whoever holds them, and only their SHA-256 kept by us."""

from __future__ import annotations

import hashlib
import secrets


def new_secret() -> str:
    """Return 256 random bits as URL-safe text (43 characters)."""
    return secrets.token_urlsafe(32)


def new_secrets(count: int) -> list[str]:
    """Return as many secrets as :func:`new_secret` makes, with one question to the system."""
    text = secrets.token_urlsafe(33 * count)  # 44 characters each
    return [text[44 * place : 44 * place + 43] for place in range(count)]


def under(key: str, secret: str) -> str:
    """Return ``secret`` with the key under which it is found, which authorises nothing by itself."""
    return f"{key}.{secret}"


def key_in(secret: str) -> str:
    """Return the key that a secret says; a token without one is found by its own hash."""
    key, dot, _ = secret.partition(".")
    return key if dot else hash_of(secret)


def hash_of(secret: str) -> str:
    """Return the SHA-256 of ``secret`` in hexadecimal. The secrets are random, so no salt is needed."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
