"""Looking up an unknown outcome in the sender's own sent conversations."""

from __future__ import annotations

import pytest

from iepcore.notices import ReceiptState
from tests.contract.connectors.canvas_fake import Fault
from tests.contract.connectors.canvas_fake.faults import (
    cut,
    instead,
    link_to,
    rate_403,
    reset_after_read,
    slow_body,
)
from tests.contract.connectors.doers import (
    OTHER_PARENT,
    PARENT,
    TEACHER,
    Scene,
    canvas_address,
    make_notice,
    text_of,
)

LIST = ("GET", "/api/v1/conversations")
ONE = ("GET", "/api/v1/conversations/:id")
SEND = ("POST", "/api/v1/conversations")
JSON = "application/json"


def send_others(scene: Scene, count: int) -> None:
    """Put more notices to the same parent on top of the list."""
    for number in range(count):
        scene.deliver(notice=make_notice(reference=f"OTHER{number}"))


def test_a_notice_sent_in_doubt_is_found(scene: Scene) -> None:
    """The line broke after the send; the look finds it on a later page, at the end of a long text."""
    scene.canvas.fault(*SEND, reset_after_read)
    assert ReceiptState.UNKNOWN == scene.deliver().state
    send_others(scene, 4)

    receipt = scene.look()

    assert (ReceiptState.SENT, True) == (receipt.state, receipt.audience_verified)
    assert str(scene.canvas.world.talks[0].id) == receipt.platform_id
    assert 3 == len(scene.canvas.calls(*LIST))
    assert {"auto_mark_as_read=false"} == {call.query for call in scene.canvas.calls(*ONE)}


def test_a_short_notice_is_found_in_the_list_alone(scene: Scene) -> None:
    """The preview holds it all."""
    scene.deliver(text="Ref 7F3K2Q")

    assert ReceiptState.SENT == scene.look().state
    assert [] == scene.canvas.calls(*ONE)


def test_a_notice_that_never_arrived_is_not_found(scene: Scene) -> None:
    """Still unknown: a person decides. Never a refusal, which would send it again."""
    scene.canvas.fault(*SEND, cut)
    assert ReceiptState.UNKNOWN == scene.deliver().state
    send_others(scene, 1)

    receipt = scene.look()

    assert (ReceiptState.UNKNOWN, "not_found_there", False) == (
        receipt.state,
        receipt.reason,
        receipt.retryable,
    )


@pytest.mark.parametrize("text", ["Ref 7F3K2QX", "Ref X7F3K2Q"])
def test_a_longer_reference_is_another_one(scene: Scene, text: str) -> None:
    """Whole words only."""
    scene.deliver(text=text)

    assert "not_found_there" == scene.look().reason


def test_a_reference_quoted_by_the_parent_proves_nothing(scene: Scene) -> None:
    """Only what the sender wrote counts."""
    world = scene.canvas.world
    scene.deliver(notice=make_notice(reference="OTHER1"))
    world.send(
        PARENT,
        recipients=[str(TEACHER)],
        subject="",
        body="You wrote Ref 7F3K2Q?",
        force_new=False,
        group=False,
    )

    assert 1 == len(world.talks)
    assert "not_found_there" == scene.look().reason


def test_a_notice_found_with_a_bystander_is_an_alarm(scene: Scene) -> None:
    """Found, but not as it should be."""
    scene.canvas.world.add_bystander = OTHER_PARENT
    scene.canvas.fault(*SEND, reset_after_read)
    scene.deliver()

    assert "audience_mismatch" == scene.look().reason


def test_a_look_stops_somewhere_and_says_so(scene: Scene) -> None:
    """Fifty newest conversations; then a person looks in Canvas."""
    scene.canvas.page_cap = 100
    scene.deliver()
    for number in range(50):
        scene.canvas.world.send(
            TEACHER, recipients=[str(PARENT)], subject="s", body=f"No. {number}", force_new=True, group=False
        )

    assert "look_incomplete" == scene.look().reason


def test_a_row_that_cannot_be_read_leaves_the_look_incomplete(scene: Scene) -> None:
    """The notice may be in it."""
    scene.canvas.fault(*LIST, instead(200, '[{"id": "x"}, 7]', JSON))

    assert "look_incomplete" == scene.look().reason


@pytest.mark.parametrize(
    "fault",
    [cut, slow_body, rate_403, instead(429, ""), instead(502, ""), instead(503, "<p>"), instead(504, "")],
)
def test_a_read_is_tried_again(scene: Scene, fault: Fault) -> None:
    """Reading twice harms nobody; the waits are short and drawn."""
    scene.deliver()
    scene.canvas.fault(*LIST, fault)
    if fault is slow_body:
        scene.be_patient(0.5)

    assert ReceiptState.SENT == scene.look().state
    assert 1 == len(scene.watch.slept)


def test_a_read_waits_as_long_as_it_is_asked_to(scene: Scene) -> None:
    """Retry-After first, jitter on top."""
    scene.deliver()
    scene.canvas.fault(*LIST, instead(429, "", Retry_After="7"), instead(503, "", Retry_After="3"))

    assert ReceiptState.SENT == scene.look().state
    assert [7.25, 3.5] == scene.watch.slept


@pytest.mark.parametrize(
    ("faults", "reason", "asked"),
    [
        ([cut, cut, cut], "platform_down", 3),
        ([rate_403, rate_403, rate_403], "rate_limited", 3),
        ([instead(429, "", Retry_After="900")], "rate_limited", 1),
        ([instead(500, "")], "platform_down", 1),
        ([instead(200, "<html>")], "not_json", 1),
        ([instead(200, "{}", JSON)], "answer_form", 1),
        ([instead(302, "", Location="https://elsewhere.example/")], "redirected", 1),
        ([instead(403, "{}")], "forbidden_there", 1),
        ([link_to("https://elsewhere.example/api/v1/conversations")], "next_elsewhere", 1),
    ],
)
def test_a_look_that_fails_stays_unknown(scene: Scene, faults: list[Fault], reason: str, asked: int) -> None:
    """With the reason, after at most three requests."""
    scene.canvas.fault(*LIST, *faults)

    receipt = scene.look()

    assert (ReceiptState.UNKNOWN, reason, False) == (receipt.state, receipt.reason, receipt.retryable)
    assert asked == len(scene.canvas.calls(*LIST))


def test_a_token_that_runs_out_between_pages_is_refreshed(scene: Scene) -> None:
    """The look goes on where it was."""
    scene.deliver()
    send_others(scene, 4)
    expired = instead(401, '{"errors":[{"message":"Invalid access token."}]}', JSON)
    scene.canvas.fault(*ONE, expired)

    assert ReceiptState.SENT == scene.look().state
    assert 1 == scene.grants.saves


def test_a_read_refused_twice_for_its_token_ends(scene: Scene) -> None:
    """One refresh, not a loop."""
    expired = instead(401, '{"errors":[{"message":"Invalid access token."}]}', JSON)
    scene.canvas.fault(*LIST, expired, expired)

    assert "connect_canvas_again" == scene.look().reason


def test_a_wrong_address_cannot_be_looked_up(scene: Scene) -> None:
    """No address, no answer, no request."""
    from iepcore.people import AddressKind, ChannelAddress

    mail = ChannelAddress(kind=AddressKind.MAIL, value="casey@mail.example")
    assert "address_form" == scene.channel.look("7F3K2Q", mail, sender_id=scene.teacher_id).reason
    assert [] == scene.canvas.seen


def test_texts_are_longer_than_a_preview(scene: Scene) -> None:
    """The tests above mean what they say: the reference lies behind the cut."""
    assert "7F3K2Q" not in text_of(make_notice())[:100]
    assert canvas_address(PARENT).value == str(PARENT)
