"""The launches of each product: who comes in with which face, whatever its way of saying so."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.contract.lti.conftest import Stage
from tests.contract.lti.platform import NRPS, public_jwk, rsa_key
from tests.contract.lti.products import PEOPLE, PRODUCTS, Product
from tests.contract.lti.test_bad_launches import assert_refused
from tests.contract.lti.tool import bearer, data_block, has_session

FACES = {"teacher": "staff", "aide": "staff", "pupil": None, "parent": "family", "practice": None}
CASES = {
    "teacher": "V2",
    "aide": "V21",
    "pupil": "V10",
    "parent": "C1",
    "administrator": "C7",
    "practice": "V25",
}
ROWS = [
    pytest.param(product, person, id=f"{CASES[person]}-{product.name}-{person}")
    for product in PRODUCTS.values()
    for person in PEOPLE
    if person in product.roles
]


def publish(stage: Stage, product: Product) -> None:
    """Publish as many keys as the product does, the signing one in the middle."""
    names = [f"platform-{number}" for number in range(1, product.keys + 1)]
    stage.platform.key = rsa_key(names[len(names) // 2])
    published = [public_jwk(rsa_key(name)) for name in names]
    if not product.named:
        published = [{k: v for k, v in key.items() if k not in ("alg", "use")} for key in published]
    stage.platform.published = {"keys": published}


def launch_as(stage: Stage, product: Product, person: str, **more: Any) -> TestResponse:
    """Log in and launch the product's way; in a frame the page's own data leads on."""
    publish(stage, product)
    stage.platform.deploy(stage.site_id, "1")
    asked = stage.platform.login_request(**{k: None if v is ... else v for k, v in product.login.items()})
    where: dict[str, Any] = {"data" if product.posts else "query_string": asked}
    answer = stage.client.open("/lti/login", method="POST" if product.posts else "GET", **where)
    framed = answer.status_code == 200
    granted = stage.platform.authorize(data_block(answer)["next"] if framed else answer.headers["Location"])
    for hint in ("login_hint", "lti_message_hint"):
        assert asked.get(hint) == granted.get(hint)
    now = int(stage.clock().timestamp())
    changes = {"roles": product.roles[person], "exp": now + product.lives, **product.claims, **more}
    claims = stage.platform.claims(granted["nonce"], **changes)
    return stage.post(granted["state"], stage.platform.sign(claims))


@pytest.mark.parametrize(("product", "person"), ROWS)
def test_each_person_of_each_product(stage: Stage, product: Product, person: str) -> None:
    """Each kind of person gets the face they have everywhere; an administrator's depends on the course."""
    outside = {"context": ..., NRPS: ...} if person == "administrator" and product.name != "moodle" else {}
    answer = launch_as(stage, product, person, **outside)
    assert 200 == answer.status_code
    face = FACES.get(person, "staff")
    assert (face is not None) == has_session(answer)
    if face is not None:
        seen = stage.client.get("/app/probe", headers=bearer(data_block(answer)["token"])).get_json()
        assert (face == "family") == seen["family"]


@pytest.mark.parametrize("product", PRODUCTS.values(), ids=lambda product: f"V20-{product.name}")
def test_what_a_product_leaves_open_counts_as_absent(stage: Stage, product: Product) -> None:
    """Nulls, numbers, literals and claims of their own neither stop a launch nor end up as anybody's data."""
    launch_as(stage, product, "teacher")
    (met,) = stage.wiring.arrivals.met
    assert met.masquerading_id is None
    assert () == met.observees
    assert not any(str(value).startswith("$") for value in (met.time_zone, met.canvas_user_id, met.locale))
    assert met.time_zone in (None, "America/Chicago")
    assert "_" not in (met.locale or "")


@pytest.mark.parametrize("product", PRODUCTS.values(), ids=lambda product: f"S8-{product.name}")
def test_rotation_the_products_way(stage: Stage, product: Product) -> None:
    """The platform signs with its next key: one refetch where it was not published before, else none."""
    assert has_session(launch_as(stage, product, "teacher"))
    published_before = {key["kid"] for key in stage.platform.published["keys"]}
    following = rsa_key(f"platform-{product.keys // 2 + 2}")
    kept = stage.platform.published["keys"][1:] if product.keys > 1 else []
    new = public_jwk(following)
    others = [key for key in kept if key["kid"] != new["kid"]]
    stage.platform.published = {"keys": [*others, new]}
    stage.platform.key = following
    assert has_session(stage.launch())
    assert has_session(stage.launch())
    assert (1 if new["kid"] in published_before else 2) == stage.platform.key_set_requests


@pytest.mark.parametrize("product", PRODUCTS.values(), ids=lambda product: f"B8-{product.name}")
def test_short_lives_end(stage: Stage, product: Product) -> None:
    """A token of a minute (Moodle) or an hour (Canvas) is over after its life, a minute's leeway included."""
    publish(stage, product)
    now = int(stage.clock().timestamp())
    asked = stage.login()
    claims = stage.platform.claims(asked["nonce"], iat=now, exp=now + product.lives)
    stage.clock.forward(seconds=min(product.lives, 500) + 61)
    answer = stage.post(asked["state"], stage.platform.sign(claims))
    if product.lives <= 500:
        assert_refused(answer)
    else:
        assert has_session(answer)
