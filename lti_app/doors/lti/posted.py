"""Posted: what one launch POST brought, read from the request itself, whoever answers it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote_plus

FORM = "application/x-www-form-urlencoded"
LARGEST_FORM_BYTES = 256 * 1024
MOST_FIELDS = 100
FIELDS = frozenset({"state", "id_token", "error", "lti_storage_target"})
"""What a launch is asked for (LTI security framework 5.1.1); what else was sent is not looked at."""


class Posted(NamedTuple):
    """The fields of a launch, of each name the first, and the browser's cookies."""

    form: Mapping[str, str]
    cookies: Mapping[str, str]

    def field(self, name: str) -> str:
        """Return a field of the form, empty when there is none."""
        return self.form.get(name) or ""


def read_body(environ: Mapping[str, Any]) -> bytes | None:
    """Return the body of a plain form of a launch's size; None, with nothing read, for any other request."""
    length = environ.get("CONTENT_LENGTH") or ""
    kind = (environ.get("CONTENT_TYPE") or "").partition(";")[0].strip().lower()
    if kind != FORM or not (length.isascii() and length.isdigit()) or int(length) > LARGEST_FORM_BYTES:
        return None
    body: bytes = environ["wsgi.input"].read(int(length))
    return body


def posted(environ: Mapping[str, Any], body: bytes) -> Posted | None:
    """Return what ``body`` says; None when it is no form that we read."""
    fields = body.split(b"&")
    if not body.isascii() or len(fields) > MOST_FIELDS:  # not encoded, or more than any launch has
        return None
    form: dict[str, str] = {}
    for field in fields:
        said, _, value = field.decode("ascii").partition("=")
        name = _plain(said)
        if name in FIELDS and name not in form:
            form[name] = _plain(value)
    return Posted(form=form, cookies=_cookies(environ.get("HTTP_COOKIE") or ""))


def _plain(text: str) -> str:
    """Return what an encoded name or value says; a token holds nothing to decode."""
    return unquote_plus(text, errors="replace") if "%" in text or "+" in text else text


def _cookies(header: str) -> dict[str, str]:
    """Return the cookies of a header. Ours need no quotes (RFC 6265, 4.1.1), so none are taken off."""
    found: dict[str, str] = {}
    for one in header.split(";"):
        name, equals, value = one.partition("=")
        if equals:
            found.setdefault(name.strip(), value.strip())
    return found
