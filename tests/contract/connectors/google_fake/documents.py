"""Google's discovery documents as a table of methods; without the shared folder, the same table by hand.

A test holds the two together. Bodies and answers are checked against the schemas only where they are at hand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.contract.connectors.google_fake.table import CALENDAR, CLASSROOM, GLOBAL, GMAIL, Query

APIS = {"classroom.v1": "", "gmail.v1": "", "calendar.v3": "calendar/v3/"}
AUTH = "https://www.googleapis.com/auth/"


@dataclass(frozen=True, kw_only=True)
class Method:
    """One method: verb, template such as ``/v1/courses/{courseId}/students``, parameters, scopes, schemas."""

    id: str
    verb: str
    template: str
    query: Mapping[str, Query]
    scopes: frozenset[str]
    api: str
    request: str | None = None
    response: str | None = None

    @property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(self.template)))


@dataclass(frozen=True, kw_only=True)
class Documents:
    """All methods, and the schemas by API."""

    methods: tuple[Method, ...]
    schemas: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def find(self, verb: str, path: str) -> tuple[Method, dict[str, str]] | None:
        """Return the method of a request with the values of its path, or None."""
        for method in self.methods:
            match = method.pattern.fullmatch(path) if method.verb == verb else None
            if match is not None:
                return method, match.groupdict()
        return None

    def complaints(self, api: str, schema: str, document: Any) -> list[str]:
        """Return what is wrong with a document, by the place of it; nothing without the schemas."""
        known = self.schemas.get(api)
        if known is None:
            return []
        from jsonschema import Draft202012Validator

        whole = {"$defs": known, "$ref": f"#/$defs/{schema}"}
        return [
            "/".join(map(str, error.absolute_path)) + ": " + error.message[:80]
            for error in Draft202012Validator(whole).iter_errors(document)
        ]

    def read_only(self, api: str, schema: str) -> frozenset[str]:
        """Return the fields of a schema that a request must not hold."""
        fields = self.schemas.get(api, {}).get(schema, {}).get("properties", {})
        return frozenset(name for name, told in fields.items() if told.get("readOnly"))


def documents_of(folder: Path | None) -> Documents:
    """Return the documents of the shared contracts, or the table by hand."""
    if folder is None:
        tables = {"classroom.v1": CLASSROOM, "gmail.v1": GMAIL, "calendar.v3": CALENDAR}
        return Documents(methods=tuple(_by_hand(api, row) for api, rows in tables.items() for row in rows))
    methods: list[Method] = []
    schemas: dict[str, Any] = {}
    for api, base in APIS.items():
        told = json.loads((folder / f"{api}.json").read_text(encoding="utf-8"))
        methods += _walk(api, base, told)
        schemas[api] = json.loads((folder / f"{api}.schemas.json").read_text(encoding="utf-8"))["$defs"]
    return Documents(methods=tuple(methods), schemas=schemas)


def _walk(api: str, base: str, told: Mapping[str, Any]) -> list[Method]:
    found = []
    for one in told.get("methods", {}).values():
        parameters = one.get("parameters", {})
        found.append(
            Method(
                id=one["id"],
                verb=one["httpMethod"],
                template="/" + base + (one.get("flatPath") or one["path"]),
                query={
                    name: Query(
                        kind=how["type"],
                        repeated=how.get("repeated", False),
                        enum=frozenset(how.get("enum", ())),
                    )
                    for name, how in parameters.items()
                    if how["location"] == "query"
                }
                | GLOBAL,
                scopes=frozenset(one.get("scopes", ())),
                api=api,
                request=one.get("request", {}).get("$ref"),
                response=one.get("response", {}).get("$ref"),
            )
        )
    for inner in told.get("resources", {}).values():
        found += _walk(api, base, inner)
    return found


def _by_hand(api: str, row: Any) -> Method:
    verb, template, query, scopes, request, response = row
    return Method(
        id=f"{verb} {template}",
        verb=verb,
        template=template,
        query=dict(query) | GLOBAL,
        scopes=frozenset(AUTH + name if name else "https://mail.google.com/" for name in scopes.split(",")),
        api=api,
        request=request or None,
        response=response or None,
    )
