"""The application: Flask put together from settings, wiring, doors, session and screens."""

from __future__ import annotations

import logging
import sys
from importlib import import_module
from typing import TYPE_CHECKING, cast

from flask import Flask, Response, jsonify
from werkzeug.middleware.proxy_fix import ProxyFix

from lti_app import answers, headers
from lti_app.doctor.probe import answer_probe
from lti_app.doors.google.routes import blueprint as google_door
from lti_app.doors.lti.front import Front
from lti_app.doors.lti.register_routes import blueprint as register_door
from lti_app.doors.lti.routes import blueprint as lti_door
from lti_app.doors.parts import EXTENSION, Wiring, assemble, parts
from lti_app.session import guard
from lti_app.session.resume import blueprint as session_blueprint
from lti_app.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Blueprint

FORM_FIELD_BYTES = 2 * 1024 * 1024


def build(
    settings: Settings, *, wiring: Wiring | None = None, screens: Iterable[Blueprint] | None = None
) -> Flask:
    """Return the application; tests give their own ``wiring`` and ``screens``.

    Raises whatever the wiring raises when the database cannot be opened.
    """
    if wiring is None:
        wiring = cast("Wiring", import_module("lti_app.wiring").wire(settings))
    for line in settings.warnings:
        sys.stderr.write(f"Warning: {line}\n")
    app = Flask("lti_app", static_folder="static", template_folder="templates")
    # The router's own redirects would be built from the Host header, which anybody may set: it makes none.
    app.url_map.strict_slashes = app.url_map.merge_slashes = False
    app.config.update(MAX_CONTENT_LENGTH=settings.upload_bytes, MAX_FORM_MEMORY_SIZE=FORM_FIELD_BYTES)
    app.extensions[EXTENSION] = assemble(settings, wiring)
    logging.getLogger("lti_app").setLevel(settings.log_level.upper())
    logging.getLogger("werkzeug").setLevel("WARNING")  # it would log full paths
    headers.install(app)
    guard.install(app)
    answers.install(app)
    for blueprint in (
        lti_door,
        register_door,
        google_door,
        session_blueprint,
        *(_screens() if screens is None else screens),
    ):
        app.register_blueprint(blueprint)
    app.add_url_rule("/healthz", view_func=_healthy)
    app.add_url_rule("/readyz", view_func=_ready)
    app.wsgi_app = Front(app, app.wsgi_app)  # type: ignore[method-assign]
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _screens() -> Iterable[Blueprint]:
    screens = import_module("lti_app.screens")
    listed = getattr(screens, "blueprints", None)
    return cast("Iterable[Blueprint]", listed()) if listed is not None else ()


def _healthy() -> Response:
    """The process is up."""
    return jsonify({"up": True, **answer_probe()})


def _ready() -> tuple[Response, int]:
    """The database answers."""
    try:
        ready = parts().wiring.ready()
    except Exception:
        ready = False
    return jsonify({"ready": ready}), 200 if ready else 503
