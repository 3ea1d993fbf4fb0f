"""Property: a wish for a link (deep linking 2.0) bent anywhere breaks nothing and opens no other session."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.contract.lti.conftest import Stage
from tests.contract.lti.linking import DL, wish
from tests.contract.lti.platform import CLAIM, sign_any
from tests.contract.lti.test_mutations import (
    DECIDING,
    FREE,
    JSON,
    TEXT,
    _places,
    assert_harmless,
    assert_same_subject,
    fresh,
    tries,
)
from tests.contract.lti.tool import has_session

WISH: dict[str, Any] = {
    "message_type": "LtiDeepLinkingRequest",
    "resource_link": ...,
    DL + "deep_linking_settings": wish(accept_lineitem=True, title="A link", text="Choose one"),
}


@tries(400)
@given(place=st.integers(0, 10_000), value=JSON, away=st.booleans(), more=TEXT)
def test_mutated_wish_for_a_link(stage: Stage, place: int, value: Any, away: bool, more: str) -> None:
    """Deep linking: one value anywhere in the wish replaced, removed or joined by another breaks nothing, and
    what opens knows where its answer goes: nowhere but to an address that a form may name.
    """
    asked = fresh(stage)
    claims = copy.deepcopy(stage.platform.claims(asked["nonce"], **WISH))
    settings_of = claims[DL + "deep_linking_settings"]
    places = _places(settings_of, (DL + "deep_linking_settings",))
    *path, last = places[place % len(places)]
    holder: Any = claims
    for key in path:
        holder = holder[key]
    if away:
        del holder[last]
    else:
        holder[last] = value
    if isinstance(holder, dict):
        holder.setdefault(more, value)
    answer = stage.post(asked["state"], sign_any(claims))
    assert_harmless(answer)
    if has_session(answer):
        wanted = stage.wiring.arrivals.met[-1].offers.wish
        assert wanted is not None
        assert wanted.return_url.startswith(("https://", "http://127.0.0.1", "http://localhost"))


@tries(400)
@given(
    name=st.sampled_from([*DECIDING[:-1], *FREE, CLAIM + "resource_link", DL + "deep_linking_settings"]),
    value=JSON,
)
def test_mutated_claim_of_a_wish(stage: Stage, name: str, value: Any) -> None:
    """Deep linking: any claim beside the wish with any value is never an error of ours, and the session, if
    there is one, is the subject's own.
    """
    asked = fresh(stage)
    claims = {**stage.platform.claims(asked["nonce"], **WISH), name: value}
    answer = stage.post(asked["state"], sign_any(claims))
    assert_harmless(answer)
    if claims["sub"] == "user-1":
        assert_same_subject(stage, answer, claims[CLAIM + "roles"])
