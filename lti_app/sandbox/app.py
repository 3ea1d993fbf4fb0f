"""Builds the Flask application of the practice LMS."""

from __future__ import annotations

from typing import cast

from flask import Flask, Response, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from lti_app.sandbox import conversations_api as _conversations_api  # noqa: F401  (adds its routes to ``rest``)
from lti_app.sandbox import rosters_api as _rosters_api  # noqa: F401  (likewise)
from lti_app.sandbox.admin import admin
from lti_app.sandbox.ags import ags
from lti_app.sandbox.classroom_accounts import accounts
from lti_app.sandbox.classroom_api import api as classroom_api
from lti_app.sandbox.classroom_pages import classroom
from lti_app.sandbox.config import SandboxConfig
from lti_app.sandbox.deep_linking import linking
from lti_app.sandbox.nrps import nrps
from lti_app.sandbox.oauth import oauth
from lti_app.sandbox.pages import linked, pages
from lti_app.sandbox.platform import platform
from lti_app.sandbox.registration import registration
from lti_app.sandbox.rest import rest
from lti_app.sandbox.stage import stage
from lti_app.sandbox.world import World, settle

_EXTENSION = "lti_app.sandbox"


def create_sandbox(config: SandboxConfig) -> Flask:
    """The practice LMS as a WSGI application. Reads the people file; raises what that raises."""
    app = Flask("lti_app.sandbox", static_folder="static", template_folder="templates")
    settle(app.extensions, World(config))
    app.jinja_env.filters["linked"] = linked
    the_world = world_of(app)
    app.jinja_env.globals.update(config=config, school=the_world.people.school, held=lambda: the_world.config)
    lms = (platform, registration, oauth, nrps, ags, linking, rest, admin, pages, stage)
    for blueprint in (*lms, accounts, classroom_api, classroom):
        app.register_blueprint(blueprint)

    policy = "; ".join(
        (
            "default-src 'self'",
            f"frame-src 'self' {config.tool_origin}",
            f"form-action 'self' {config.tool_origin}",
            "img-src 'self' data:",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'self'",
        )
    )

    @app.errorhandler(HTTPException)
    def explain(fault: HTTPException) -> tuple[Response | str, int]:
        if request.path.startswith(("/api/", "/login/oauth2/token", "/sandbox/")):
            return jsonify({"errors": [{"message": fault.name}]}), fault.code or 500
        text = f"{fault.description or ''}"
        return render_template("problem.html", title=fault.name, text=text), fault.code or 500

    @app.after_request
    def protect(answer: Response) -> Response:
        answer.headers.setdefault("Content-Security-Policy", policy)
        answer.headers.setdefault("X-Content-Type-Options", "nosniff")
        answer.headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer

    return app


def world_of(app: Flask) -> World:
    """The world behind an application made here."""
    return cast(World, app.extensions[_EXTENSION])
