"""Presets and the offer: addresses filled in from little, and one offer in the shape Canvas reads."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_app.doors.lti import offer
from lti_app.doors.lti.canvas import developer_key
from lti_app.doors.lti.install_refusals import InstallRefused
from lti_app.doors.lti.presets import PRESETS, Preset, name_of_issuer, preset
from tests.contract.lti.tool import make_settings

BASE = "https://lms.example.edu"


@pytest.mark.parametrize("one", PRESETS, ids=lambda one: one.key)
def test_every_preset_gives_whole_https_addresses(one: Preset) -> None:
    """No slot stays open, everything is https, and the platform may frame us from somewhere."""
    found = one.addresses(base=BASE + "/", client_id="client-7")

    for url in (found.issuer, found.auth_url, found.token_url, found.jwks_url, *found.frames):
        assert "https" == urlsplit(url).scheme, url
        assert not set("{}") & set(url), url
    assert found.frames
    assert not found.issuer.endswith("/")


@pytest.mark.parametrize("one", PRESETS, ids=lambda one: one.key)
def test_every_preset_names_its_source_and_its_place(one: Preset) -> None:
    """An administrator can check the addresses and find the page."""
    assert one.source.startswith("https://")
    assert one.where.count(",") >= 1


def test_a_moodle_below_a_path_keeps_it_but_is_framed_by_its_origin() -> None:
    """A frame's ancestor is an origin; addresses keep the path."""
    found = preset("moodle").addresses(base=f"{BASE}/moodle/", client_id="x")

    assert f"{BASE}/moodle/mod/lti/auth.php" == found.auth_url
    assert (BASE,) == found.frames


@pytest.mark.parametrize(
    ("base", "code"),
    [
        ("", "base_needed"),
        ("moodle.example.org", "base_form"),
        ("https://", "base_form"),
        ("https://[bad", "base_form"),
        ("https://u@h.example.org", "base_form"),
        ("https://h.example.org/{client}", "base_form"),
        ("https://h.example.org/?x=1", "base_form"),
    ],
    ids=["empty", "no scheme", "no host", "bracket", "user", "slot", "query"],
)
def test_a_wrong_address_of_a_school_is_named(base: str, code: str) -> None:
    """What is no address of a school is refused with the field that holds it."""
    with pytest.raises(InstallRefused) as refused:
        preset("moodle").addresses(base=base, client_id="x")

    assert (code, "base") == (refused.value.code, refused.value.field)


@given(base=st.text(max_size=60))
def test_no_text_breaks_a_preset(base: str) -> None:
    """Whatever is typed: whole addresses under it, or a refusal."""
    try:
        found = preset("d2l").addresses(base=base, client_id="x")
    except InstallRefused:
        return
    assert found.auth_url.startswith(("https://", "http://"))
    assert not set("{}") & set(found.auth_url)


def test_an_unknown_preset_is_refused() -> None:
    """A name from nowhere is no preset."""
    with pytest.raises(InstallRefused) as refused:
        preset("sakai")

    assert "unknown_preset" == refused.value.code


def test_an_issuer_of_a_vendor_names_it() -> None:
    """Hosted Canvas is known by its issuer, a school's own server is not."""
    assert "Canvas (hosted by Instructure)" == name_of_issuer("https://canvas.instructure.com")
    assert "" == name_of_issuer(BASE)


def _placements(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    (extension,) = document["extensions"]
    return {one["placement"]: one for one in extension["settings"]["placements"]}


def test_canvas_is_offered_every_placement_with_one_neutral_title() -> None:
    """R5: the placements of the door, each under our own origin and with the same words."""
    document = developer_key(make_settings())
    places = _placements(document)

    assert {
        "course_navigation",
        "account_navigation",
        "user_navigation",
        "global_navigation",
        "student_context_card",
        "assignment_selection",
        "link_selection",
    } == set(places)
    assert {"Rapport"} == {one["text"] for one in places.values()}
    assert all(
        one["target_link_uri"].startswith("https://rapport.example.org/app/") for one in places.values()
    )
    assert not re.search(r"iep|special|disability|\bplan\b", json.dumps(document), re.IGNORECASE)


def test_a_link_is_asked_for_by_the_deep_linking_message() -> None:
    """R5: where a teacher chooses a link, Canvas sends that message and knows the window's size."""
    places = _placements(developer_key(make_settings()))

    for name, one in places.items():
        wanted = "LtiDeepLinkingRequest" if name.endswith("_selection") else "LtiResourceLinkRequest"
        assert wanted == one["message_type"]
        assert ("selection_width" in one) == name.endswith("_selection")


def test_canvas_is_asked_for_what_parents_need() -> None:
    """R5: observed pupils come as a custom field, and as a claim only at the public level."""
    document = developer_key(make_settings())

    assert "$com.instructure.User.observees" == document["custom_fields"]["observees"]
    assert "public" == document["extensions"][0]["privacy_level"]
    assert [scope.name for scope in offer.SCOPES] == document["scopes"]
    assert all(len(scope.reason) > 20 for scope in offer.SCOPES)


def test_a_course_shows_the_link_only_when_it_wants_to_and_the_rail_not_at_all() -> None:
    """R5: nothing appears in every course by itself; the rail of everybody stays as it was."""
    places = _placements(developer_key(make_settings()))

    assert "disabled" == places["course_navigation"]["default"]
    assert "admins" == places["account_navigation"]["visibility"]
    assert places["global_navigation"]["enabled"] is False


def test_another_platform_is_asked_only_for_variables_it_has() -> None:
    """Canvas' own variables are never asked of others, general ones only where they are named."""
    assert {} == dict(offer.custom_fields([]))
    assert {"time_zone": "$Person.address.timezone"} == dict(
        offer.custom_fields(["Person.address.timezone", "Canvas.user.id"])
    )
