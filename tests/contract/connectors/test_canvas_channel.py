"""The Canvas channel against the fake: one recipient, a thread of its own, an audience that is checked."""

from __future__ import annotations

import logging

import pytest

from connectors.canvas import CanvasUserId
from connectors.http import USER_AGENT
from iepcore.errors import InvalidValue
from iepcore.notices import Receipt, ReceiptState
from iepcore.people import AddressKind, ChannelAddress
from tests.contract.connectors.canvas_fake.faults import instead
from tests.contract.connectors.doers import (
    CHILD,
    OTHER_PARENT,
    PARENT,
    REFERENCE,
    STRANGER,
    SUBJECT,
    TEACHER,
    Scene,
    make_notice,
    text_of,
)

SEND = ("POST", "/api/v1/conversations")
JSON = "application/json"


def outcome(receipt: Receipt) -> tuple[str, str, bool]:
    """Return what the worker acts on."""
    return receipt.state.value, receipt.reason, receipt.retryable


def test_one_notice_becomes_one_private_thread_with_one_person(scene: Scene) -> None:
    """The parent and the teacher see it, nobody else, and the receipt says that this was verified."""
    receipt = scene.deliver()

    [talk] = scene.canvas.world.talks
    assert {TEACHER, PARENT} == talk.seen_by
    assert SUBJECT == talk.subject
    assert ReceiptState.SENT == receipt.state
    assert receipt.audience_verified
    assert str(talk.id) == receipt.platform_id
    assert scene.watch.at == receipt.at


def test_the_request_says_what_the_documents_ask_for(scene: Scene) -> None:
    """One numeric recipient, a thread of its own, no group, a neutral name of ours, no cookie."""
    scene.deliver()

    [call] = scene.canvas.calls(*SEND)
    assert [str(PARENT)] == call.form["recipients[]"]
    assert (["true"], ["false"]) == (call.form["force_new"], call.form["group_conversation"])
    assert {"recipients[]", "subject", "body", "force_new", "group_conversation"} == set(call.form)
    assert USER_AGENT == call.headers["User-Agent"]
    assert "" == call.query
    assert "Cookie" not in call.headers


def test_each_notice_has_its_own_thread(scene: Scene) -> None:
    """An older thread with its older subject is never continued."""
    scene.deliver()
    scene.deliver(subject="Another message", notice=make_notice(reference="9ZZZZZ"))

    assert [SUBJECT, "Another message"] == [talk.subject for talk in scene.canvas.world.talks]


def test_a_message_to_oneself_is_no_leak(scene: Scene) -> None:
    """A teacher who is the parent as well gets her own notice."""
    assert ("sent", "", False) == outcome(scene.deliver(TEACHER))


@pytest.mark.parametrize(
    "text", ["course_42", "section_1", "group_7", "course_42_observers", "", "12 13", "٣"]
)
def test_a_context_is_no_recipient(text: str) -> None:
    """What reaches a whole class cannot even be written down."""
    with pytest.raises(InvalidValue):
        CanvasUserId(text)


def test_a_mail_address_is_not_for_this_road(scene: Scene) -> None:
    """The wrong kind of address is refused before anything leaves."""
    receipt = scene.channel.deliver(
        make_notice(),
        text_of(make_notice()),
        SUBJECT,
        ChannelAddress(kind=AddressKind.MAIL, value="casey@mail.example"),
        sender_id=scene.teacher_id,
    )

    assert ("refused", "address_form", False) == outcome(receipt)
    assert [] == scene.canvas.seen


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"text": "Without its mark"}, "reference_missing"),
        ({"subject": "  "}, "subject_form"),
        ({"subject": "x" * 256}, "subject_form"),
        ({"subject": "Two\nlines"}, "subject_form"),
        ({"subject": "IEP meeting"}, "notice_names_plan"),
    ],
)
def test_words_that_may_not_leave_do_not(scene: Scene, changes: dict[str, str], reason: str) -> None:
    """The last lock on the door: what could not be found again, or would say too much."""
    assert ("refused", reason, False) == outcome(scene.deliver(**changes))
    assert [] == scene.canvas.seen


def test_a_dari_subject_with_joiners_passes(scene: Scene) -> None:
    """Zero-width joiners are part of the script."""
    assert ReceiptState.SENT == scene.deliver(subject="پیام از مکتب — می\u200cخوانید").state


def test_without_a_grant_the_teacher_is_asked_to_connect(scene: Scene) -> None:
    """No grant is no failure of delivery: the item waits."""
    scene.grants.kept.clear()

    assert ("refused", "connect_canvas", False) == outcome(scene.deliver())
    assert ("unknown", "connect_canvas", False) == outcome(scene.look())
    assert [] == scene.canvas.seen


def test_a_person_out_of_reach_is_told_apart(scene: Scene) -> None:
    """Nobody to write to: refused, for good."""
    assert ("refused", "recipient_dropped", False) == outcome(scene.deliver(STRANGER))


def test_a_silently_dropped_recipient_is_noticed(scene: Scene) -> None:
    """201 and nobody in the audience: the parent was not told."""
    scene.canvas.world.drop_silently = True

    assert ("refused", "recipient_dropped", False) == outcome(scene.deliver())


def test_an_empty_201_means_that_nobody_was_told(scene: Scene) -> None:
    """A list without a conversation."""
    scene.canvas.fault(*SEND, instead(201, "[]", JSON))

    assert ("refused", "recipient_dropped", False) == outcome(scene.deliver())


def test_a_bystander_raises_an_alarm(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    """Somebody else in the thread: unknown, said loudly, and never sent again by itself."""
    scene.canvas.world.add_bystander = OTHER_PARENT

    receipt = scene.deliver()

    assert ("unknown", "audience_mismatch", False) == outcome(receipt)
    assert not receipt.audience_verified
    assert [logging.CRITICAL] == [r.levelno for r in caplog.records if r.name == "connectors.canvas"]


@pytest.mark.parametrize(
    "row",
    [
        '{"id": 1, "audience": [2001], "private": false, "participants": [{"id": 2001, "name": "x"}]}',
        '{"id": 1, "audience": [2001], "participants": [{"id": 2001, "name": "x"}]}',
        '{"id": 1, "audience": [2001, 2002], "private": true, "participants": []}',
        '{"id": 1, "audience": [2001], "private": true, "participants": [{"id": 2002, "name": "x"}]}',
        '{"id": 1, "audience": [2002], "private": true, "participants": []}',
        '{"id": 1, "audience": null, "private": true, "participants": [{"id": 2002, "name": "x"}]}',
        '{"id": 1, "audience": ["course_1"], "private": true, "participants": []}',
        '{"id": true, "audience": [2001], "private": true, "participants": []}',
        '{"id": 1, "audience": [2001], "private": true}',
        '{"id": 1, "audience": [2001], "private": "yes", "participants": []}',
        '{"id": 1, "audience": [2001], "private": true, "participants": [], "messages":'
        ' [{"author_id": 3001, "body": "", "participating_user_ids": [2002]}]}',
        "7",
    ],
)
def test_any_other_audience_is_an_alarm(scene: Scene, row: str) -> None:
    """Not private, more people, other people, or not to be read: all the same to us."""
    scene.canvas.fault(*SEND, instead(201, f"[{row}]", JSON))

    assert ("unknown", "audience_mismatch", False) == outcome(scene.deliver())


def test_two_conversations_for_one_recipient_are_an_alarm(scene: Scene) -> None:
    """One recipient, one thread."""
    row = '{"id": 1, "audience": [2001], "private": true, "participants": []}'
    scene.canvas.fault(*SEND, instead(201, f"[{row}, {row}]", JSON))

    assert ("unknown", "audience_mismatch", False) == outcome(scene.deliver())


def test_a_pupil_can_be_written_by_staff_alone(scene: Scene) -> None:
    """The fake keeps Canvas' own rule; the channel adds none."""
    assert ("sent", "", False) == outcome(scene.deliver(CHILD))
    assert not scene.canvas.world.may_write(CHILD, PARENT)


def test_the_reference_is_in_the_text(scene: Scene) -> None:
    """So that an unknown outcome can be looked up."""
    scene.deliver()

    assert REFERENCE in scene.canvas.world.talks[0].messages[0].body
