"""A schema read in one line gives what the schema gives, for good claims and for bent ones."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, post_load, validates_schema

from lti_app.doors.lti.id_token import IdTokenSchema
from lti_app.doors.lti.straight import straight
from tests.bench.launch_client import CLAIM, Tool, canvas_claims

TOOL = Tool(
    name="ours",
    login="/lti/login",
    launch="/lti/launch",
    target="https://rapport.example.org/app/",
    platform={"issuer": "https://lms.example.edu", "client_id": "client-1", "deployment_id": "dep-1"},
)
SCHEMA = IdTokenSchema()
LOAD = straight(SCHEMA)
DL = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
TEXT = st.text(max_size=12) | st.sampled_from(["", "$X", "\x00", "\ud800", "x" * 300])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=5
)


def claims(kind: str = "launch") -> dict[str, Any]:
    """Return good claims of a launch, or of a wish for a link."""
    body = canvas_claims(TOOL, "nonce", "subject-1", "Ada Example")
    if kind == "wish":
        body[CLAIM + "message_type"] = "LtiDeepLinkingRequest"
        del body[CLAIM + "resource_link"]
        body[DL] = {
            "deep_link_return_url": "https://lms.example.edu/back",
            "accept_types": ["ltiResourceLink"],
            "accept_presentation_document_targets": ["iframe"],
        }
    return body


def outcome(load: Any, body: Any) -> Any:
    """Return what comes of loading: the values, or the messages, as text that tells 1 from 1.0."""
    try:
        return repr(load(copy.deepcopy(body)))
    except ValidationError as error:
        return error.messages


@pytest.mark.parametrize("kind", ["launch", "wish"])
def test_good_claims_do_not_need_the_schema(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The short way is taken, and gives the same."""
    expected = SCHEMA.load(claims(kind))
    monkeypatch.setattr(IdTokenSchema, "load", None)
    assert expected == LOAD(claims(kind))


def places(body: Any) -> list[tuple[Any, ...]]:
    """Return the path of every value inside a document."""
    if isinstance(body, dict):
        items: Any = body.items()
    elif isinstance(body, list):
        items = enumerate(body)
    else:
        return []
    return [path for key, value in items for path in [(key,), *((key, *rest) for rest in places(value))]]


@settings(max_examples=600, deadline=None)
@given(data=st.data(), kind=st.sampled_from(["launch", "wish"]))
def test_bent_claims_end_the_same_way(data: st.DataObject, kind: str) -> None:
    """Any values anywhere, or missing: the same values or the same errors as from the schema."""
    body = claims(kind)
    for _ in range(data.draw(st.integers(1, 3))):
        *path, last = data.draw(st.sampled_from(places(body)))
        place = body
        for step in path:
            place = place[step]
        if data.draw(st.integers(0, 4)) == 0:
            del place[last]
        else:
            place[last] = data.draw(JSON)
        if not places(body):
            break

    assert outcome(SCHEMA.load, body) == outcome(LOAD, body)


@settings(max_examples=60, deadline=None)
@given(body=JSON)
def test_anything_ends_the_same_way(body: Any) -> None:
    """Not even an object: still the schema's own words."""
    assert outcome(SCHEMA.load, body) == outcome(LOAD, body)


class _Loose(Schema):
    class Meta:
        unknown = EXCLUDE


class _Strict(Schema):
    class Meta:
        unknown = RAISE


class _Hooked(_Loose):
    @post_load
    def change(self, data: Any, **_: Any) -> Any:
        """Change it."""
        return data


class _Original(_Loose):
    @validates_schema(pass_original=True)
    def look(self, data: Any, original: Any, **_: Any) -> None:
        """Look at both."""


UNKNOWN: dict[str, Schema] = {
    "unknown raises": _Strict(),
    "many": _Loose(many=True),
    "a hook": _Hooked(),
    "the original": _Original(),
    "a made default": _Loose.from_dict({"a": fields.String(load_default=str)})(unknown=EXCLUDE),
    "another field": _Loose.from_dict({"a": fields.Integer()})(unknown=EXCLUDE),
    "many nested": _Loose.from_dict({"a": fields.Nested(_Loose, many=True)})(unknown=EXCLUDE),
    "a field's hook": _Loose.from_dict({"a": fields.String(pre_load=str)})(unknown=EXCLUDE),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_it_does_not_know_it_refuses_to_read(name: str) -> None:
    """A schema that uses more is told so when the program starts, never read halfway."""
    with pytest.raises(TypeError, match="not known here"):
        straight(UNKNOWN[name])


def test_optional_parts_of_a_schema() -> None:
    """A field without a default stays away; null inside a list counts where it is allowed."""
    schema = _Loose.from_dict(
        {"a": fields.String(), "b": fields.List(fields.String(allow_none=True), attribute="c")}
    )(unknown=EXCLUDE)
    load = straight(schema)

    assert {"c": [None, "x"]} == load({"b": [None, "x"]}) == schema.load({"b": [None, "x"]})
    assert outcome(schema.load, {"b": "x"}) == outcome(load, {"b": "x"})
