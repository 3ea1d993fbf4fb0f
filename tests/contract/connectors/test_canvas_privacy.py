"""The confidentiality proof: whoever is on the roster, a notice is seen by its one recipient and its sender.

Nothing that others can see or keep (URLs, queries, headers, subjects, logs, errors, receipts) holds a name, a
note's words or a word about a plan.
"""

from __future__ import annotations

import logging
import re
import traceback

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.canvas.channel import CanvasChannel
from connectors.http.errors import CallError
from iepcore.notices import PLAN_WORDS, ReceiptState
from tests.contract.connectors.canvas_fake import FakeCanvas, Seen
from tests.contract.connectors.canvas_fake.faults import cut, instead, rate_403, reset_after_read
from tests.contract.connectors.doers import (
    CHILD,
    OTHER_PARENT,
    PARENT,
    SUBJECT,
    TEACHER,
    Scene,
    Watch,
    make_notice,
    text_of,
)

KINDS = ["StudentEnrollment", "TeacherEnrollment", "TaEnrollment", "ObserverEnrollment", "DesignerEnrollment"]
PEOPLE = list(range(2001, 2009))
SECRET = "Zoraya reads 42 words"


@st.composite
def rosters(draw: st.DrawFn) -> list[tuple[int, int, str, int | None]]:
    """Draw rows of up to three courses.

    Siblings, an observer of two and of none, a teacher who is a parent too, aides, one person in two
    sections, an older sibling with an observer's role: all of them come out of these.
    """
    row = st.tuples(
        st.sampled_from([42, 43, 44]),
        st.sampled_from(PEOPLE),
        st.sampled_from(KINDS),
        st.none() | st.sampled_from(PEOPLE),
    )
    return draw(st.lists(row, min_size=1, max_size=14))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    roster=rosters(),
    recipients=st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3),
    bystander=st.none() | st.sampled_from(PEOPLE),
)
def test_a_notice_is_seen_by_its_recipient_and_its_sender(
    canvas: FakeCanvas,
    watch: Watch,
    roster: list[tuple[int, int, str, int | None]],
    recipients: list[int],
    bystander: int | None,
) -> None:
    """For every roster: seen-by lies within the allowed two, or the platform erred and we noticed."""
    canvas.world.__init__()  # type: ignore[misc]
    scene = Scene(canvas, watch)
    for user in PEOPLE:
        canvas.world.add_user(user, f"Person {user}")
    for course, user, kind, watches in roster:
        canvas.world.enrol(course, user, kind, watches=watches)
    canvas.world.add_bystander = bystander

    for number, recipient in enumerate(recipients):
        before = len(canvas.world.talks)
        receipt = scene.deliver(recipient, notice=make_notice(reference=f"REF{number}"))
        made = canvas.world.talks[before:]
        seen_by = {user for talk in made for user in talk.seen_by}
        if receipt.state is ReceiptState.SENT:
            assert {TEACHER, recipient} == seen_by
            assert 1 == len(made)
        elif receipt.state is ReceiptState.REFUSED:
            assert set() == seen_by
        else:
            assert bystander is not None
            assert {TEACHER, recipient, bystander} == seen_by
            assert "audience_mismatch" == receipt.reason
    every_recipient = [
        value for seen in canvas.calls("POST", "/api/v1/conversations") for value in seen.form["recipients[]"]
    ]
    assert all(value.isdecimal() for value in every_recipient)


def everything_seen_outside(scene: Scene) -> str:
    """Return what passed the wire outside bodies, and every subject."""
    lines = []
    for call in scene.canvas.seen:
        headers = {name: value for name, value in call.headers.items() if name != "Authorization"}
        lines.append(f"{call.method} {call.path}?{call.query} {headers} {call.form.get('subject')}")
    return "\n".join([*lines, *(talk.subject for talk in scene.canvas.world.talks)])


def forbidden(scene: Scene) -> list[str]:
    """Return what may stand nowhere: names of people of the class, the note's words, words about a plan."""
    names = {
        part for user, name in scene.canvas.world.names.items() if user != TEACHER for part in name.split()
    }
    return [*names, SECRET, *SECRET.split(), *PLAN_WORDS]


def assert_clean(text: str, words: list[str]) -> None:
    """Fail when one of the words stands in the text."""
    found = [word for word in words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)]
    assert [] == found


def run_every_call(scene: Scene) -> list[object]:
    """Make every call this product can make, in fair and foul weather, and return what came back."""
    receipts: list[object] = []
    scene.canvas.codes["the-code"] = (TEACHER, frozenset(scene.connect().scopes))
    scene.grants.kept[scene.teacher_id] = scene.oauth.exchange("the-code")
    words = f"{SECRET}. {text_of(make_notice())}"
    leak = instead(
        400, f'{{"errors":"Casey Smith, {SECRET}"}}', "application/json", X_Request_Id=f"Casey {SECRET}"
    )
    for fault in (None, cut, rate_403, reset_after_read, leak, instead(500, f"Casey Smith {SECRET}")):
        if fault is not None:
            scene.canvas.fault("POST", "/api/v1/conversations", fault)
            scene.canvas.fault("GET", "/api/v1/conversations", fault)
        receipts.append(scene.deliver(text=words))
        receipts.append(scene.look())
    scene.canvas.world.add_bystander = OTHER_PARENT
    receipts.append(scene.deliver(CHILD, text=words))
    scene.watch.move(7200)
    receipts.append(scene.look(PARENT))
    receipts.append(scene.oauth.revoke(scene.grants.kept[scene.teacher_id]))
    return receipts


def test_nothing_outside_a_body_tells(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    """Every call of the product: URLs, queries, headers, subjects, logs at every level, receipts."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)

    receipts = run_every_call(scene)

    ours = "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith("werkzeug"))
    assert_clean(everything_seen_outside(scene), forbidden(scene))
    assert_clean(ours, [*forbidden(scene), "Northside", SUBJECT, "Bearer"])
    # No query and nobody's id, not from the HTTP library either.
    assert "?" not in ours
    assert f"{PARENT}" not in ours
    assert_clean(repr(receipts), [*forbidden(scene), "Northside", SUBJECT])
    assert "POST /api/v1/conversations 201 5b7c-12" in ours
    assert 5 == len({(call.method, re.sub(r"/\d+$", "/:id", call.path)) for call in scene.canvas.seen})
    assert all(call.headers.get("User-Agent") for call in scene.canvas.seen)


def test_the_token_goes_in_one_header_only(scene: Scene) -> None:
    """Never in a URL, a query or a body of an API call."""
    run_every_call(scene)

    assert "access0" not in everything_seen_outside(scene)
    assert not any("access0" in call.body for call in scene.canvas.seen)


def test_an_error_tells_the_call_and_nothing_of_it(scene: Scene) -> None:
    """Message, arguments, attributes and the printed traceback of every error that can escape."""
    scene.canvas.fault(
        "POST", "/login/oauth2/token", instead(500, f"Casey Smith {SECRET}", X_Request_Id="Casey Smith")
    )

    with pytest.raises(CallError) as caught:
        scene.oauth.exchange(SECRET)

    error = caught.value
    text = "".join(traceback.format_exception(error)) + repr(error) + str(vars(error)) + error.advice_key
    # The traceback shows source lines, and the secret stands in none of them as a value.
    assert_clean(text.replace("(SECRET)", ""), ["Casey", "Smith", SECRET, "not-a-real-secret"])
    assert "server_fault" == error.code
    assert {"method": "POST", "path": "/login/oauth2/token", "status": 500} == error.params
    assert error.__cause__ is None
    assert error.__context__ is None


@pytest.mark.parametrize("address", ["connect", "read"])
def test_no_library_exception_hangs_behind_an_error(scene: Scene, dead_port: int, address: str) -> None:
    """Those of the HTTP library hold the whole request."""
    if address == "connect":
        scene = Scene(scene.canvas, scene.watch, url=f"http://127.0.0.1:{dead_port}")
    else:
        scene.canvas.fault("POST", "/login/oauth2/token", cut)

    with pytest.raises(CallError) as caught:
        scene.oauth.exchange(SECRET)
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None


def test_the_channel_has_two_verbs() -> None:
    """There is no other way out through this class, and neither takes a list of recipients."""
    assert {"deliver", "look", "traits"} == {name for name in vars(CanvasChannel) if name[0] != "_"}


def test_the_oracle_would_notice(scene: Scene) -> None:
    """The proof is worth something: a client that wrote to a class would be seen."""
    world = scene.canvas.world
    [talk] = world.send(TEACHER, recipients=["course_42"], subject="s", body="b", force_new=True, group=True)

    assert {CHILD, PARENT, OTHER_PARENT, TEACHER} == talk.seen_by
    assert isinstance(scene.canvas.seen, list)
    assert Seen is not None
