"""A small tool on stock pylti1p3, as its documentation shows one: the peer of the launch bench, never served.

Flask's cookie session keeps state, nonce and launch (the library's default), the platform's key set is cached
with ``set_public_key_caching`` in a cache of the process. Where the documentation leaves a choice, the
cheaper one is taken: the configuration is read once and not for each request, the cache is a plain
dictionary, and the page is one sentence without a template. ``IEP_TEST_STOCK`` holds the platform as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

from flask import Flask, Response
from pylti1p3.contrib.flask import (
    FlaskCacheDataStorage,
    FlaskMessageLaunch,
    FlaskOIDCLogin,
    FlaskRequest,
)
from pylti1p3.exception import LtiException
from pylti1p3.tool_config import ToolConfDict

from lti_app.cli.serving import Server, options_of


class ProcessCache:
    """The cache the library asks for: values with an end, in this process."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, Any]] = {}

    def get(self, key: str) -> Any:
        """Return what was kept, or None."""
        ends, value = self._kept.get(key, (0.0, None))
        return value if ends > time.monotonic() else None

    def set(self, key: str, value: Any, seconds: int | None = None) -> None:
        """Keep a value for a while."""
        self._kept[key] = (time.monotonic() + (seconds or 7200), value)


def build(platform: dict[str, str]) -> Flask:
    """Return the tool for one platform (issuer, client_id, auth_url, token_url, jwks_url, deployment_id)."""
    app = Flask("stock_tool")
    app.config.update(SECRET_KEY="stock-tool-for-measuring-only", SESSION_COOKIE_SAMESITE="None")
    tool_conf = ToolConfDict(
        {
            platform["issuer"]: [
                {
                    "default": True,
                    "client_id": platform["client_id"],
                    "auth_login_url": platform["auth_url"],
                    "auth_token_url": platform["token_url"],
                    "key_set_url": platform["jwks_url"],
                    "key_set": None,
                    "deployment_ids": [platform["deployment_id"]],
                }
            ]
        }
    )
    key_sets = FlaskCacheDataStorage(ProcessCache())

    @app.route("/login", methods=["GET", "POST"])
    def login() -> Response:
        request = FlaskRequest()
        answer: Response = FlaskOIDCLogin(request, tool_conf).redirect(
            str(request.get_param("target_link_uri"))
        )
        return answer

    @app.post("/launch")
    def launch() -> Response:
        message = FlaskMessageLaunch(FlaskRequest(), tool_conf)
        message.set_public_key_caching(key_sets, cache_lifetime=7200)
        name = message.get_launch_data().get("name", "")
        return Response(f"<title>Game</title><p>{len(name)} letters</p>", mimetype="text/html")

    @app.errorhandler(LtiException)
    def refused(error: LtiException) -> tuple[str, int]:
        return f"refused: {error}", 401

    @app.get("/healthz")
    def healthy() -> str:
        return "up"

    return app


def main() -> None:
    """Serve the tool of ``IEP_TEST_STOCK`` as ``iep serve`` serves ours: port, workers and threads."""
    port, workers, threads = map(int, sys.argv[1:])
    options = options_of(host="127.0.0.1", port=port, workers=workers, threads=threads)
    known = json.loads(os.environ["IEP_TEST_STOCK"])
    Server(options, lambda: build(known)).run()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
