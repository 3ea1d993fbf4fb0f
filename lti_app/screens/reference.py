"""The components' reference page: open to everybody in the demonstration, absent elsewhere, without data."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from lti_app.screens.parts import screen_parts

blueprint = Blueprint("reference", __name__)


@blueprint.get("/_components")
def components() -> str:
    """Show every component of the design system."""
    if not screen_parts().is_demo():
        abort(404)
    return render_template("_components.html", _=_same)


def _same(message: str) -> str:
    return message
