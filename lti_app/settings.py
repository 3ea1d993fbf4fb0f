"""Settings: read once from the environment (prefix ``IEP_``) into one frozen object, all problems reported
together.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from cryptography.fernet import Fernet

from lti_app.road_settings import Imap, read_imap

LOG_LEVELS = ("debug", "info", "warning", "error")
_DATABASES = ("sqlite://", "postgresql://", "postgresql+psycopg://")
_MAIL_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")


class SettingsError(Exception):
    """The environment cannot be used. ``problems`` has one line each, saying what to do."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(("These settings need attention:", *(f"- {one}" for one in problems))))


class Sending(StrEnum):
    """``OFF`` keeps every notice in the outbox; ``LIVE`` lets the worker deliver."""

    OFF = "off"
    LIVE = "live"


@dataclass(frozen=True, slots=True, kw_only=True)
class Smtp:
    """A mail server. ``starttls`` upgrades a plain connection; ``tls`` starts encrypted (``smtps://``)."""

    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    starttls: bool = False
    tls: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingNote:
    """One line of the settings page: ``default`` None means the setting must be given."""

    name: str
    meaning: str
    default: str | None
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything the environment decides. Secrets are left out of ``repr``."""

    database_url: str = field(repr=False)
    public_url: str
    secret_keys: tuple[str, ...] = field(repr=False)
    proxy_hops: int = 0
    smtp: Smtp | None = None
    mail_from: str | None = None
    imap: Imap | None = None
    sms_url: str = ""
    sms_header: str = field(default="", repr=False)
    sms_body: str = ""
    sms_statuses: str = ""
    sms_id: str = ""
    sms_in_key: str = field(default="", repr=False)
    sms_in_check: str = "hmac X-Signature"
    sms_in_fields: str = "from text id"
    sms_words: str = ""
    sending: Sending = Sending.OFF
    log_level: str = "info"
    upload_mb: int = 10
    demo: bool = False
    warnings: tuple[str, ...] = ()

    @property
    def secure(self) -> bool:
        """Whether people reach us by https."""
        return self.public_url.startswith("https://")

    @property
    def upload_bytes(self) -> int:
        """Largest request body, in bytes."""
        return self.upload_mb * 1024 * 1024

    def url(self, path: str) -> str:
        """Return the absolute URL of ``path``, never built from a Host header."""
        return self.public_url + path

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Read ``environ``.

        Raises:
            SettingsError: with every problem found, not only the first.
        """
        problems: list[str] = []
        warnings: list[str] = []
        values: dict[str, Any] = {}
        for note, (target, read) in _READERS.items():
            text = environ.get(note.name, "").strip() or (note.default or "")
            if not text and note.default is None:
                problems.append(f"{note.name} is missing: {note.meaning} Example: {note.example}")
                continue
            try:
                values[target] = read(text)
            except ValueError as error:
                problems.append(f"{note.name} {error}")
        if values.get("smtp") and "mail_from" in values and not values["mail_from"]:
            problems.append(
                "IEP_MAIL_FROM is missing: give the address notices come from, since IEP_SMTP_URL is set."
            )
        if problems:
            raise SettingsError(tuple(problems))
        if values["public_url"].startswith("http://"):
            warnings.append("IEP_PUBLIC_URL is plain http: good for trying out on this machine only.")
        known = {note.name for note in _READERS}
        unknown = sorted(
            name
            for name in environ
            if name.startswith("IEP_")
            and name not in known
            and not name.startswith(("IEP_DEMO_", "IEP_TEST_"))
        )
        warnings.extend(f"{name} is not a setting; look for a typing mistake." for name in unknown)
        return cls(**values, warnings=tuple(warnings))


def is_loopback(host: str) -> bool:
    """Return whether ``host`` can only mean this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _database(text: str) -> str:
    if not text.startswith(_DATABASES):
        raise ValueError(
            "must start with sqlite:/// or postgresql://, for example sqlite:////var/lib/rapport/data.db"
        )
    return text


def _public_url(text: str) -> str:
    parts = urlsplit(text)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.query or parts.fragment:
        raise ValueError("must look like https://rapport.example.org (no path, no query, no user name)")
    if parts.path not in ("", "/"):
        raise ValueError("must not have a path: give the tool a host name of its own")
    if parts.scheme == "http" and not is_loopback(host):
        raise ValueError("must start with https:// (plain http is accepted for this machine only)")
    return f"{parts.scheme}://{parts.netloc}".lower()


def _secret_keys(text: str) -> tuple[str, ...]:
    keys = tuple(one.strip() for one in text.split(",") if one.strip())
    for place, key in enumerate(keys, start=1):
        try:
            Fernet(key)
        except (ValueError, TypeError):
            raise ValueError(
                f"holds a key (number {place}) that is not a Fernet key: make one with"
                ' python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
            ) from None
    if not keys:
        raise ValueError("holds no key")
    return keys


def _smtp(text: str) -> Smtp | None:
    if not text:
        return None
    parts = urlsplit(text)
    try:
        port = parts.port
    except ValueError:
        port = -1
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or port == -1:
        raise ValueError("must look like smtp://user:password@mail.example.org:587?starttls=1")
    tls = parts.scheme == "smtps"
    return Smtp(
        host=parts.hostname,
        port=port or (465 if tls else 25),
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        starttls=parse_qs(parts.query).get("starttls", ["0"])[-1] in ("1", "true", "yes"),
        tls=tls,
    )


def _mail_from(text: str) -> str | None:
    if text and not _MAIL_ADDRESS.fullmatch(text):
        raise ValueError("must be one plain address, for example notices@example.org")
    return text or None


def _sending(text: str) -> Sending:
    if text not in tuple(Sending):
        raise ValueError("must be off or live")
    return Sending(text)


def _log_level(text: str) -> str:
    if text.lower() not in LOG_LEVELS:
        raise ValueError(f"must be one of {', '.join(LOG_LEVELS)}")
    return text.lower()


def _between(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(text)

    return read


def _yes_no(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError("must be 0 or 1")
    return text == "1"


def _note(name: str, meaning: str, default: str | None, example: str) -> SettingNote:
    return SettingNote(name=name, meaning=meaning, default=default, example=example)


_READERS: dict[SettingNote, tuple[str, Callable[[str], Any]]] = {
    _note("IEP_DATABASE_URL", "Where the records are kept.", None, "sqlite:////var/lib/rapport/data.db"): (
        "database_url",
        _database,
    ),
    _note(
        "IEP_PUBLIC_URL",
        "The address people's browsers use; every link is built from it.",
        None,
        "https://rapport.example.org",
    ): ("public_url", _public_url),
    _note(
        "IEP_SECRET_KEYS",
        "Fernet keys, comma-separated: the first encrypts, all of them decrypt.",
        None,
        "(the output of Fernet.generate_key())",
    ): ("secret_keys", _secret_keys),
    _note(
        "IEP_PROXY_HOPS", "How many proxies of ours stand in front and set X-Forwarded headers.", "0", "1"
    ): (
        "proxy_hops",
        _between(0, 5),
    ),
    _note(
        "IEP_SMTP_URL",
        "The mail server for notices; empty means no mail.",
        "",
        "smtp://user:pass@mail.example.org:587?starttls=1",
    ): ("smtp", _smtp),
    _note("IEP_MAIL_FROM", "The sender address of notices.", "", "notices@example.org"): (
        "mail_from",
        _mail_from,
    ),
    _note(
        "IEP_IMAP_URL",
        "The mailbox that answers to notices come to; empty means they are not read, and notices say so.",
        "",
        "imaps://notices:pass@mail.example.org/INBOX",
    ): ("imap", read_imap),
    _note(
        "IEP_SMS_URL",
        "Where the provider of text messages takes a call; empty means no text messages.",
        "",
        "https://sms.example.org/v1/messages",
    ): ("sms_url", str.strip),
    _note(
        "IEP_SMS_HEADER",
        "The header by which the provider knows us, with its secret.",
        "",
        "Authorization: Bearer (a key)",
    ): ("sms_header", str.strip),
    _note(
        "IEP_SMS_BODY",
        "The call's body, a JSON document or a form, with {to} and {text}.",
        '{"to": "{to}", "text": "{text}"}',
        "To={to}&From=%2B15045550100&Body={text}",
    ): ("sms_body", str.strip),
    _note(
        "IEP_SMS_STATUSES",
        "What a status means where it is not the usual: sent, recipient, refused, later, login, unknown.",
        "",
        "402=later 409=recipient",
    ): ("sms_statuses", str.strip),
    _note("IEP_SMS_ID", "Where the message's id stands in the provider's JSON answer.", "", "data.0.id"): (
        "sms_id",
        str.strip,
    ),
    _note(
        "IEP_SMS_IN_KEY",
        "The secret of the provider's calls to us; empty means that answers are not read.",
        "",
        "(32 random letters)",
    ): ("sms_in_key", str.strip),
    _note(
        "IEP_SMS_IN_CHECK",
        "How a call proves itself: hmac or secret, and the header that carries it.",
        "hmac X-Signature",
        "secret X-Token",
    ): ("sms_in_check", str.strip),
    _note(
        "IEP_SMS_IN_FIELDS",
        "Where number, words and id stand in a call.",
        "from text id",
        "data.from data.text data.id",
    ): ("sms_in_fields", str.strip),
    _note(
        "IEP_SMS_WORDS",
        "Further words that families may answer with.",
        "",
        "stop: adios; start: dale; wrong: no soy yo",
    ): ("sms_words", str.strip),
    _note("IEP_SENDING", "off keeps notices in the outbox, live lets each school decide.", "off", "live"): (
        "sending",
        _sending,
    ),
    _note("IEP_LOG_LEVEL", f"How much is logged: {', '.join(LOG_LEVELS)}.", "info", "warning"): (
        "log_level",
        _log_level,
    ),
    _note("IEP_UPLOAD_MB", "The largest request we read, in megabytes.", "10", "25"): (
        "upload_mb",
        _between(1, 200),
    ),
    _note("IEP_DEMO", "1 shows the practice pages; never with real children.", "0", "1"): ("demo", _yes_no),
}


def describe() -> tuple[SettingNote, ...]:
    """Return every setting with its meaning, default and an example, for ``iep settings`` and the
    documentation.
    """
    return tuple(_READERS)
