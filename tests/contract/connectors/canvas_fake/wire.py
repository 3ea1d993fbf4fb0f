"""Small pieces of HTTP that every answer of the fake is made of."""

from __future__ import annotations

import json
from typing import Any

from werkzeug import Response


class Refusal(Exception):
    """An answer that is a no."""

    def __init__(self, response: Response) -> None:
        self.response = response
        super().__init__(response.status_code)


def as_json(status: int, document: Any, headers: dict[str, str] | None = None) -> Response:
    """Return a JSON answer."""
    return Response(json.dumps(document), status, headers, content_type="application/json; charset=utf-8")


def not_there() -> Refusal:
    """Return Canvas' 404."""
    return Refusal(as_json(404, {"errors": [{"message": "The specified resource does not exist."}]}))


def not_allowed() -> Refusal:
    """Return Canvas' 403: no fault of the token."""
    message = "user not authorized to perform that action"
    return Refusal(as_json(403, {"status": "unauthorized", "errors": [{"message": message}]}))
