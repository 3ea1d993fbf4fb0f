"""Answers to a notice in Canvas: found by the stored conversation, without touching the teacher's inbox."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from connectors.canvas import CanvasReplies
from connectors.http.errors import NoAnswer, ScopeMissing, ServerFault
from iepcore.ids import AdultId, OutboxId, new_uuid7
from iepcore.notices import IncomingReply, ReplyKind, SentNotice
from iepcore.people import AddressKind, ChannelAddress
from tests.contract.connectors.canvas_fake.faults import cut, instead
from tests.contract.connectors.doers import (
    OTHER_PARENT,
    PARENT,
    REFERENCE,
    TEACHER,
    Scene,
    canvas_address,
)

READ = ("GET", "/api/v1/conversations/:id")
LATER = "2026-10-01T16:00:00Z"


def sent(scene: Scene, **changes: object) -> SentNotice:
    """Send a notice and return what is kept of it."""
    receipt = scene.deliver()
    values: dict[str, object] = {
        "item_id": OutboxId(new_uuid7()),
        "sender_id": scene.teacher_id,
        "recipient": canvas_address(PARENT),
        "reference": REFERENCE,
        "sent_at": receipt.at,
        "platform_id": receipt.platform_id,
    }
    return SentNotice(**(values | changes))  # type: ignore[arg-type]


def read(scene: Scene, *notices: SentNotice, since: datetime | None = None) -> list[IncomingReply]:
    """Fetch what came in."""
    since = since or scene.watch.at - timedelta(days=1)
    return list(CanvasReplies(scene.senders).replies(since=since, sent=notices))


def test_an_answer_is_tied_to_its_notice(scene: Scene) -> None:
    """By the conversation that was stored when the notice left."""
    notice = sent(scene)
    [talk] = scene.canvas.world.talks
    said = scene.canvas.world.answer(talk, PARENT, "  Thank you, Tuesday is fine.  ", at=LATER)

    [reply] = read(scene, notice)

    assert ReplyKind.ANSWER is reply.kind
    assert notice.item_id == reply.item_id
    assert "Thank you, Tuesday is fine." == reply.text
    assert canvas_address(PARENT) == reply.sender
    assert f"{talk.id}:{said.id}" == reply.platform_id
    assert datetime.fromisoformat(LATER) == reply.received_at
    assert "Tuesday" not in repr(reply)


def test_the_inbox_stays_as_it_was(scene: Scene) -> None:
    """What the teacher has not read stays unread."""
    notice = sent(scene)
    [talk] = scene.canvas.world.talks
    scene.canvas.world.answer(talk, PARENT, "Hello", at=LATER)
    read(scene, notice)

    assert {PARENT} == talk.read_by
    assert ["auto_mark_as_read=false"] == [call.query for call in scene.canvas.calls(*READ)]


def test_our_own_words_are_no_answer(scene: Scene) -> None:
    """Nor what the teacher adds in Canvas, nor what Canvas itself writes."""
    notice = sent(scene)
    [talk] = scene.canvas.world.talks
    scene.canvas.world.answer(talk, TEACHER, "One more thing", at=LATER)
    scene.canvas.world.answer(talk, PARENT, "was added", at=LATER, generated=True)

    assert [] == read(scene, notice)


def test_a_strangers_words_go_to_a_person(scene: Scene) -> None:
    """Somebody came into the conversation: not tied to the notice, and not lost."""
    notice = sent(scene)
    [talk] = scene.canvas.world.talks
    talk.participants.append(OTHER_PARENT)
    scene.canvas.world.answer(talk, OTHER_PARENT, "Who is this?", at=LATER)

    [reply] = read(scene, notice)

    assert reply.item_id is None
    assert canvas_address(OTHER_PARENT) == reply.sender


def test_only_what_is_new_is_told_oldest_first(scene: Scene) -> None:
    """After the time asked for, and in the order of writing, over several conversations."""
    first = sent(scene)
    second = sent(scene)
    one, two = scene.canvas.world.talks
    scene.canvas.world.answer(one, PARENT, "third", at="2026-10-03T10:00:00Z")
    scene.canvas.world.answer(two, PARENT, "second", at="2026-10-02T10:00:00Z")
    scene.canvas.world.answer(two, PARENT, "first", at="2026-10-01T15:30:00Z")

    assert ["first", "second", "third"] == [one.text for one in read(scene, first, second)]
    since = datetime.fromisoformat("2026-10-02T00:00:00Z")
    assert ["second", "third"] == [one.text for one in read(scene, first, second, since=since)]


def test_a_message_without_a_time_is_not_dated(scene: Scene) -> None:
    """It stays where the teacher can see it, in Canvas."""
    notice = sent(scene)
    [talk] = scene.canvas.world.talks
    scene.canvas.world.answer(talk, PARENT, "hello", at="soon")

    assert [] == read(scene, notice)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yes.\n\n> On Thursday Jordan wrote:\n> Hello\n", "Yes."),
        ("> kept above\nYes", "> kept above\nYes"),
        (" \n> all quoted\n", ""),
    ],
)
def test_the_quoted_notice_is_left_out(scene: Scene, text: str, expected: str) -> None:
    """What a mail program adds at the end."""
    notice = sent(scene)
    scene.canvas.world.answer(scene.canvas.world.talks[0], PARENT, text, at=LATER)

    assert [expected] == [one.text for one in read(scene, notice)]


def test_other_roads_and_unknown_conversations_are_passed_over(scene: Scene) -> None:
    """Mail is another source's; without a conversation there is nowhere to look."""
    mail = ChannelAddress(kind=AddressKind.MAIL, value="casey@mail.example")
    notices = (sent(scene, recipient=mail), sent(scene, platform_id=None), sent(scene, platform_id="x"))
    before = len(scene.canvas.seen)

    assert [] == read(scene, *notices)
    assert before == len(scene.canvas.seen)


def test_a_deleted_conversation_is_nothing(scene: Scene) -> None:
    """The teacher deleted her own view of it; the others are read."""
    gone = sent(scene)
    kept = sent(scene)
    one, two = scene.canvas.world.talks
    one.hidden_from.add(TEACHER)
    scene.canvas.world.answer(two, PARENT, "hello", at=LATER)

    assert [kept.item_id] == [reply.item_id for reply in read(scene, gone, kept)]


def test_a_sender_who_left_hides_nobodys_answers(scene: Scene) -> None:
    """Disconnected or never connected: the others are read."""
    notice = sent(scene)
    other = sent(scene, sender_id=AdultId(new_uuid7()))
    scene.canvas.world.answer(scene.canvas.world.talks[0], PARENT, "hello", at=LATER)

    assert 1 == len(read(scene, other, notice))
    scene.grants.mark_lost(scene.teacher_id)
    assert [] == read(scene, other, notice)


def test_a_consent_found_lost_is_stored_so(scene: Scene) -> None:
    """The teacher is asked to connect again."""
    notice = sent(scene)
    for token in scene.canvas.tokens.values():
        token.state = "revoked"

    assert [] == read(scene, notice)
    assert scene.grants.kept[scene.teacher_id].is_lost


def test_what_was_found_is_told_before_the_trouble(scene: Scene) -> None:
    """One sender's inbox cannot be read: the others' answers come first, then the error."""
    other = AdultId(new_uuid7())
    scene.grants.kept[other] = scene.grants.kept[scene.teacher_id]
    trouble, notice = sent(scene, sender_id=other), sent(scene)
    scene.canvas.world.answer(scene.canvas.world.talks[1], PARENT, "hello", at=LATER)
    scene.canvas.fault(*READ, instead(500, "", "application/json"))
    answers = CanvasReplies(scene.senders).replies(
        since=scene.watch.at - timedelta(days=1), sent=[trouble, notice]
    )

    assert notice.item_id == next(answers).item_id
    with pytest.raises(ServerFault):
        next(answers)


def test_silence_is_told(scene: Scene) -> None:
    """After the attempts of the law."""
    notice = sent(scene)
    scene.canvas.fault(*READ, cut, cut, cut)

    with pytest.raises(NoAnswer):
        read(scene, notice)


def test_a_key_that_lost_its_scope_is_told(scene: Scene) -> None:
    """The administrator's matter."""
    notice = sent(scene)
    scene.canvas.key_scopes = frozenset()

    with pytest.raises(ScopeMissing):
        read(scene, notice)
