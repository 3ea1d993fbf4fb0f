"""Nothing that travels in the open names the tool's subject: the existence of a plan is confidential.

Looked at: URL rules, cookie names, header names and values, User-Agent and calendar product names, names of
static files, and what those files say.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tests.guard.tree import files, named, parsed

# Names of the subject. "Plan" itself is checked as a word of its own.
TELLING = re.compile(
    r"iep(?!c)|sped\b|special.?ed|disab(?:ility|led.child)|section.?504|\bplans?\b|individuali[sz]ed", re.I
)
HEADER = re.compile(r"^(?:X-[A-Za-z-]+|User-Agent|Message-ID|PRODID.*|Server|Via|X-Mailer)$", re.I)
PATH = re.compile(r"^/(?:[\w<>:.~-]+/?)*$")
SERVED = ("lti_app", "connectors")


def _url_rules() -> Iterator[tuple[str, str]]:
    """Yield the URL rules written in the code: every text that can be a path."""
    for path in files(*SERVED, endings=(".py",)):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and PATH.match(node.value):
                yield f"{named(path)}:{node.lineno}", node.value


def _cookie_names() -> Iterator[tuple[str, str]]:
    """Yield the names of cookies that the code sets, deletes or reads, and constants named for cookies."""
    for path in files(*SERVED, endings=(".py",)):
        for node in ast.walk(parsed(path)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and "cookie" in ast.unparse(node.func)
            ):
                for value in node.args[:1]:
                    if isinstance(value, ast.Constant):
                        yield f"{named(path)}:{node.lineno}", str(value.value)
            if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Constant):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                if any("cookie" in ast.unparse(target).lower() for target in targets):
                    yield f"{named(path)}:{node.lineno}", str(node.value.value)


def _headers() -> Iterator[tuple[str, str]]:
    """Yield header names, and the constant values given to the telling ones among them."""
    for path in files(*SERVED, endings=(".py",)):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and HEADER.match(node.value):
                yield f"{named(path)}:{node.lineno}", node.value
            if isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    if (
                        isinstance(key, ast.Constant)
                        and isinstance(key.value, str)
                        and HEADER.match(key.value)
                    ):
                        yield f"{named(path)}:{node.lineno}", _words(value)
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
                key = node.targets[0].slice
                if isinstance(key, ast.Constant) and isinstance(key.value, str) and HEADER.match(key.value):
                    yield f"{named(path)}:{node.lineno}", _words(node.value)
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                if any(
                    re.search(r"user_agent|message_id|prodid", ast.unparse(target), re.I)
                    for target in targets
                ):
                    yield f"{named(path)}:{node.lineno}", _words(node.value)


def _words(value: ast.expr) -> str:
    """Return the constant text inside an expression."""
    return " ".join(
        str(part.value)
        for part in ast.walk(value)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    )


@pytest.mark.parametrize("kind", [_url_rules, _cookie_names, _headers], ids=["paths", "cookies", "headers"])
def test_nothing_on_the_wire_names_the_subject(kind: object) -> None:
    """Paths, cookies and headers in the code hold no telling word."""
    found = [f"{where}: {text}" for where, text in kind() if TELLING.search(text)]  # type: ignore[operator]

    assert [] == found


def test_static_files_are_neutral() -> None:
    """Static files are public: neither their names nor their contents, with comments, tell the subject."""
    found = []
    for path in files("lti_app/static"):
        public = named(path).split("static/", 1)[1]
        if TELLING.search(public):
            found.append(public)
        if path.suffix in {".css", ".js", ".svg", ".json", ".webmanifest"}:
            text = path.read_text(encoding="utf-8")
            found += [
                f"{named(path)}:{number}: {line.strip()[:100]}"
                for number, line in enumerate(text.splitlines(), 1)
                if TELLING.search(line)
            ]

    assert [] == found


def test_url_map_is_neutral(tmp_path: Path) -> None:
    """No rule of the running application, the practice pages included, holds a telling word."""
    environ = {
        "IEP_DATABASE_URL": f"sqlite:///{tmp_path / 'wire.sqlite'}",
        "IEP_PUBLIC_URL": "http://127.0.0.1:8000",
        "IEP_SECRET_KEYS": Fernet.generate_key().decode(),
        "IEP_DEMO": "1",
    }
    settings = import_module("lti_app.settings").Settings.from_env(environ)
    application = import_module("lti_app").create_app(settings)
    rules = [rule.rule for rule in application.url_map.iter_rules()]

    assert len(rules) > 5
    assert [] == [rule for rule in rules if TELLING.search(rule)]
