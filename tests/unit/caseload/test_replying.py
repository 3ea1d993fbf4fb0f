"""Answers by the same road: filed when surely the reader's own, else a person's to decide; once only."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from iepcore.caseload import REPLIES
from iepcore.errors import IllegalMove, InvalidValue, NotFound, NotPermitted
from iepcore.ids import ReplyId, new_uuid7
from iepcore.notices import (
    ConsentWay,
    IncomingReply,
    KeptReply,
    OutboxItem,
    OutboxState,
    Receipt,
    ReceiptState,
    ReplyKind,
    ReplyState,
    RoadConsentState,
)
from iepcore.people import AddressKind, ChannelAddress
from tests.unit.caseload.test_delivering import FACTS
from tests.unit.caseload.town import Town

NUMBER = ChannelAddress(kind=AddressKind.SMS, value="+15045550117")


def _sent(town: Town, *readers: str, **letter: object) -> OutboxItem:
    """Send a letter and let it leave; return the first reader's item."""
    sent = town.write_to(*readers or ("mother",), **letter)  # type: ignore[arg-type]
    items = {}
    for item in town.job().delivery.lease():
        assert town.job().delivery.prepare(item, FACTS) is not None
        receipt = Receipt(
            state=ReceiptState.SENT, at=town.clock.now(), platform_id=f"<{item.reference}@school.example>"
        )
        items[item.recipient_id] = town.job().delivery.settle(item, receipt)
    return items[town.id((readers or ("mother",))[0])] if items else sent.items[0]


def _answer(town: Town, item: OutboxItem | None, text: str = "Gracias.", **changes: object) -> IncomingReply:
    values: dict[str, object] = {
        "kind": ReplyKind.ANSWER,
        "platform_id": str(new_uuid7()),
        "sender": ChannelAddress(kind=AddressKind.MAIL, value="Mother@example.org"),
        "received_at": town.clock.now(),
        "item_id": item.id if item is not None else None,
        "text": text,
    }
    return IncomingReply(**(values | changes))  # type: ignore[arg-type]


def _take(town: Town, reply: IncomingReply) -> KeptReply:
    return town.job(REPLIES.job).replies.take(reply)


def _number(town: Town, name: str) -> None:
    """Give somebody a telephone number that comes first, and let them have agreed to it."""
    town.policy = replace(town.policy, channels=tuple(AddressKind))
    town.caseload("manager").texting.note(town.maya.id, town.id(name), NUMBER, agreed=True)


def test_the_readers_own_answer_stands_in_the_conversation(each_town: Town) -> None:
    """As the parent's words, in the parent's language, in answer to the letter; the line kept has none."""
    item = _sent(each_town)
    each_town.clock.forward(seconds=5)
    kept = _take(each_town, _answer(each_town, item, "Muchas gracias."))
    message = each_town.messages()[-1]

    assert (ReplyState.FILED, "", "", message.id) == (kept.state, kept.text, kept.sender, kept.message_id)
    assert ("Muchas gracias.", "es") == (message.parts[0].text, message.parts[0].lang)  # type: ignore[union-attr]
    assert (each_town.id("mother"), True, item.message_id) == (
        message.author_id,
        message.from_family,
        message.in_reply_to,
    )
    assert each_town.goal.id == message.goal_id
    assert "Muchas gracias." in repr(
        each_town.caseload("teacher").conversation.page(each_town.maya.id, each_town.goal.id)
    )
    assert "Muchas" not in repr(
        each_town.caseload("father").conversation.page(each_town.maya.id, each_town.goal.id)
    )


def test_the_same_answer_is_filed_once(each_town: Town) -> None:
    """A mailbox read again, a hook called again: one message."""
    item = _sent(each_town)
    reply = _answer(each_town, item)
    first, again = _take(each_town, reply), _take(each_town, reply)

    assert first == again
    assert 2 == len(each_town.messages())


@pytest.mark.parametrize(
    ("doubt", "reason"),
    [
        ("stranger", "stranger"),
        ("unknown", "no_match"),
        ("revoked", "right_ended"),
        ("disabled", "person_disabled"),
        ("only_attachments", "only_attachments"),
    ],
)
def test_what_is_in_doubt_goes_to_a_person(each_town: Town, doubt: str, reason: str) -> None:
    """Another address, nothing known, a right that has ended, a disabled person, a picture without a word."""
    item: OutboxItem | None = _sent(each_town)
    changes: dict[str, object] = {}
    if doubt == "stranger":
        changes["sender"] = ChannelAddress(kind=AddressKind.MAIL, value="uncle@example.org")
    elif doubt == "unknown":
        item = None
    elif doubt == "revoked":
        each_town.set_rights("mother", records=False)
    elif doubt == "disabled":
        each_town.caseload("officer").keeping.disable(each_town.id("mother"), reason="left")
    else:
        changes |= {"text": " ", "code": "attachments_left"}
    kept = _take(each_town, _answer(each_town, item, **changes))

    assert (ReplyState.WAITING, reason) == (kept.state, kept.reason)
    assert 1 == len(each_town.messages())
    assert (each_town.id("teacher") if item else None) == kept.handler_id
    assert "example" not in repr(kept)


@pytest.mark.parametrize("kind", [ReplyKind.AUTOMATIC, ReplyKind.ANSWER])
def test_nobodys_words_are_no_answer(town: Town, kind: ReplyKind) -> None:
    """A holiday answer and an empty one are noted and shown to nobody."""
    kept = _take(town, _answer(town, _sent(town), "" if kind is ReplyKind.ANSWER else "I am away", kind=kind))

    assert (ReplyState.NOTED, "") == (kept.state, kept.text)
    assert 1 == len(town.messages())
    assert 0 == town.caseload("teacher").unmatched.count()


@pytest.mark.parametrize("code", ["attachments_left", "text_cut"])
def test_what_was_not_taken_is_said(town: Town, code: str) -> None:
    """The message says in a sentence of its own that something is missing."""
    _take(town, _answer(town, _sent(town), code=code))
    assert f"reply.{code}" == town.messages()[-1].parts[1].key  # type: ignore[union-attr]


def test_a_long_answer_with_odd_signs_is_kept_as_far_as_it_goes(town: Town) -> None:
    """No length and no NUL breaks the filing."""
    _take(town, _answer(town, _sent(town), "\0" + "a" * 30_000))
    assert 20_000 == len(town.messages()[-1].parts[0].text)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("mailbox_no_address", OutboxState.REFUSED),
        ("mailbox_full", OutboxState.REFUSED),
        ("mailbox_later", OutboxState.SENT),
    ],
)
def test_a_bounce_reaches_the_sender_and_sends_nothing(
    each_town: Town, code: str, state: OutboxState
) -> None:
    """The item says what the mailbox said; nothing goes again by itself. What it still tries stays sent."""
    item = _sent(each_town)
    _take(each_town, _answer(each_town, item, "", kind=ReplyKind.BOUNCE, code=code))
    _take(each_town, _answer(each_town, None, "", kind=ReplyKind.BOUNCE, code=code))
    _take(each_town, _answer(each_town, item, "", kind=ReplyKind.BOUNCE, code=code))

    assert (state, code) == (each_town.item(item.id).state, each_town.item(item.id).reason)
    assert list(each_town.job().delivery.lease()) == []
    assert list(each_town.job().delivery.unlooked()) == []
    stuck = [one.item.id for one in each_town.caseload("teacher").today.page().stuck]
    assert (stuck == [item.id]) == (state is OutboxState.REFUSED)


def test_what_to_look_for(each_town: Town) -> None:
    """Notices of sixty days by the road, with the reader's address as it is now; from where it stood."""
    item = _sent(each_town)
    desk = each_town.job(REPLIES.job).replies
    since, sent = desk.sought(AddressKind.MAIL)

    assert each_town.clock.now() - timedelta(days=60) == since
    assert [(item.id, "mother@example.org", item.reference, item.platform_id)] == [
        (one.item_id, one.recipient.value, one.reference, one.platform_id) for one in sent
    ]
    assert ([], []) == (list(desk.sought(AddressKind.SMS)[1]), list(desk.sought(AddressKind.CANVAS)[1]))
    desk.fetched(AddressKind.MAIL, at=each_town.clock.now())
    assert each_town.clock.now() - timedelta(hours=26) == desk.sought(AddressKind.MAIL)[0]
    with each_town.store.write() as uow:
        mother = uow.people.adult(each_town.id("mother"))
        assert mother is not None
        uow.people.save_adult(replace(mother, addresses=(), version=mother.version + 1))
    assert [] == list(desk.sought(AddressKind.MAIL)[1])
    each_town.clock.forward(days=61)
    assert [] == list(desk.sought(AddressKind.MAIL)[1])


def test_only_the_job_files(town: Town) -> None:
    """A person's caseload reaches no mailbox."""
    desk = town.caseload("teacher").replies
    for call in (
        lambda: desk.take(_answer(town, None)),
        lambda: desk.sought(AddressKind.MAIL),
        lambda: desk.fetched(AddressKind.MAIL, at=town.clock.now()),
        lambda: desk.knows(NUMBER),
    ):
        with pytest.raises(NotPermitted):
            call()


# ------------------------------------------------------------ the list of unmatched answers


def test_a_stranger_is_put_where_it_belongs_by_the_sender(each_town: Town) -> None:
    """The sender of the notice reads it, sees the likely place first, and puts it into the conversation."""
    item = _sent(each_town)
    stranger = ChannelAddress(kind=AddressKind.MAIL, value="moms.work@example.org")
    kept = _take(each_town, _answer(each_town, item, "From my other address", sender=stranger))
    desk = each_town.caseload("teacher").unmatched
    page = desk.page()

    assert 1 == desk.count() == len(page.rows)
    assert ("From my other address", each_town.adults["mother"].name) == (
        page.rows[0].reply.text,
        page.rows[0].sent_to,
    )
    assert each_town.id("mother") == page.rows[0].places[0].adult_id
    message = desk.attach(kept.id, each_town.maya.id, each_town.id("mother"))
    assert (each_town.id("mother"), item.message_id, each_town.goal.id) == (
        message.author_id,
        message.in_reply_to,
        message.goal_id,
    )
    assert 0 == desk.count()
    with pytest.raises(IllegalMove, match="reply_state"):
        desk.attach(kept.id, each_town.maya.id, each_town.id("mother"))
    with pytest.raises(NotFound):
        desk.attach(ReplyId(new_uuid7()), each_town.maya.id, each_town.id("mother"))
    assert any(one.what == "unmatched_answer" for one in each_town.trail())


def test_it_is_put_only_where_the_reader_has_a_right(town: Town) -> None:
    """Not as words of somebody whose right has ended, nor with a child of somebody else."""
    kept = _take(
        town, _answer(town, _sent(town), sender=ChannelAddress(kind=AddressKind.MAIL, value="x@example.org"))
    )
    desk = town.caseload("teacher").unmatched

    with pytest.raises(InvalidValue, match="recipient_has_no_right"):
        desk.attach(kept.id, town.maya.id, town.id("revoked"))
    with pytest.raises(NotPermitted):
        desk.attach(kept.id, town.ivo.id, town.id("mother"))
    assert 1 == desk.count()


def test_what_nothing_ties_goes_to_the_records_officer_and_on(each_town: Town) -> None:
    """The officer reads it and passes it on to a case manager, who reads it then; others never see it."""
    kept = _take(each_town, _answer(each_town, None, "Who is this?"))
    officer, opener = each_town.caseload("officer").unmatched, each_town.caseload("opener").unmatched

    assert [kept.id] == [one.reply.id for one in officer.page().rows]
    assert (True, ()) == (officer.page().is_officer, officer.page().rows[0].places)
    for name in ("teacher", "manager", "opener", "installer", "interpreter", "mother", "stranger"):
        assert 0 == each_town.caseload(name).unmatched.count()
        assert () == each_town.caseload(name).unmatched.page().rows
        with pytest.raises((NotFound, NotPermitted)):
            each_town.caseload(name).unmatched.set_aside(kept.id)
    with pytest.raises(InvalidValue, match="not_a_handler"):
        officer.pass_on(kept.id, each_town.id("mother"))
    with pytest.raises(NotPermitted):
        opener.pass_on(kept.id, each_town.id("opener"))
    officer.pass_on(kept.id, each_town.id("opener"))
    assert (0, 1) == (officer.count(), opener.count())
    opener.set_aside(kept.id)
    assert 0 == opener.count()
    with each_town.store.read() as uow:
        done = uow.sending.reply(kept.id)
    assert done is not None
    assert (ReplyState.SET_ASIDE, "", "") == (done.state, done.text, done.sender)


def test_a_handler_who_left_the_team_leaves_it_to_the_officer(town: Town) -> None:
    """Nobody is left to look, so the records officer does."""
    _take(
        town, _answer(town, _sent(town), sender=ChannelAddress(kind=AddressKind.MAIL, value="x@example.org"))
    )
    assert (1, 0) == (town.caseload("teacher").unmatched.count(), town.caseload("officer").unmatched.count())
    town.leave("teacher")

    assert (0, 1) == (town.caseload("teacher").unmatched.count(), town.caseload("officer").unmatched.count())


# ------------------------------------------------------------ text messages


def test_a_yes_noted_by_staff_lets_text_messages_go(each_town: Town) -> None:
    """Number, who, when, how; the number comes first; what waited goes on; a no takes it back."""
    _number(each_town, "mother")
    desk = each_town.caseload("manager").texting
    row = next(one for one in desk.of_child(each_town.maya.id) if one.adult.id == each_town.id("mother"))

    assert NUMBER.value == row.number
    assert row.said is not None
    assert (RoadConsentState.GIVEN, ConsentWay.TOLD_STAFF) == (row.said.state, row.said.way)
    assert each_town.adults["manager"].name == row.noted_by
    assert AddressKind.SMS is _sent(each_town).channel
    desk.note(each_town.maya.id, each_town.id("mother"), NUMBER, agreed=False)
    again = each_town.write_to("mother").items[0]
    assert AddressKind.MAIL is again.channel


@pytest.mark.parametrize(
    ("who", "kind", "name", "error"),
    [
        ("teacher", AddressKind.SMS, "mother", NotPermitted),
        ("manager", AddressKind.MAIL, "mother", InvalidValue),
        ("manager", AddressKind.SMS, "stranger", InvalidValue),
    ],
)
def test_a_yes_is_noted_by_who_may_change_rights(
    town: Town, who: str, kind: AddressKind, name: str, error: type[Exception]
) -> None:
    """Only a case manager, only a number, only an adult of the child."""
    address = NUMBER if kind is AddressKind.SMS else ChannelAddress(kind=kind, value="a@example.org")
    with pytest.raises(error):
        town.caseload(who).texting.note(town.maya.id, town.id(name), address, agreed=True)


@pytest.mark.parametrize("kind", [ReplyKind.STOP, ReplyKind.WRONG_NUMBER])
def test_stop_from_the_telephone_counts_at_once(each_town: Town, kind: ReplyKind) -> None:
    """What is queued waits, new letters take another road, START takes it back; a repeated STOP is one."""
    _number(each_town, "mother")
    queued = each_town.write_to("mother").items[0]
    stop = _answer(each_town, None, "", kind=kind, sender=NUMBER)
    each_town.clock.forward(seconds=1)
    assert ReplyState.NOTED is _take(each_town, stop).state
    _take(each_town, stop)

    assert (OutboxState.WAITING, "sms_consent_needed") == (
        each_town.item(queued.id).state,
        each_town.item(queued.id).reason,
    )
    row = next(
        one
        for one in each_town.caseload("manager").texting.of_child(each_town.maya.id)
        if one.adult.id == each_town.id("mother")
    )
    assert row.said is not None
    assert ConsentWay.BY_TEXT is row.said.way
    assert AddressKind.MAIL is each_town.write_to("mother").items[0].channel
    each_town.clock.forward(seconds=1)
    _take(each_town, _answer(each_town, None, "", kind=ReplyKind.START, sender=NUMBER))
    assert OutboxState.QUEUED is each_town.item(queued.id).state


def test_start_makes_no_consent_where_none_was_noted(town: Town) -> None:
    """A number alone that says START opens nothing."""
    with town.store.write() as uow:
        mother = uow.people.adult(town.id("mother"))
        assert mother is not None
        uow.people.save_adult(replace(mother, addresses=(NUMBER,), version=mother.version + 1))
    _take(town, _answer(town, None, "", kind=ReplyKind.START, sender=NUMBER))

    assert town.job(REPLIES.job).replies.knows(NUMBER)
    with town.store.read() as uow:
        assert [] == list(uow.sending.consents_of({town.id("mother")}))


def test_a_text_message_answers_the_only_conversation_there_is(each_town: Town) -> None:
    """It names nothing: one conversation lately, and it is filed there; two, and a person decides."""
    _number(each_town, "mother")
    item = _sent(each_town)
    filed = _take(each_town, _answer(each_town, None, "Si", sender=NUMBER))
    _sent(each_town, about=None)
    doubtful = _take(each_town, _answer(each_town, None, "Cual?", sender=NUMBER))
    nobody = _take(
        each_town,
        _answer(each_town, None, "Hi", sender=ChannelAddress(kind=AddressKind.SMS, value="+15045550999")),
    )

    assert (ReplyState.FILED, item.id) == (filed.state, filed.item_id)
    assert [(ReplyState.WAITING, "no_match")] * 2 == [(one.state, one.reason) for one in (doubtful, nobody)]
