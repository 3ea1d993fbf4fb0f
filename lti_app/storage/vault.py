"""Encryption of the few secrets we must be able to read back: private keys, Canvas client secrets, tokens.

Fernet (AES-128-CBC with HMAC-SHA-256, https://github.com/fernet/spec) as ``cryptography`` writes it. The
first key encrypts, every key decrypts, so a key is rotated by putting a new one in front and sealing again.
"""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from iepcore.errors import IepError, InvalidValue


class Sealed(str):
    """Ciphertext. The ``Secret`` column accepts nothing else, so no plain secret is stored by mistake."""

    __slots__ = ()


class Vault:
    """Seals and opens text with the site's secret keys (``IEP_SECRET_KEYS``)."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Take url-safe base64 keys of 32 bytes, newest first.

        Raises:
            InvalidValue: ``no_secret_key`` without any, ``not_a_secret_key`` when one is malformed.
        """
        if not keys:
            raise InvalidValue("no_secret_key", field="secret_keys")
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            raise InvalidValue("not_a_secret_key", field="secret_keys") from None

    def seal(self, text: str) -> Sealed:
        """Return ``text`` encrypted with the first key."""
        return Sealed(self._fernet.encrypt(text.encode()).decode("ascii"))

    def open(self, sealed: str) -> str:
        """Return the text behind ``sealed``.

        Raises:
            IepError: ``secret_unreadable`` when no key fits or the ciphertext was altered.
        """
        try:
            return self._fernet.decrypt(sealed.encode("ascii")).decode()
        except (InvalidToken, UnicodeError):
            raise IepError("secret_unreadable") from None

    def reseal(self, sealed: str) -> Sealed:
        """Return the same secret encrypted with the first key.

        Raises:
            IepError: ``secret_unreadable`` when no key fits.
        """
        return self.seal(self.open(sealed))
