"""Households: whatever happens, no page of one holds an id, a name or a word of the other."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from iepcore.caseload import ConversationPage, SiteFacts
from iepcore.errors import NotFound, NotPermitted
from iepcore.family import HomeAnswer
from iepcore.language import FreeText
from iepcore.notices import OutboxState, Receipt, ReceiptState
from iepcore.testing import a_key
from tests.unit.caseload.town import Town

FACTS = SiteFacts(
    school_name="Lincoln Elementary",
    school_phone="+1 555 0100",
    lms_name="Canvas",
    public_url="https://school.example.org",
)
FAMILY = ("mother", "father")
SECRET = {"mother": "zarzamora", "father": "quicksilver", "ivos_mother": "kingfisher"}
"""A word that only one household ever says."""


def everything_in(value: object) -> list[object]:
    """Return every plain value inside a page, however deep: ids, texts, days."""
    if is_dataclass(value) and not isinstance(value, type):
        return [found for one in fields(value) for found in everything_in(getattr(value, one.name))]
    if hasattr(value, "items"):
        return [found for pair in value.items() for found in everything_in(pair)]
    if isinstance(value, tuple | list | set | frozenset):
        return [found for one in value for found in everything_in(one)]
    return [value]


def assert_nothing_of(town: Town, other: str, page: object) -> None:
    """Hold a page against another household: its ids, its name, its address, its words."""
    adult, held = town.adults[other], town.relationships[other]
    found = everything_in(page)
    ids = {one for one in found if isinstance(one, UUID)}
    texts = " ".join(one for one in found if isinstance(one, str)).casefold()

    assert adult.id not in ids
    assert held.id not in ids
    assert adult.name.casefold() not in texts
    assert adult.addresses[0].value not in texts
    assert SECRET[other] not in texts
    theirs = {
        message.id
        for message in town.messages()
        if message.author_id == adult.id or message.recipient_ids == frozenset({adult.id})
    }
    assert not theirs & ids


class Households(RuleBasedStateMachine):
    """Two households of one child and one of another: letters, answers, rights, translations in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.town = Town()
        self.rights = {"mother": True, "father": True}
        self.delivered: list[str] = []

    @initialize()
    def everybody_has_spoken(self) -> None:
        """A letter to both, an answer of each: there is something to keep apart from the first moment."""
        self.school_writes({"mother", "father"}, "teacher", "goal")
        for name in FAMILY:
            self.family_answers(name, "goal")
        self.the_child_next_door_has_a_family_too()

    @rule(
        readers=st.sets(st.sampled_from(FAMILY), min_size=1),
        by=st.sampled_from(["teacher", "manager", "general", "therapist"]),
        about=st.sampled_from(["goal", None]),
    )
    def school_writes(self, readers: set[str], by: str, about: str | None) -> None:
        """A letter to one or both; one without a right makes the whole letter impossible."""
        self.town.clock.forward(minutes=1)
        if all(self.rights[name] for name in readers):
            self.town.write_to(*sorted(readers), by=by, about=about)
        else:
            with pytest.raises(Exception, match="recipient_has_no_right"):
                self.town.write_to(*sorted(readers), by=by, about=about)

    @rule(name=st.sampled_from(FAMILY), about=st.sampled_from(["goal", None]))
    def family_answers(self, name: str, about: str | None) -> None:
        """In their own words; without the right they cannot."""
        self.town.clock.forward(minutes=1)
        goal_id = self.town.goal.id if about else None
        text = FreeText(text=f"We say {SECRET[name]}", lang="es")
        send = self.town.caseload(name).conversation.reply
        if self.rights[name]:
            send(self.town.maya.id, goal_id, text, a_key())
            self.town.caseload(name).conversation.observe(
                self.town.goal.id, HomeAnswer.WITH_HELP, a_key(), words=text
            )
        else:
            with pytest.raises(NotPermitted):
                send(self.town.maya.id, goal_id, text, a_key())

    @rule()
    def the_child_next_door_has_a_family_too(self) -> None:
        """Another child's mother speaks of her own child."""
        self.town.clock.forward(minutes=1)  # no two messages at one instant: their order is always the same
        text = FreeText(text=f"We say {SECRET['ivos_mother']}", lang="en")
        self.town.caseload("ivos_mother").conversation.reply(
            self.town.ivo.id, self.town.ivos_goal.id, text, a_key()
        )

    @rule(by=st.sampled_from(["teacher", "manager"]), data=st.data())
    def school_answers(self, by: str, data: st.DataObject) -> None:
        """An answer to one family's words may go to both households, linked to what it answers."""
        words = [
            one for one in self.town.messages() if one.from_family and one.student_id == self.town.maya.id
        ]
        readers = [name for name in FAMILY if self.rights[name]]
        if not words or not readers:
            return
        answered = data.draw(st.sampled_from(sorted(words, key=lambda one: one.sent_at)))
        about = "goal" if answered.goal_id else None
        self.town.clock.forward(minutes=1)
        self.town.write_to(*readers, by=by, about=about, in_reply_to=answered.id)

    @rule(
        name=st.sampled_from([*FAMILY, "teacher"]),
        language=st.sampled_from(["es", "en", "prs"]),
        data=st.data(),
    )
    def somebody_asks_for_a_translation(self, name: str, language: str, data: st.DataObject) -> None:
        """Only of what they may read; the answer never tells who else asked."""
        messages = sorted(self.town.messages(), key=lambda one: one.sent_at)
        if not messages:
            return
        message = data.draw(st.sampled_from(messages))
        ask = self.town.caseload(name).interpreting.ask
        try:
            asked = ask(message.id, 0, language, self.town.id("interpreter"))
        except (NotFound, NotPermitted):
            return
        if name in FAMILY:
            for other in set(FAMILY) - {name}:
                assert self.town.id(other) not in everything_in(asked)

    @rule()
    def interpreter_answers(self) -> None:
        """Every open task is done; a task shows the words and no child."""
        desk = self.town.caseload("interpreter").interpreting
        for task in desk.tasks():
            desk.answer(task.request.id, "Translated words.")
        assert desk.tasks() == ()

    @rule(name=st.sampled_from(FAMILY), records=st.booleans())
    def rights_change(self, name: str, records: bool) -> None:
        """An order is filed, or lifted."""
        self.town.set_rights(name, records=records)
        self.rights[name] = records

    @rule()
    def worker_delivers(self) -> None:
        """Notices go to adults with a right at this very moment; the others are held with the reason."""
        self.town.clock.forward(seconds=1)
        outbox = self.town.job().delivery
        for item in outbox.lease():
            reader = next(name for name in FAMILY if self.town.id(name) == item.recipient_id)
            ready = outbox.prepare(item, FACTS)
            if not self.rights[reader]:
                assert ready is None
                assert self.town.item(item.id).state is OutboxState.HELD
                assert self.town.item(item.id).reason == "records_right_revoked"
                continue
            assert ready is not None
            assert ready.address in self.town.adults[reader].addresses
            said = f"{ready.subject}\n{ready.text}".casefold()
            assert not {"maya", "mayabel", "quill", *SECRET.values()} & set(said.split())
            outbox.settle(item, Receipt(state=ReceiptState.SENT, at=self.town.clock.now()))

    @invariant()
    def pages_hold_nothing_of_the_other_household(self) -> None:
        """Every page of a family, read through from top to bottom."""
        for name in FAMILY:
            caseload = self.town.caseload(name)
            if not self.rights[name]:
                assert caseload.home.children() == ()
                for look in (
                    lambda: caseload.home.child(self.town.maya.id),  # noqa: B023
                    lambda: caseload.conversation.page(self.town.maya.id, self.town.goal.id),  # noqa: B023
                    lambda: caseload.goals.goal(self.town.goal.id),  # noqa: B023
                ):
                    with pytest.raises(NotPermitted):
                        look()
                continue
            pages: list[object] = [
                caseload.home.children(),
                caseload.home.child(self.town.maya.id),
                caseload.goals.goal(self.town.goal.id),
                caseload.goals.student(self.town.maya.id),
                *(caseload.conversation.page(self.town.maya.id, one) for one in (self.town.goal.id, None)),
            ]
            for page in pages:
                for other in (*(set(FAMILY) - {name}), "ivos_mother"):
                    assert_nothing_of(self.town, other, page)

    @invariant()
    def family_sees_what_was_written_to_it(self) -> None:
        """Nothing is hidden that is theirs: each message to or from an adult is on their page, once."""
        for name in FAMILY:
            if not self.rights[name]:
                continue
            shown = [
                entry.message.id
                for goal_id in (self.town.goal.id, None)
                for entry in self._page(name, goal_id).entries
            ]
            me = self.town.id(name)
            mine = {one.id for one in self.town.messages() if me in one.recipient_ids or one.author_id == me}
            assert len(shown) == len(set(shown))
            assert mine == set(shown)

    def _page(self, name: str, goal_id: object) -> ConversationPage:
        return self.town.caseload(name).conversation.page(self.town.maya.id, goal_id)  # type: ignore[arg-type]


TestHouseholds = Households.TestCase
TestHouseholds.settings = settings(
    max_examples=30, stateful_step_count=12, suppress_health_check=[HealthCheck.too_slow]
)
