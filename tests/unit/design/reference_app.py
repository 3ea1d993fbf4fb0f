"""A tiny Flask application that serves the reference page and small sample screens under the real policy."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, Response, render_template, render_template_string, request
from jinja2 import StrictUndefined

PACKAGE = Path(__file__).parents[3] / "lti_app"
POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; base-uri 'none'"

SAMPLE = """
{%- extends "layout.html" -%}
{%- from "components/page.html" import page_head -%}
{%- block script %}{% endblock -%}
{%- block main %}{{ page_head(title, "A line below the title") }}{% endblock -%}
"""


def reference_app() -> Flask:
    """Return an application with /_components, /sample and the real static files.

    Undefined names are errors here: a macro that needs a forgotten argument fails the test, not the teacher.
    """
    app = Flask("reference", root_path=str(PACKAGE), template_folder="templates", static_folder="static")
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals["_"] = str

    @app.get("/_components")
    def components() -> str:
        return render_template("_components.html")

    @app.get("/sample")
    def sample() -> str:
        lang = request.args.get("lang", "en")
        return render_template_string(
            SAMPLE,
            lang=lang,
            dir="rtl" if lang == "prs" else "ltr",
            title="Sample",
            who="Dana",
            nav=[("Today", "/sample", True), ("Students", "/sample?lang=en", False)],
            languages=[("en", "English", "/sample?lang=en"), ("prs", "دری", "/sample?lang=prs")],
            family=True,
        )

    @app.after_request
    def strict(answer: Response) -> Response:
        answer.headers["Content-Security-Policy"] = POLICY
        return answer

    return app
