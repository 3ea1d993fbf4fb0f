"""What a launch offers: kept and given back as it was, and nothing that no database could hold."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lti_app.doors.launch_offers import NOTHING, Gradebook, LinkWish, Offers, offers_of
from lti_app.doors.lti.claims import read_claims
from lti_app.doors.lti.id_token import AGS_CLAIM, DL, LTI
from lti_app.doors.lti.refusals import LaunchRefused

WISH = {
    "deep_link_return_url": "https://lms.example.edu/back",
    "accept_types": ["ltiResourceLink", "link", "\ud800", "x"],
    "accept_presentation_document_targets": ["iframe"],
}


def body(**changes: Any) -> dict[str, Any]:
    """Return the body of a wish for a link."""
    return {
        "iss": "https://lms.example.edu",
        "aud": "c",
        "sub": "u",
        "nonce": "n",
        "iat": 1,
        "exp": 2,
        LTI + "message_type": "LtiDeepLinkingRequest",
        LTI + "version": "1.3.0",
        LTI + "deployment_id": "d",
        LTI + "target_link_uri": "https://tool.example.org/app/",
        LTI + "roles": [],
        DL + "deep_linking_settings": {**WISH, **changes},
        AGS_CLAIM: {"scope": ["https://x/score", "\ud800", 7], "lineitems": "https://lms.example.edu/c"},
    }


@pytest.mark.parametrize(
    "offers",
    [
        NOTHING,
        Offers(gradebook=Gradebook(scopes=("a",), columns_url="u")),
        Offers(wish=LinkWish(return_url="https://lms.example.edu/back", takes=("link",), data=" ä ")),
        Offers(family="moodle", card_of="9"),
    ],
    ids=["nothing", "gradebook", "wish", "card"],
)
def test_offers_come_back_as_they_were(offers: Offers) -> None:
    """Through JSON and back; nothing is kept of nothing."""
    kept = offers.as_json()
    assert (offers == NOTHING) == (kept is None)
    assert offers == offers_of(json.loads(json.dumps(kept)))


def test_only_what_we_know_is_kept() -> None:
    """Kinds of item and rights that no platform names are dropped, half characters with them."""
    offers = read_claims(body()).offers
    assert offers.wish is not None
    assert offers.gradebook is not None
    assert (("ltiResourceLink", "link"), ("https://x/score",)) == (offers.wish.takes, offers.gradebook.scopes)


@pytest.mark.parametrize("data", ["a\ud800", "a\x00"], ids=["half-a-character", "nul"])
def test_data_no_database_keeps_is_refused(data: str) -> None:
    """The platform's data must come back byte for byte: what cannot be kept is no wish."""
    with pytest.raises(LaunchRefused, match="claims:data"):
        read_claims(body(data=data))
