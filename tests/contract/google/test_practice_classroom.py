"""The practice Classroom keeps Google's contract: its routes, its answers, its scopes and its errors."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import requests

from lti_app.sandbox import SandboxConfig, SandboxHandle, create_sandbox, run_in_thread
from lti_app.sandbox.classroom_accounts import WISHES
from lti_app.sandbox.classroom_api import api
from lti_app.sandbox.classroom_world import Consent
from lti_app.sandbox.config import utc_now

TOOL = "http://127.0.0.1:8500"
COURSE = "610000000101"
Ask = Callable[..., requests.Response]


@pytest.fixture(scope="module")
def lms() -> Iterator[SandboxHandle]:
    """A practice Classroom with the add-on in it."""
    config = SandboxConfig(
        public_url="http://localhost:0",
        tool_url=TOOL,
        google_client_id="practice.example.org",
        google_add_on=f"{TOOL}/classroom/x",
    )
    with run_in_thread(config) as running:
        yield running


@pytest.fixture
def ask(lms: SandboxHandle) -> Ask:
    """Ask as somebody with some scopes (all of them, unless named)."""

    def call(
        method: str, path: str, *, key: str = "vance", scopes: tuple[str, ...] | None = None, **more: Any
    ) -> requests.Response:
        classroom = lms.world.classroom
        account = classroom.people.by_key(key)
        assert account is not None
        consent = Consent(
            account=account,
            scopes=frozenset(WISHES if scopes is None else scopes),
            redirect_uri="x",
            challenge="",
            nonce="",
            offline=False,
            expires_at=utc_now() + timedelta(minutes=5),
        )
        _, token, _ = classroom.exchange(classroom.new_code(consent), "x", "")
        headers = {"Authorization": f"Bearer {token}"}
        return requests.request(method, f"{lms.url}{path}", headers=headers, timeout=10, **more)

    return call


@pytest.fixture
def item(lms: SandboxHandle) -> str:
    """The path of the first item of the first class."""
    post = lms.world.classroom.posts(COURSE)[-1]
    return f"/v1/courses/{COURSE}/courseWork/{post.id}"


def contract(shared_folder: Path, name: str) -> Any:
    """Read a contract file of Google's."""
    return json.loads((shared_folder / "contracts" / "google" / name).read_text(encoding="utf-8"))


def methods(tree: Any) -> Iterator[Any]:
    """Yield the methods of a discovery document."""
    yield from tree.get("methods", {}).values()
    for below in tree.get("resources", {}).values():
        yield from methods(below)


def test_routes_are_googles(lms: SandboxHandle, shared_folder: Path) -> None:
    """Every route of the practice API is one of the discovery documents, with the same verb."""
    known = set()
    for name in ("classroom.v1.json", "gmail.v1.json"):
        for one in methods(contract(shared_folder, name)):
            path = re.sub(r"\{[^}]*\}", "*", one["flatPath"])
            known.add((one["httpMethod"], path))
    app = create_sandbox(lms.config)
    ours = set()
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(f"{api.name}."):
            variants = [rule.rule.lstrip("/")]
            any_of = re.search(r"<any\(([^)]*)\):[^>]*>", rule.rule)
            if any_of:
                variants = [variants[0].replace(any_of[0], word.strip()) for word in any_of[1].split(",")]
            verbs = (rule.methods or set()) - {"HEAD", "OPTIONS"}
            plain = [re.sub(r"<[^>]*>", "*", path).replace("users/me/", "users/*/") for path in variants]
            ours |= {(verb, path) for verb in verbs for path in plain}
    assert set() == ours - known


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("/v1/courses", "ListCoursesResponse"),
        (f"/v1/courses/{COURSE}", "Course"),
        (f"/v1/courses/{COURSE}/students", "ListStudentsResponse"),
        (f"/v1/courses/{COURSE}/teachers", "ListTeachersResponse"),
        ("/v1/userProfiles/me", "UserProfile"),
        ("/v1/userProfiles/110000000000000000013/guardians", "ListGuardiansResponse"),
        ("{item}/addOnAttachments", "ListAddOnAttachmentsResponse"),
    ],
)
def test_answers_have_googles_shape(ask: Ask, item: str, shared_folder: Path, path: str, schema: str) -> None:
    """Every answer fits the schema that Google publishes for it."""
    schemas = contract(shared_folder, "classroom.v1.schemas.json")
    answer = ask("GET", path.replace("{item}", item))
    assert 200 == answer.status_code, answer.text
    jsonschema.validate(answer.json(), {**schemas, "$ref": f"#/$defs/{schema}"})


def test_context_has_googles_shape(ask: Ask, item: str, lms: SandboxHandle, shared_folder: Path) -> None:
    """The context of a teacher and of a pupil: one of two, never both."""
    schemas = contract(shared_folder, "classroom.v1.schemas.json")
    attachment = lms.world.classroom.attachments(item.rpartition("/")[2])[0]
    for key, present in (("vance", "teacherContext"), ("rafi", "studentContext")):
        answer = ask("GET", f"{item}/addOnContext", key=key, params={"attachmentId": attachment.id})
        jsonschema.validate(answer.json(), {**schemas, "$ref": "#/$defs/AddOnContext"})
        assert {present} == {"teacherContext", "studentContext"} & answer.json().keys()


@pytest.mark.parametrize(
    ("method", "path", "key", "scopes", "status"),
    [
        ("GET", "/v1/courses", "vance", ("openid",), 403),
        ("GET", "/v1/courses/1", "vance", None, 404),
        ("GET", "/v1/courses/610000000102", "albright", None, 403),
        ("GET", "/v1/userProfiles/-/guardians", "vance", None, 403),
        ("GET", "/v1/userProfiles/1", "vance", None, 404),
        ("GET", "/v1/userProfiles/110000000000000000031", "vance", None, 404),
        ("GET", "{item}/addOnContext", "vance", None, 400),
        ("GET", "{item}/addOnContext?attachmentId=1", "vance", None, 404),
        ("GET", "{item}/addOnContext?addOnToken=1", "vance", None, 403),
        ("GET", "{item}/addOnAttachments/1", "vance", None, 404),
        ("GET", "/v1/courses?pageToken=!", "vance", None, 400),
        ("POST", "{item}/addOnAttachments?addOnToken=1", "rafi", None, 403),
        ("POST", "{item}/addOnAttachments?addOnToken=1", "vance", None, 403),
        ("POST", "/gmail/v1/users/me/messages/send", "vance", None, 400),
    ],
)
def test_refusals(
    ask: Ask, item: str, method: str, path: str, key: str, scopes: tuple[str, ...] | None, status: int
) -> None:
    """Google's shape of an error: a code, a message, a status word."""
    answer = ask(method, path.replace("{item}", item), key=key, scopes=scopes)
    assert status == answer.status_code
    assert status == answer.json()["error"]["code"]
    assert answer.json()["error"]["status"]


def test_no_bearer(lms: SandboxHandle) -> None:
    """Nobody without a token."""
    assert 401 == requests.get(f"{lms.url}/v1/courses", timeout=10).status_code


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"title": "Check-in"},
        {"title": "x", "teacherViewUri": {"uri": "https://elsewhere.example.org"}, "studentViewUri": {}},
        {"id": "1"},
        [],
    ],
)
def test_attachment_that_google_refuses(ask: Ask, item: str, lms: SandboxHandle, body: object) -> None:
    """What lacks something, points elsewhere or sets what is not ours to set."""
    account = lms.world.classroom.people.by_key("vance")
    post = lms.world.classroom.post(COURSE, item.rpartition("/")[2])
    assert account is not None
    assert post is not None
    token = lms.world.classroom.add_on_token(account, post)
    answer = ask("POST", f"{item}/addOnAttachments", params={"addOnToken": token}, json=body)
    assert 400 == answer.status_code


def test_attachment_changes_and_has_no_mark(ask: Ask, item: str, lms: SandboxHandle) -> None:
    """A title is changed by its mask; a mark is refused without points, and taken with them."""
    attachment = lms.world.classroom.attachments(item.rpartition("/")[2])[0]
    path = f"{item}/addOnAttachments/{attachment.id}"
    assert 400 == ask("PATCH", path, json={"title": "New"}).status_code
    changed = ask("PATCH", path, params={"updateMask": "title"}, json={"title": "New"})
    assert "New" == changed.json()["title"]
    mark = f"{path}/studentSubmissions/s1"
    assert 400 == ask("PATCH", mark, json={"pointsEarned": 1}).status_code
    ask("PATCH", path, params={"updateMask": "maxPoints"}, json={"maxPoints": 5})
    assert 1 == ask("PATCH", mark, json={"pointsEarned": 1}).json()["pointsEarned"]
    assert "New" == ask("GET", path).json()["title"]


def test_pages_of_a_list(ask: Ask) -> None:
    """Pages are opaque and end; addresses are told only to whoever has the scope for them."""
    first = ask("GET", f"/v1/courses/{COURSE}/students", params={"pageSize": 3}).json()
    token = first["nextPageToken"]
    last = ask("GET", f"/v1/courses/{COURSE}/students", params={"pageSize": 3, "pageToken": token}).json()
    assert [3, 1] == [len(first["students"]), len(last["students"])]
    assert "nextPageToken" not in last
    rosters = ("https://www.googleapis.com/auth/classroom.rosters.readonly",)
    told = ask("GET", f"/v1/courses/{COURSE}/students", scopes=rosters).json()["students"]
    assert not [one for one in told if "emailAddress" in one["profile"]]


def test_administrator_sees_the_domain(ask: Ask) -> None:
    """The Workspace administrator reads every class and every guardian."""
    assert 2 == len(ask("GET", "/v1/courses", key="dom_admin").json()["courses"])
    assert 3 == len(ask("GET", "/v1/userProfiles/-/guardians", key="dom_admin").json()["guardians"])
    assert 1 == len(ask("GET", "/v1/courses", key="albright", params={"teacherId": "me"}).json()["courses"])


def test_mail_goes_to_the_mailbox(ask: Ask, lms: SandboxHandle) -> None:
    """A mail sent by Gmail arrives where all practice mail does, with the request as it came."""
    mail = EmailMessage()
    mail["To"], mail["Subject"] = "silver.oat43@example.org", "A message"
    mail.set_content("Please look.")
    raw = base64.urlsafe_b64encode(mail.as_bytes()).decode().rstrip("=")
    answer = ask("POST", "/gmail/v1/users/me/messages/send", json={"raw": raw})
    assert 200 == answer.status_code
    kept = lms.world.mailbox.all()[-1]
    assert "vance@cedar-hollow.example.org" == kept.sender
    assert "Please look.\n" == kept.text
    assert b"POST /gmail/v1/users/me/messages/send" in lms.world.wire.all()[-1].raw


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"client_id": "x"}, "invalid_client"),
        ({"redirect_uri": "https://x.example.org"}, "redirect_uri_mismatch"),
        ({"scope": "everything"}, "invalid_request"),
        ({"response_type": "token"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
    ],
)
def test_accounts_page_refuses(lms: SandboxHandle, changes: dict[str, str], words: str) -> None:
    """A question that Google would not take gets a page, and nothing is sent anywhere."""
    asked = {
        "client_id": "practice.example.org",
        "redirect_uri": f"{TOOL}/classroom/back",
        "scope": "openid",
        "response_type": "code",
        "code_challenge": "c" * 43,
        "code_challenge_method": "S256",
        **changes,
    }
    answer = requests.get(f"{lms.url}/o/oauth2/v2/auth", params=asked, timeout=10)
    assert 400 <= answer.status_code < 500
    assert words in answer.text


def test_token_endpoint(lms: SandboxHandle) -> None:
    """Codes once, refresh tokens until they are revoked, and nothing for somebody without the secret."""
    classroom, client = lms.world.classroom, {"client_id": "practice.example.org"}
    account = classroom.people.by_key("vance")
    assert account is not None
    consent = Consent(
        account=account,
        scopes=frozenset({"openid", "email"}),
        redirect_uri="r",
        challenge="",
        nonce="n",
        offline=True,
        expires_at=utc_now() + timedelta(minutes=5),
    )

    def trade(**form: str) -> requests.Response:
        secret = {"client_secret": lms.config.google_client_secret}
        return requests.post(f"{lms.url}/token", data={**client, **secret, **form}, timeout=10)

    code = classroom.new_code(consent)
    named = {"grant_type": "authorization_code", "code": code, "redirect_uri": "r"}
    assert "invalid_client" == trade(**named, client_secret="no").json()["error"]
    first = trade(**named).json()
    assert first["id_token"].count(".") == 2
    assert "invalid_grant" == trade(**named).json()["error"]
    again = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    assert trade(**again).json()["access_token"] != first["access_token"]
    assert "unsupported_grant_type" == trade(grant_type="password").json()["error"]
    for status in (200, 400):
        gone = requests.post(f"{lms.url}/revoke", data={"token": first["refresh_token"]}, timeout=10)
        assert status == gone.status_code
    assert "invalid_grant" == trade(**again).json()["error"]


def test_accounts_page_is_never_framed(lms: SandboxHandle) -> None:
    """Like Google's own page."""
    asked = {
        "client_id": "practice.example.org",
        "redirect_uri": f"{TOOL}/classroom/back",
        "scope": "openid",
        "response_type": "code",
    }
    answer = requests.get(f"{lms.url}/o/oauth2/v2/auth", params=asked, timeout=10)
    assert "DENY" == answer.headers["X-Frame-Options"]
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    stale = requests.post(f"{lms.url}/o/oauth2/accept", data={"ticket": "x"}, timeout=10)
    assert 400 == stale.status_code


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/google", 200),
        ("/google?as=vance", 200),
        (f"/google/c/{COURSE}?as=rafi", 200),
        (f"/google/c/{COURSE}?as=paloma", 403),
        (f"/google/c/{COURSE}?as=nobody", 404),
        (f"/google/c/{COURSE}/w/1?as=vance", 404),
    ],
)
def test_pages(lms: SandboxHandle, path: str, status: int) -> None:
    """The pages of a class open for its own people."""
    assert status == requests.get(f"{lms.url}{path}", timeout=10).status_code


def test_work_of_a_class(lms: SandboxHandle) -> None:
    """A teacher adds an item with a link and copies the class; a pupil may do neither."""
    place = f"{lms.url}/google/c/{COURSE}"
    link = f"{TOOL}/check-in"
    made = requests.post(f"{place}?as=vance", data={"title": "Read", "link": link}, timeout=10)
    assert "Upgrade to Rapport" in made.text
    assert 403 == requests.post(f"{place}?as=rafi", data={"title": "Read"}, timeout=10).status_code
    post = lms.world.classroom.posts(COURSE)[0]
    picker = f"{place}/w/{post.id}/addon"
    frame = requests.get(picker, params={"as": "vance", "url": link}, timeout=10).text
    assert "/upgrade?" in frame
    assert "urlToUpgrade" in frame
    assert 403 == requests.get(f"{picker}?as=rafi", timeout=10).status_code
    assert 404 == requests.get(f"{place}/w/{post.id}/a/1?as=vance", timeout=10).status_code
    copied = requests.post(f"{place}?as=vance", data={"copy": "1"}, timeout=10)
    assert "Grade 6 humanities (copy)" in copied.text
