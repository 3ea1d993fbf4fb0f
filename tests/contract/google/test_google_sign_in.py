"""Sign-in with Google: every check of the ID token, single use of everything, and who may come by it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from lti_app.demo.classroom import GOOGLE_CLIENT_ID, google_id
from lti_app.doors.google import sign_in
from lti_app.sandbox import classroom_accounts
from tests.contract.google.school import BASE, TOOL, School, Visitor, block_of

BENT: dict[str, dict[str, Any]] = {
    "issuer": {"iss": "https://accounts.example.org"},
    "audience": {"aud": "somebody.else"},
    "audience_list": {"aud": [GOOGLE_CLIENT_ID, "somebody.else"]},
    "azp": {"azp": "somebody.else"},
    "nonce": {"nonce": "another"},
    "no_nonce": {"nonce": None},
    "no_subject": {"sub": None},
    "subject_number": {"sub": 7},
    "no_expiry": {"exp": None},
    "expiry_text": {"exp": "soon"},
    "expired": {"exp": 1_700_000_000},
    "old": {"iat": 1_700_000_000},
    "other_domain": {"hd": "elm-street.example.net"},
    "no_domain": {"hd": None},
    "subdomain": {"hd": "x.cedar-hollow.example.org"},
}


def bend(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
    """Let Google's next ID tokens say something else."""
    straight = classroom_accounts.id_token

    def bent(*args: Any, **named: Any) -> str:
        return straight(*args, **{**named, **changes})

    monkeypatch.setattr(classroom_accounts, "id_token", bent)


def test_question_to_google(visitor: Visitor) -> None:
    """The code flow with PKCE, a nonce, the school's domain, no offline access, and Google's hint."""
    asked = dict(parse_qsl(urlsplit(visitor.to_google(hint="110000000000000000001")).query))
    assert "code" == asked["response_type"]
    assert "S256" == asked["code_challenge_method"]
    assert 43 == len(asked["code_challenge"])
    assert 43 == len(asked["state"]) == len(asked["nonce"])
    assert "online" == asked["access_type"]
    assert "cedar-hollow.example.org" == asked["hd"]
    assert "110000000000000000001" == asked["login_hint"]
    assert f"{TOOL}/classroom/back" == asked["redirect_uri"]
    assert "classroom.addons.teacher" in asked["scope"]


def test_our_own_page_asks_for_less(visitor: Visitor) -> None:
    """Outside Classroom only who somebody is is asked for."""
    asked = dict(parse_qsl(urlsplit(visitor.to_google(frame=False)).query))
    assert "openid email profile" == asked["scope"]
    assert "select_account" == asked["prompt"]


@pytest.mark.parametrize("case", BENT)
def test_bent_tokens(visitor: Visitor, monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    """An ID token that differs in one claim opens nothing."""
    bend(monkeypatch, **BENT[case])
    answer = visitor.back(visitor.say_yes(visitor.to_google(), "vance"))
    assert answer.status_code in {401, 403}
    assert "Reference" in answer.text
    assert "Marisol" not in answer.text


def test_issuer_without_its_scheme(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Google writes its name in two ways."""
    bend(monkeypatch, iss="accounts.google.com")
    assert 200 == visitor.back(visitor.say_yes(visitor.to_google(), "vance")).status_code


def test_foreign_signature(school: School, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token signed by another key under the real one's name is refused."""
    kid = school.lms.world.key.thumbprint()
    forged = jwt.encode(
        {"alg": "RS256", "kid": kid}, {"iss": classroom_accounts.ISSUER}, RSAKey.generate_key(2048)
    )
    monkeypatch.setattr(classroom_accounts, "id_token", lambda *_a, **_k: forged)
    assert 401 == visitor.back(visitor.say_yes(visitor.to_google(), "vance")).status_code


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c", "e30.e30.e30", "x" * 40_000])
def test_no_token_breaks_us(visitor: Visitor, monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    """What is no token at all is refused with a page."""
    monkeypatch.setattr(classroom_accounts, "id_token", lambda *_a, **_k: token)
    assert 401 == visitor.back(visitor.say_yes(visitor.to_google(), "vance")).status_code


@pytest.mark.parametrize("key", ["outsider", "private"])
def test_accounts_of_no_school_here(visitor: Visitor, key: str) -> None:
    """A teacher of another school, and a teacher's private account, open nothing."""
    answer = visitor.back(visitor.say_yes(visitor.to_google(), key))
    assert 403 == answer.status_code
    assert "That is another account" in answer.text


def test_state_is_used_once(visitor: Visitor) -> None:
    """The same way back opens nothing a second time."""
    came = visitor.say_yes(visitor.to_google(), "vance")
    assert 200 == visitor.back(came).status_code
    assert 401 == visitor.back(came).status_code


def test_state_belongs_to_its_browser(school: School, visitor: Visitor) -> None:
    """Whoever is handed somebody else's way back is not signed in as them."""
    came = visitor.say_yes(visitor.to_google(), "vance")
    assert 401 == Visitor(school).back(came).status_code


def test_state_ends(school: School, visitor: Visitor) -> None:
    """Ten minutes, and the window starts again."""
    address = visitor.to_google()
    school.house.clock.forward(minutes=11)
    assert 401 == visitor.back(visitor.say_yes(address, "vance")).status_code


def test_no_at_google(visitor: Visitor) -> None:
    """Cancel at Google is answered with a page that says what to do."""
    came = visitor.say_yes(visitor.to_google(), "")
    assert "access_denied" == came["error"]
    answer = visitor.back(came)
    assert 401 == answer.status_code
    assert "Sign in there" in answer.text


def test_code_of_another_state(visitor: Visitor) -> None:
    """A code works only with the verifier of its own state (RFC 7636)."""
    first = visitor.say_yes(visitor.to_google(), "vance")
    second = visitor.say_yes(visitor.to_google(), "albright")
    assert 401 == visitor.back({"state": second["state"], "code": first["code"]}).status_code


def test_handover_works_once_for_one_frame_within_a_minute(school: School, visitor: Visitor) -> None:
    """The code of the window: not twice, not for another frame, not late, not from elsewhere."""
    code = visitor.signed_in("vance")
    wrong = visitor.enter("teacher", school.said(), code=code, verifier="another")
    assert 401 == wrong.status_code
    assert 401 == visitor.enter("teacher", school.said(), code=code, verifier=visitor.verifier).status_code
    code = visitor.signed_in("vance")
    assert 200 == visitor.enter("teacher", school.said(), code=code, verifier=visitor.verifier).status_code
    assert 401 == visitor.enter("teacher", school.said(), code=code, verifier=visitor.verifier).status_code
    code = visitor.signed_in("vance")
    school.house.clock.forward(seconds=62)
    assert 401 == visitor.enter("teacher", school.said(), code=code, verifier=visitor.verifier).status_code


def test_enter_takes_our_own_origin_only(school: School, visitor: Visitor) -> None:
    """A page of somebody else's cannot open a frame, even with everything in its hands."""
    code = visitor.signed_in("vance")
    answer = visitor.client.post(
        f"{BASE}/enter",
        json={"frame": "teacher", "said": school.said(), "code": code, "verifier": visitor.verifier},
        headers={"Origin": "https://sites.example.org"},
        base_url=TOOL,
    )
    assert 401 == answer.status_code


@pytest.mark.parametrize("body", [None, [], {"said": 1}, {"said": {}}])
def test_enter_without_shape(visitor: Visitor, body: object) -> None:
    """What is no question of our page's is refused or answered with the button."""
    answer = visitor.client.post(f"{BASE}/enter", json=body, headers={"Origin": TOOL}, base_url=TOOL)
    assert answer.status_code in {200, 400}
    if answer.status_code == 200:
        assert {"kind": "sign_in"} == answer.get_json()


def test_cookies_are_ours_alone(school: School, visitor: Visitor) -> None:
    """Whatever a browser keeps of a sign-in is sealed, partitioned and unreadable for scripts."""
    answer = visitor.open("teacher", school.said(), "vance")
    lines = [line for line in answer.headers.getlist("Set-Cookie") if "Max-Age=0" not in line]
    assert lines
    for line in lines:
        assert line.startswith("__Host-")
        assert {"Secure", "HttpOnly", "SameSite=None", "Partitioned"} <= set(line.split("; "))
        assert "Marisol" not in line
        assert "vance" not in line


def test_browser_without_cookies(school: School, visitor: Visitor) -> None:
    """A browser that keeps nothing gets the secret of its reload in the page, and no cookie."""
    code = visitor.signed_in("vance")
    answer = visitor.enter("teacher", school.said(), code=code, verifier=visitor.verifier, cookies=False)
    assert "secret" in answer.get_json()
    assert not answer.headers.getlist("Set-Cookie")


def test_sign_out_forgets_the_person(school: School, visitor: Visitor) -> None:
    """After signing out the next frame asks again."""
    door = visitor.open("teacher", school.said(), "vance").get_json()
    ended = visitor.client.post(
        "/session/end",
        json={"tab": door["tab"]},
        headers={"Authorization": f"Bearer {door['token']}"},
        base_url=TOOL,
    )
    assert 204 == ended.status_code
    said = school.said(login_hint=school.account("vance").id)
    assert {"kind": "sign_in"} == visitor.enter("teacher", said).get_json()


def test_token_of_google_ran_out(school: School, visitor: Visitor) -> None:
    """When Google no longer takes the kept token, the button is shown."""
    visitor.open("teacher", school.said(), "vance")
    school.lms.world.classroom.end_tokens()
    said = school.said(login_hint=school.account("vance").id)
    assert {"kind": "sign_in"} == visitor.enter("teacher", said).get_json()


def test_kept_sign_in_ends_within_the_hour(school: School, visitor: Visitor) -> None:
    """What is kept is no longer good than Google's token."""
    visitor.open("teacher", school.said(), "vance")
    said = school.said(login_hint=school.account("vance").id)
    school.house.clock.forward(minutes=58)
    assert "open" == visitor.enter("teacher", said).get_json()["kind"]
    school.house.clock.forward(minutes=2)
    assert {"kind": "sign_in"} == visitor.enter("teacher", said).get_json()


def test_own_page_opens_for_staff_the_site_knows(school: School, visitor: Visitor) -> None:
    """Our own page leads to Google in the same window and opens the tool there; its reload resumes."""
    page = visitor.client.get(BASE, base_url=TOOL)
    assert f"{BASE}/go" == block_of(page)["go"]
    answer = visitor.back(visitor.say_yes(visitor.to_google(frame=False), "vance"))
    door = block_of(answer)
    assert "open" == door["kind"]
    today = visitor.client.get(
        "/app/today", headers={"Authorization": f"Bearer {door['token']}"}, base_url=TOOL
    )
    assert "Paloma" in today.text
    resumed = visitor.client.post(
        "/session/resume", json={"tab": door["tab"]}, headers={"Origin": TOOL}, base_url=TOOL
    )
    assert 200 == resumed.status_code


@pytest.mark.parametrize("key", ["albright", "tamsin"])
def test_own_page_makes_nobody_staff(visitor: Visitor, key: str) -> None:
    """Google says no role there, so whoever has no place here gets the page for strangers."""
    answer = visitor.back(visitor.say_yes(visitor.to_google(frame=False), key))
    assert "Nothing to open here" in answer.text


def test_lti_door_knows_no_google(visitor: Visitor) -> None:
    """The same registration opens nothing at the LTI door: what comes from Google is no launch."""
    query = {
        "iss": "https://accounts.google.com",
        "client_id": GOOGLE_CLIENT_ID,
        "login_hint": "x",
        "target_link_uri": f"{TOOL}/lti/launch",
    }
    visitor.client.get("/lti/login", query_string=query, base_url=TOOL)
    answer = visitor.client.post("/lti/launch", data={"state": "x", "id_token": "a.b.c"}, base_url=TOOL)
    assert 401 == answer.status_code


def test_unknown_client(visitor: Visitor) -> None:
    """An address with another client's id leads nowhere."""
    other = str(google_id()).replace("d", "e")
    for path in ("", "/teacher", "/student", "/go"):
        assert 404 == visitor.client.get(f"/classroom/{other}{path}", base_url=TOOL).status_code


def test_challenge_without_shape(visitor: Visitor) -> None:
    """The window does not begin for what cannot be a frame's challenge."""
    answer = visitor.client.get(f"{BASE}/go", query_string={"c": "short"}, base_url=TOOL)
    assert 400 == answer.status_code


def test_google_does_not_answer(school: School, visitor: Visitor) -> None:
    """A silent Google is told as what it is, and nothing is opened."""
    came = visitor.say_yes(visitor.to_google(), "vance")
    school.lms.stop()
    answer = visitor.back(came)
    assert answer.status_code in {401, 502}
    assert sign_in.BACK_PATH not in answer.text
