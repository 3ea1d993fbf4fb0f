"""The corners of answers and consents: two children, two people, two numbers, and what a log shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iepcore.caseload.outbox import masked
from iepcore.errors import NotFound
from iepcore.notices import OutboxState, ReplyKind, SendingMode, SendingPolicy
from iepcore.people import AddressKind, ChannelAddress, SiteRole
from iepcore.testing import an_assignment
from iepcore.testing import store_values as a
from tests.unit.caseload.test_replying import NUMBER, _answer, _number, _sent, _take
from tests.unit.caseload.town import START, Town

OTHER = ChannelAddress(kind=AddressKind.SMS, value="+15045550118")
STRANGER = ChannelAddress(kind=AddressKind.MAIL, value="x@example.org")


def test_an_answer_may_belong_to_another_child_of_the_same_teacher(town: Town) -> None:
    """It begins a conversation of its own there, in answer to nothing of the first child's."""
    kept = _take(town, _answer(town, _sent(town), sender=STRANGER))
    with town.store.write() as uow:
        held = next(one for one in uow.people.relationships_of_student(town.ivo.id) if one.may_access_records)
        uow.people.add_assignment(
            replace(
                an_assignment(town.ivo, town.adults["teacher"], role=town.places["manager"].role),
                starts_on=START,
            )
        )
    message = town.caseload("teacher").unmatched.attach(kept.id, town.ivo.id, held.adult_id)

    assert (town.ivo.id, None, None) == (message.student_id, message.goal_id, message.in_reply_to)


def test_a_place_that_has_ended_offers_nothing(town: Town) -> None:
    """A case manager who got one passed on, and has left the team, finds no place for it."""
    kept = _take(town, _answer(town, None, sender=STRANGER))
    town.leave("manager")
    with town.store.write() as uow:
        uow.people.add_appointment(a.an_appointment(town.id("manager"), role=SiteRole.CASE_MANAGER))
    town.caseload("officer").unmatched.pass_on(kept.id, town.id("manager"))
    rows = town.caseload("manager").unmatched.page().rows

    assert [()] == [one.places for one in rows]
    with pytest.raises(NotFound):
        town.caseload("teacher").unmatched.set_aside(kept.id)


def test_a_yes_said_twice_lets_only_their_own_go(town: Town) -> None:
    """What waits for another person's yes goes on waiting; a repeated yes changes no address."""
    _number(town, "mother")
    _number(town, "father")
    with town.store.write() as uow:
        father = uow.people.adult(town.id("father"))
        assert father is not None
        addresses = (OTHER, *(one for one in father.addresses if one.kind is not AddressKind.SMS))
        uow.people.save_adult(replace(father, addresses=addresses, version=father.version + 1))
        for item_of in ("mother", "father"):
            message = a.a_message(uow.family.add_thread(a.a_thread(town.maya.id)))
            uow.family.add_message(message)
            uow.outbox.add(
                a.an_item(
                    message,
                    recipient_id=town.id(item_of),
                    sender_id=town.id("teacher"),
                    channel=AddressKind.SMS,
                    state=OutboxState.WAITING,
                    reason="sms_consent_needed",
                )
            )
    _number(town, "mother")
    with town.store.read() as uow:
        left = uow.outbox.waiting_for({"sms_consent_needed"})

    assert [town.id("father")] == [one.recipient_id for one in left]


def test_stop_touches_text_messages_only(town: Town) -> None:
    """A mail on its way goes on its way, and what somebody else gets from them, too."""
    mail = town.write_to("mother").items[0]
    _number(town, "mother")
    town.clock.forward(seconds=1)
    _take(town, _answer(town, None, "", kind=ReplyKind.STOP, sender=NUMBER))

    assert (AddressKind.MAIL, OutboxState.QUEUED) == (mail.channel, town.item(mail.id).state)


def test_addresses_are_masked_and_compared_by_their_kind() -> None:
    """A number shows its last two digits; a list of one kind lets no other through."""
    policy = SendingPolicy(mode=SendingMode.LISTED, listed=(NUMBER,))
    assert "•••17" == masked(NUMBER)
    assert ("", "not_listed", "not_listed") == (
        policy.refusal(NUMBER),
        policy.refusal(OTHER),
        policy.refusal(STRANGER),
    )


def test_an_answer_shows_no_word_of_itself(town: Town) -> None:
    """Neither as it comes nor as it is kept."""
    reply = _answer(town, None, "Secret words", platform_id="p1")
    assert "IncomingReply(answer, 'p1')" == repr(reply)
    assert "Secret" not in repr(_take(town, reply))


def test_each_answer_is_found_among_several(town: Town) -> None:
    """The second of two is set aside, and the first still stands there."""
    first, second = (_take(town, _answer(town, None, text)) for text in ("One", "Two"))
    officer = town.caseload("officer").unmatched
    officer.set_aside(second.id)

    assert [first.id] == [one.reply.id for one in officer.page().rows]


def test_who_has_only_a_number_and_never_agreed_is_not_forgotten(town: Town) -> None:
    """There is no other road, so the notice waits for a yes instead of vanishing."""
    town.policy = replace(town.policy, channels=tuple(AddressKind))
    with town.store.write() as uow:
        mother = uow.people.adult(town.id("mother"))
        assert mother is not None
        uow.people.save_adult(replace(mother, addresses=(NUMBER,), version=mother.version + 1))

    assert AddressKind.SMS is town.write_to("mother").items[0].channel
