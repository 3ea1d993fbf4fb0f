"""A word in the gradebook: off at first, written down before it leaves, sent once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from iepcore.errors import InvalidValue, NotFound, NotPermitted
from iepcore.ids import StudentId, new_uuid7
from iepcore.notices import GradebookWord, Receipt, ReceiptState, WordState
from iepcore.testing import a_key
from tests.unit.caseload.town import SOURCE, Town

COLUMN = "https://lms.example.edu/columns/1"
TEXT = "Thank you for checking in."


@dataclass
class Sink:
    """A gradebook that remembers what it was given."""

    town: Town
    source: str = SOURCE
    answers: list[ReceiptState] = field(default_factory=list)
    posted: list[tuple[str, str, str, datetime | None]] = field(default_factory=list)
    error: Exception | None = None

    def columns(self) -> Sequence[tuple[str, str]]:
        return [(COLUMN, "Check-in")]

    def make_column(self, title: str) -> str:
        return COLUMN

    def post(self, column: str, subject: str, text: str, *, after: datetime | None) -> Receipt:
        with self.town.store.read() as uow:  # written down before it leaves
            words = uow.gradebook.of_student(self.town.maya.id)
        # Under a clock that stands, two words have no order: the one that leaves is known by its state.
        assert [text] == [one.text for one in words if one.state is WordState.SENDING]
        self.posted.append((column, subject, text, after))
        if self.error is not None:
            raise self.error
        state = self.answers.pop(0) if self.answers else ReceiptState.SENT
        return Receipt(state=state, at=self.town.clock.now(), reason="r")


@pytest.fixture
def open_town() -> Town:
    """A school that lets words travel."""
    return Town(gradebook_words=True)


def send(town: Town, sink: Sink, who: str = "manager", **changes: Any) -> GradebookWord:
    """Send a word about Maya."""
    said: dict[str, Any] = {"text": TEXT, "key": a_key(), "aware": True, "student": town.maya.id, **changes}
    gradebook = town.caseload(who).gradebook
    return gradebook.send(said["student"], COLUMN, said["text"], said["key"], sink, aware=said["aware"])


def test_nothing_travels_at_first(town: Town) -> None:
    """A17: where the school has not turned it on there is no such thing, for reading and for sending."""
    sink = Sink(town)
    with pytest.raises(NotFound, match="gradebook"):
        send(town, sink)
    with pytest.raises(NotFound, match="gradebook"):
        town.caseload("manager").gradebook.page(town.maya.id)
    assert [] == sink.posted


def test_word_goes_once(open_town: Town) -> None:
    """The platform's own subject of the child, the words as they are; a repeated tap sends nothing more."""
    sink, key = Sink(open_town), a_key()
    word = send(open_town, sink, key=key)
    again = send(open_town, sink, key=key, text="Another word")
    assert word == again
    assert [(COLUMN, "maya", TEXT, None)] == sink.posted
    assert (WordState.SENT, open_town.clock.now()) == (word.state, word.sent_at)
    student, words = open_town.caseload("teacher").gradebook.page(open_town.maya.id)
    assert (open_town.maya, [word]) == (student, list(words))


@pytest.mark.parametrize("state", [ReceiptState.SENT, ReceiptState.UNKNOWN])
def test_word_that_may_be_there_is_not_sent_again(open_town: Town, state: ReceiptState) -> None:
    """A8: the same words to the same cell wait for a person's look; other words go, later than the first."""
    sink = Sink(open_town, answers=[state])
    first = send(open_town, sink)
    with pytest.raises(InvalidValue, match="word_sent_already"):
        send(open_town, sink, who="teacher")
    open_town.clock.forward(minutes=1)
    send(open_town, sink, text="See you tomorrow.")
    assert [None, first.sent_at] == [after for *_, after in sink.posted]


def test_refused_word_may_be_tried_again(open_town: Town) -> None:
    """What surely did not arrive may go again."""
    sink = Sink(open_town, answers=[ReceiptState.REFUSED])
    assert WordState.REFUSED is send(open_town, sink).state
    assert WordState.SENT is send(open_town, sink).state


def test_power_cut_leaves_a_word_that_may_be_there(open_town: Town) -> None:
    """A8: a send that nobody saw the end of stays written down, and is not repeated."""
    sink = Sink(open_town, error=RuntimeError("the power went"))
    with pytest.raises(RuntimeError):
        send(open_town, sink)
    sink.error = None
    with pytest.raises(InvalidValue, match="word_sent_already"):
        send(open_town, sink)
    (word,) = open_town.caseload("manager").gradebook.page(open_town.maya.id)[1]
    assert WordState.SENDING is word.state


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"aware": False}, "gradebook_unaware"),
        ({"text": "Maya did well"}, "word_names_child"),
        ({"text": "Her IEP"}, "word_names_plan"),
        ({"text": "3 of 4"}, "word_has_number"),
        ({"text": " "}, "word_empty"),
    ],
)
def test_words_that_would_tell_stay(open_town: Town, changes: dict[str, Any], code: str) -> None:
    """A17: without the teacher's knowing, or with content, nothing leaves and nothing is kept."""
    sink = Sink(open_town)
    with pytest.raises(InvalidValue, match=code):
        send(open_town, sink, **changes)
    assert [] == sink.posted
    assert [] == list(open_town.caseload("manager").gradebook.page(open_town.maya.id)[1])


def test_child_another_platform_knows(open_town: Town) -> None:
    """A gradebook whose platform does not know the child gets nothing."""
    with pytest.raises(InvalidValue, match="not_in_gradebook"):
        send(open_town, Sink(open_town, source="platform-2"))


def test_key_of_another_child(open_town: Town) -> None:
    """One key is one word about one child."""
    with open_town.store.write() as uow:
        place = open_town._place(uow, open_town.ivo, "manager", open_town.places["manager"].role)
    assert place.student_id == open_town.ivo.id
    sink, key = Sink(open_town), a_key()
    send(open_town, sink, key=key)
    with pytest.raises(InvalidValue, match="key_used_elsewhere"):
        send(open_town, sink, key=key, student=open_town.ivo.id)


@pytest.mark.parametrize("who", ["aide", "stranger", "ivos_teacher", "mother", "officer"])
def test_who_may_not_send(open_town: Town, who: str) -> None:
    """Aides, strangers, other teams, families and officers send no word; the refusal is in the trail."""
    sink = Sink(open_town)
    with pytest.raises(NotPermitted):
        send(open_town, sink, who=who)
    assert [] == sink.posted


def test_family_does_not_read_the_list(open_town: Town) -> None:
    """A parent may read the record, and finds gradebooks in the LMS, not here."""
    with pytest.raises(NotPermitted, match="staff_only"):
        open_town.caseload("mother").gradebook.page(open_town.maya.id)


def test_child_who_is_not_here(open_town: Town) -> None:
    """A child nobody knows is refused as one that is not yours."""
    with pytest.raises(NotPermitted):
        send(open_town, Sink(open_town), student=StudentId(new_uuid7()))
    with pytest.raises(NotPermitted):
        open_town.caseload("manager").gradebook.page(StudentId(new_uuid7()))
