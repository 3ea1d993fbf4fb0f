"""Google's forms: errors with code, status word and details; partial answers by ``fields``."""

from __future__ import annotations

import json
import re
from typing import Any

from werkzeug import Response


class Refused(Exception):
    """A refusal in Google's form."""

    def __init__(self, code: int, status: str, message: str, *, reason: str = "", old: str = "") -> None:
        super().__init__(message)
        error: dict[str, Any] = {"code": code, "message": message, "status": status}
        if reason:
            error["details"] = [
                {
                    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                    "reason": reason,
                    "domain": "googleapis.com",
                }
            ]
        if old:
            error["errors"] = [{"message": message, "domain": "global", "reason": old}]
        self.code = code
        self.document = {"error": error}


def invalid(message: str) -> Refused:
    """Return the refusal of a request that is not well made."""
    return Refused(400, "INVALID_ARGUMENT", message)


def denied(message: str = "The caller does not have permission") -> Refused:
    """Return the refusal of something that is not this person's."""
    return Refused(403, "PERMISSION_DENIED", message)


def absent() -> Refused:
    """Return the refusal of something that is not there."""
    return Refused(404, "NOT_FOUND", "Requested entity was not found.")


def as_json(status: int, document: Any, headers: dict[str, str] | None = None) -> Response:
    """Return a JSON answer as Google's servers send it."""
    return Response(json.dumps(document), status, headers, content_type="application/json; charset=UTF-8")


Mask = dict[str, "Mask"]


def parse_mask(text: str) -> Mask:
    """Return the tree of a ``fields`` parameter (``a,b(c,d/e)``).

    Raises:
        Refused: for one that is not well made.
    """
    mask, rest = _selection(text)
    if rest:
        raise invalid("Invalid field selection")
    return mask


def _selection(text: str) -> tuple[Mask, str]:
    mask: Mask = {}
    while True:
        match = re.match(r"(\w+(?:/\w+)*)", text)
        if match is None:
            raise invalid("Invalid field selection")
        text, place = text[match.end() :], mask
        for name in match[1].split("/"):
            place = place.setdefault(name, {})
        if text.startswith("("):
            inner, text = _selection(text[1:])
            if not text.startswith(")"):
                raise invalid("Invalid field selection")
            text = text[1:]
            place.update(inner)
        if not text.startswith(","):
            return mask, text
        text = text[1:]


def masked(document: Any, mask: Mask) -> Any:
    """Return the part of a document that a mask names; an empty mask is everything."""
    if not mask:
        return document
    if isinstance(document, list):
        return [masked(one, mask) for one in document]
    return {name: masked(document[name], inner) for name, inner in mask.items() if name in document}
