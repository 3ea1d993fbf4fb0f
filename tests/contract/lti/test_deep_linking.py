"""Adding the check-in to a course: who may, what goes back, and that nothing of it names anybody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from lti_app.doors.records import DeploymentState
from lti_app.session.tokens import key_in
from tests.contract.lti.house import DEPLOYMENT, MENTOR, Front, front_of
from tests.contract.lti.linking import (
    DL,
    RETURN_URL,
    TEACHER,
    action,
    ask,
    fields,
    launch_to,
    verified,
    wish,
)
from tests.contract.lti.platform import CLAIM, ROLE
from tests.contract.lti.tool import data_block, has_session
from tests.unit.screens.conftest import House, house, seeded_file

__all__ = ["house", "seeded_file"]


@pytest.fixture
def front(house: House, httpserver: HTTPServer) -> Front:
    """The platform before the house."""
    return front_of(house, httpserver)


def test_teacher_gets_one_choice(front: Front) -> None:
    """D1: a valid request of a teacher opens the picker: one neutral item, its title to change."""
    screen = ask(front).get()
    assert 200 == screen.status_code
    assert "Add a check-in" in screen.text
    assert 'name="title" type="text" value="Check-in"' in screen.text


@pytest.mark.parametrize(
    "roles",
    [
        MENTOR,
        [ROLE + "Learner"],
        [],
        [ROLE + "Learner", "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"],
    ],
    ids=["D1-parent", "D1-pupil", "D1-nobody", "D1-test-student"],
)
def test_nobody_else_adds_anything(front: Front, roles: list[str]) -> None:
    """Parents, pupils, test students and strangers are refused in plain words, without a session."""
    answer = ask(front, "dana", roles).answer
    assert (403, False) == (answer.status_code, has_session(answer))
    assert "Only teachers can add this" in answer.text


def test_answer_goes_back_by_itself(front: Front) -> None:
    """D2: one form field ``JWT`` to the return address; a module of ours sends it, a button stands there too;
    the policy lets the form go there and nowhere else.
    """
    teacher = ask(front)
    sent = teacher.choose(title="Check-in")
    assert "/lti/choice" == action(sent)
    assert 'data-module="/static/js/leave.js"' in sent.text
    page = teacher.leave(sent)
    assert (200, ["JWT"], RETURN_URL) == (page.status_code, list(fields(page)), action(page))
    assert '<button class="button" type="submit">' in page.text
    assert '<script type="module" src="/static/js/leave.js"></script>' in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "form-action https://lms.example.edu;" in policy
    assert "script-src 'self'" in policy
    assert "<script>" not in page.text
    assert "form-action 'self';" in sent.headers["Content-Security-Policy"]


def test_answer_is_signed_and_complete(front: Front) -> None:
    """D3: algorithm, key, parties, times, nonce, deployment, version and type are as specified."""
    teacher = ask(front)
    header, claims = verified(front, teacher.leave(teacher.choose(title="Check-in")))
    now = int(front.house.clock().timestamp())
    (key,) = [one["kid"] for one in front.house.client.get("/lti/jwks").json["keys"]]  # type: ignore[index]
    assert ("RS256", key) == (header["alg"], header["kid"])
    registration = front.platform.registration
    assert (registration.client_id, registration.issuer) == (claims["iss"], claims["aud"])
    assert (now, now + 300) == (claims["iat"], claims["exp"])
    assert len(claims["nonce"]) >= 22
    assert (DEPLOYMENT, "LtiDeepLinkingResponse", "1.3.0") == tuple(
        claims[CLAIM + name] for name in ("deployment_id", "message_type", "version")
    )


@pytest.mark.parametrize("data", ['{"a":"ä ß&="}', "", " spaced ", "x" * 20_000, None])
def test_data_comes_back_as_it_went(front: Front, data: str | None) -> None:
    """D4: the platform's data is returned byte for byte, and left out where there was none."""
    teacher = ask(front, data=data)
    _, claims = verified(front, teacher.leave(teacher.choose(title="Check-in")))
    assert data == claims.get(DL + "data")
    assert (data is not None) == (DL + "data" in claims)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"deep_link_return_url": None}, id="D5-none"),
        pytest.param({"deep_link_return_url": ""}, id="D5-empty"),
        pytest.param({"deep_link_return_url": "http://lms.example.edu/x"}, id="D5-http"),
        pytest.param({"deep_link_return_url": "javascript:alert(1)"}, id="S26-script"),
        pytest.param({"deep_link_return_url": 'https://lms.example.edu/"><script>'}, id="S26-quote"),
        pytest.param({"deep_link_return_url": "https://a@lms.example.edu/x"}, id="S26-user"),
        pytest.param({"deep_link_return_url": "https://lms.example.edu;x/"}, id="S26-policy"),
        pytest.param({"accept_types": None}, id="D5-types"),
        pytest.param({"accept_types": "link"}, id="D5-types-text"),
        pytest.param({"accept_presentation_document_targets": None}, id="D5-targets"),
        pytest.param({"data": "a\x00b"}, id="D5-data"),
        pytest.param({"data": 7}, id="D5-data-number"),
    ],
)
def test_wishes_that_cannot_be_answered(front: Front, changes: dict[str, Any]) -> None:
    """A wish without a safe way back, or not in its form, is refused with 400 and opens nothing."""
    answer = ask(front, **changes).answer
    assert (400, False) == (answer.status_code, has_session(answer))


def test_wish_without_settings_is_none(front: Front) -> None:
    """D5: the settings themselves are required; a launch needs its link all the same."""
    for message_type in ("LtiDeepLinkingRequest", "LtiResourceLinkRequest"):
        answer = launch_to(front, "halloran", TEACHER, "/app/", message_type=message_type, resource_link=...)
        assert (400, False) == (answer.status_code, has_session(answer))


def test_place_that_takes_no_links(front: Front) -> None:
    """D6: the teacher reads that it cannot be used here, and goes back with a word for her."""
    teacher = ask(front, accept_types=["file", "html", "image"])
    screen = teacher.get()
    assert "takes no links" in screen.text
    assert 'name="title"' not in screen.text
    _, claims = verified(front, teacher.leave(teacher.choose(title="Check-in")))
    assert ([], "The check-in cannot be used here.") == (
        claims[DL + "content_items"],
        claims[DL + "errormsg"],
    )


@pytest.mark.parametrize("multiple", [False, None, True], ids=["D7-no", "D7-absent", "D7-yes"])
def test_one_item_at_most(front: Front, multiple: bool | None) -> None:
    """One choice makes one item, however many a platform would take."""
    teacher = ask(front, accept_multiple=multiple)
    _, claims = verified(front, teacher.leave(teacher.choose(title="Monday check-in")))
    (item,) = claims[DL + "content_items"]
    address = front.house.wired.settings.public_url
    assert ("ltiResourceLink", address + "/app/check-in", "Monday check-in") == (
        item["type"],
        item["url"],
        item["title"],
    )


@pytest.mark.parametrize("takes", [False, None, True], ids=["D8-no", "D8-absent", "D8-yes"])
def test_no_gradebook_column_by_itself(front: Front, takes: bool | None) -> None:
    """Where the school has not let words travel to a gradebook, no column is asked for, whatever is taken."""
    teacher = ask(front, accept_lineitem=takes)
    _, claims = verified(front, teacher.leave(teacher.choose(title="Check-in")))
    (item,) = claims[DL + "content_items"]
    assert "lineItem" not in item


def test_cancel_goes_back_empty(front: Front) -> None:
    """D9: no items, and a word that nothing was added."""
    teacher = ask(front)
    _, claims = verified(front, teacher.leave(teacher.choose(cancel="1")))
    assert ([], "Nothing was added.") == (claims[DL + "content_items"], claims[DL + "msg"])
    assert DL + "errormsg" not in claims


def test_custom_values_are_text(front: Front) -> None:
    """D10: strings only, and nothing about anybody: a random name of the item."""
    items = []
    for _ in range(2):
        teacher = ask(front)
        _, claims = verified(front, teacher.leave(teacher.choose(title="Check-in")))
        items += claims[DL + "content_items"]
    assert [{"item"}, {"item"}] == [set(item["custom"]) for item in items]
    names = [item["custom"]["item"] for item in items]
    assert all(isinstance(name, str) for name in names)
    assert 2 == len(set(names))


def test_plain_link_where_only_that_is_taken(front: Front) -> None:
    """D6: a place that takes plain links gets one to the open check-in page, which anybody may read."""
    teacher = ask(front, accept_types=["link"])
    _, claims = verified(front, teacher.leave(teacher.choose(title="Check-in")))
    (item,) = claims[DL + "content_items"]
    assert {"type", "url", "title"} == set(item)
    path = item["url"].removeprefix(front.house.wired.settings.public_url)
    opened = front.house.client.get(path)
    assert (200, True) == (opened.status_code, "I have what I need for it." in opened.text)


def test_created_link_launches(front: Front) -> None:
    """D11: the platform launches the item with its address and custom values; staff get to Today."""
    teacher = ask(front)
    _, claims = verified(front, teacher.leave(teacher.choose(title="Check-in")))
    (item,) = claims[DL + "content_items"]
    path = item["url"].removeprefix(front.house.wired.settings.public_url)
    answer = launch_to(front, "halloran", TEACHER, path, custom=item["custom"])
    assert "Today" in front.follow(answer).text


@pytest.mark.parametrize("key", ["maya", "piper", "nobody-here"])
def test_pupil_sees_the_same_check_in(front: Front, key: str) -> None:
    """D11: a pupil with a plan, one without and a parent get the same bytes, and no session."""
    expected = launch_to(front, "somebody-else", [ROLE + "Learner"], "/app/check-in")
    answers = [
        launch_to(front, key, [ROLE + "Learner"], "/app/check-in"),
        launch_to(front, key, MENTOR, "/app/check-in", role_scope_mentor=["x"]),
    ]
    assert "I know what I am working on now." in expected.text
    assert [expected.data] * 2 == [answer.data for answer in answers]
    assert [False, False] == [has_session(answer) for answer in answers]
    assert "<form" not in expected.text
    assert "<script" not in expected.text


@pytest.mark.parametrize(
    ("locale", "line", "direction"),
    [("es_MX", "Tengo lo que necesito.", "ltr"), ("prs-AF", "چیزهایی", "rtl"), ("fr", "I have", "ltr")],
)
def test_check_in_speaks_the_pupils_language(front: Front, locale: str, line: str, direction: str) -> None:
    """The language of the launch decides, else English; the others are one tap away."""
    answer = launch_to(
        front,
        "maya",
        [ROLE + "Learner"],
        "/app/check-in",
        launch_presentation={"locale": locale},
    )
    assert line in answer.text
    assert f'dir="{direction}"' in answer.text.partition(">")[2].partition(">")[0]
    for tag in ("en", "es", "prs"):
        assert f'href="/check-in?lang={tag}"' in answer.text
        assert 200 == front.house.client.get(f"/check-in?lang={tag}").status_code


def test_used_form_answers_nothing(front: Front) -> None:
    """D12: the same choice again, from the picker or from the page that leaves, is refused."""
    teacher = ask(front)
    sent = teacher.choose(title="Check-in")
    teacher.leave(sent)
    again, twice = teacher.leave(sent), teacher.choose(title="Another")
    for answer in (again, twice):
        assert 409 == answer.status_code
        assert "already opened" in answer.text
        assert "JWT" not in answer.text


@pytest.mark.parametrize("minutes", [59, 61])
def test_old_form_answers_nothing(front: Front, minutes: int) -> None:
    """D12: after an hour the wish is over, even if the session was kept alive."""
    teacher = ask(front)
    for _ in range(minutes):
        front.house.clock.forward(minutes=1)
        teacher.get()
    sent = teacher.choose(title="Check-in")
    assert (200 if minutes < 60 else 409) == sent.status_code


def test_choice_that_waited_too_long(front: Front) -> None:
    """D12: between our page and the platform there are five minutes; rubbish is no choice."""
    teacher = ask(front)
    sent = teacher.choose(title="Check-in")
    front.house.clock.forward(minutes=6)
    assert 409 == teacher.leave(sent).status_code
    for rubbish in ("", "x", "ä" * 10, fields(sent)["choice"][:-2] + "AA"):
        answer = front.house.client.post("/lti/choice", data={"choice": rubbish})
        assert 409 == answer.status_code


@pytest.mark.parametrize("closed", ["registration", "deployment"])
def test_platform_closed_in_the_meantime(front: Front, closed: str) -> None:
    """S29: a platform or installation that was turned off gets no answer signed by us."""
    teacher = ask(front)
    sent = teacher.choose(title="Check-in")
    doors = front.house.wired.doors
    if closed == "registration":
        doors.save_registration(replace(front.platform.registration, enabled=False))
    else:
        deployment = doors.deployment(front.platform.registration.id, DEPLOYMENT)
        assert deployment is not None
        doors.save_deployment(replace(deployment, state=DeploymentState.DISABLED))
    answer = teacher.leave(sent)
    assert answer.status_code in (400, 401)
    assert "JWT" not in answer.text


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("", "Give it a title."),
        ("  \n ", "Give it a title."),
        ("x" * 81, "at most 80"),
        ("IEP check", "every word about a plan"),
        ("Special education check-in", "every word about a plan"),
        ("504 plan", "every word about a plan"),
        ("Check-in for Maya", "the names of pupils"),
        ("Check-in for PIPER", "the names of pupils"),
    ],
)
def test_titles_that_tell_are_refused(front: Front, title: str, words: str) -> None:
    """D1: no plan word and no pupil's name, with a plan or without; the typed title stays, the wish too."""
    teacher = ask(front, claims=_roster(front, "Maya Ruiz", "Piper Lane"))
    refused = teacher.choose(title=title)
    assert 422 == refused.status_code
    assert words in refused.text
    assert 'aria-invalid="true"' in refused.text
    assert 200 == teacher.choose(title="Morning check-in").status_code


def _roster(front: Front, *names: str) -> dict[str, Any]:
    """Return the claim of a roster that lists these pupils."""
    members = [
        {"user_id": f"u{n}", "roles": [ROLE + "Learner"], "name": name} for n, name in enumerate(names)
    ]
    front.platform.roster_pages["/roster/course-1"] = (200, {"members": members}, None)
    url = front.platform.server.url_for("/roster/course-1")
    return {
        "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice": {"context_memberships_url": url},
        "context": {"id": "a-new-course", "title": "Room 9", "type": ["CourseOffering"]},
    }


def test_names_that_cannot_be_read_are_said(front: Front) -> None:
    """D1: without a class list the teacher reads that names are not checked; plan words still are."""
    elsewhere = {"context": {"id": "a-new-course", "title": "Room 9", "type": ["CourseOffering"]}}
    teacher = ask(front, claims=elsewhere)
    assert "names in the title are not checked" in teacher.get().text
    assert 422 == teacher.choose(title="My IEP").status_code
    assert 1 == len({request.path for request in front.platform.roster_requests})


def test_suggested_title_is_taken_when_it_is_good(front: Front) -> None:
    """D1: the platform's own title stands in the form, unless it tells something."""
    assert 'value="Week 3"' in ask(front, title="Week 3").get().text
    assert 'value="Check-in"' in ask(front, title="Week 3, IEP").get().text


def test_session_without_a_wish_has_no_picker(front: Front) -> None:
    """D1: an ordinary launch, and a parent's, find nothing at the picker's address."""
    for key, roles in (("halloran", TEACHER), ("dana", MENTOR)):
        answer = front.launch(key, roles)
        assert 404 == front.get(answer, "/app/choose").status_code


def test_wish_is_kept_whole(front: Front) -> None:
    """D4: what the session keeps is what the platform said."""
    offers = _offers(front, ask(front))
    assert offers.wish is not None
    said = wish()
    assert (said["deep_link_return_url"], tuple(said["accept_types"]), said["data"]) == (
        offers.wish.return_url,
        offers.wish.takes,
        offers.wish.data,
    )


def _offers(front: Front, teacher: Any) -> Any:
    """Return what the session of a launch keeps."""
    session = front.house.wired.doors.session(key_in(data_block(teacher.answer)["token"]))
    assert session is not None
    return session.offers
