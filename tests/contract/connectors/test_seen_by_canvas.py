"""The confidentiality proof of the Canvas road, for every push the product can make there."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.canvas import (
    ALL_ROUTES,
    CanvasAccountSource,
    CanvasCalendar,
    CanvasChannel,
    CanvasReplies,
    CanvasSource,
    CanvasUserId,
)
from connectors.canvas.routes import (
    ADD_EVENT,
    FETCH_TOKEN,
    REMOVE_EVENT,
    REVOKE_TOKEN,
    SEND_CONVERSATION,
    START_REPORT,
)
from iepcore.errors import InvalidValue
from iepcore.ids import OutboxId, new_uuid7
from iepcore.notices import ReceiptState, SentNotice
from iepcore.people import AddressKind, ChannelAddress
from tests.contract.connectors.canvas_fake import FakeCanvas
from tests.contract.connectors.canvas_school import EVERY_SCOPE
from tests.contract.connectors.doers import (
    REFERENCE,
    TEACHER,
    Scene,
    Watch,
    canvas_address,
    make_notice,
    text_of,
)
from tests.contract.connectors.seen_by import (
    FAMILIES,
    NAMES,
    NOTE,
    PEOPLE,
    Pushed,
    Roster,
    assert_confidential,
    assert_tells_nothing,
    rosters,
)

KINDS = {
    "student": "StudentEnrollment",
    "teacher": "TeacherEnrollment",
    "aide": "TaEnrollment",
    "observer": "ObserverEnrollment",
    "designer": "DesignerEnrollment",
}
FIRST = 7001


class CanvasRoad:
    """Everything that can leave by Canvas: a notice, the look after it, a reminder, a report."""

    def __init__(
        self, canvas: FakeCanvas, watch: Watch, roster: Roster, *, bystander: int | None = None
    ) -> None:
        world = canvas.new_world()
        self.canvas = canvas
        self.scene = Scene(canvas, watch)
        self.scene.connect(scopes=EVERY_SCOPE)
        for person, name in enumerate(NAMES):
            world.add_user(FIRST + person, name)
        for row in roster:
            world.enrol(
                row.course,
                FIRST + row.person,
                KINDS[row.kind],
                watches=None if row.watches is None else FIRST + row.watches,
                section=row.course * 10 + row.section,
                state="active" if row.active else "inactive",
            )
        world.admins.add(TEACHER)
        world.add_bystander = None if bystander is None else FIRST + bystander
        self.sent: list[SentNotice] = []

    def pushes(self) -> Mapping[str, Callable[[int], Pushed]]:
        """Return the four, and the reading that goes with them."""
        return {
            "notice": self._notice,
            "look": self._look,
            "answers": self._answers,
            "reminder": self._reminder,
            "rosters": self._rosters,
        }

    def outside(self) -> str:
        """Return every request without its body and its bearer, and every subject and title."""
        lines = []
        for call in self.canvas.seen:
            headers = {name: value for name, value in call.headers.items() if name != "Authorization"}
            titles = [call.form.get(name) for name in ("subject", "calendar_event[title]")]
            lines.append(f"{call.method} {call.path}?{call.query} {headers} {titles}")
        subjects = [talk.subject for talk in self.canvas.world.talks]
        return "\n".join([*lines, *subjects, *(thing.words for thing in self.canvas.world.things)])

    def _notice(self, person: int) -> Pushed:
        before = len(self.canvas.world.talks)
        notice = make_notice(reference=f"{REFERENCE}{before}")
        receipt = self.scene.deliver(FIRST + person, notice=notice, text=f"{NOTE}. {text_of(notice)}")
        made = self.canvas.world.talks[before:]
        if receipt.platform_id is not None:
            self.sent.append(
                SentNotice(
                    item_id=OutboxId(new_uuid7()),
                    sender_id=self.scene.teacher_id,
                    recipient=canvas_address(FIRST + person),
                    reference=notice.reference,
                    sent_at=receipt.at,
                    platform_id=receipt.platform_id,
                )
            )
        seen_by = {str(user) for talk in made for user in self.canvas.world.seen_by(talk.id)}
        if receipt.state is ReceiptState.SENT:
            assert 1 == len(made)
        return Pushed(
            allowed=frozenset({str(FIRST + person), str(TEACHER)}),
            seen_by=frozenset(seen_by),
            alarmed=receipt.reason == "audience_mismatch",
        )

    def _look(self, person: int) -> Pushed:
        return self._makes_nothing(lambda: self.scene.look(FIRST + person, reference=f"{REFERENCE}0"))

    def _answers(self, person: int) -> Pushed:
        for talk in self.canvas.world.talks:
            if FIRST + person in talk.participants:
                self.canvas.world.answer(talk, FIRST + person, NOTE, at="2026-10-02T10:00:00Z")
        since = self.scene.watch.at - timedelta(days=1)
        source = CanvasReplies(self.scene.senders)
        return self._makes_nothing(lambda: list(source.replies(since=since, sent=self.sent)))

    def _reminder(self, person: int) -> Pushed:
        calendar = CanvasCalendar(self.scene.senders)
        before = len(self.canvas.world.things)
        begins = self.scene.watch.at
        for title in (
            "Prepare the meeting",
            f"Meeting about {NAMES[person]}",
            "IEP meeting",
            "Special education review",
        ):
            calendar.remind(title, begins, begins, owner_id=self.scene.teacher_id, names=[NAMES[person]])
        made = self.canvas.world.things[before:]
        assert ["Prepare the meeting"] == [thing.words for thing in made]
        return Pushed(
            allowed=frozenset({str(TEACHER)}),
            seen_by=frozenset(str(user) for thing in made for user in self.canvas.world.seen_by(thing.id)),
        )

    def _rosters(self, person: int) -> Pushed:
        def pull() -> None:
            with self.scene.senders.transport(self.scene.teacher_id) as transport:
                timing = self.scene.watch.timing
                one = CanvasSource(transport, source="x", user_id=str(TEACHER), timing=timing, workers=2)
                whole = CanvasAccountSource(transport, source="x", account_id="1", timing=timing)
                list(one.rosters(one.courses().courses))
                list(whole.rosters(whole.courses().courses))

        return self._makes_nothing(pull)

    def _makes_nothing(self, act: Callable[[], object]) -> Pushed:
        """Do something that must leave nothing in anybody's sight."""
        world = self.canvas.world
        before = (len(world.talks), len(world.things), [set(talk.seen_by) for talk in world.talks])
        act()
        assert before == (len(world.talks), len(world.things), [set(talk.seen_by) for talk in world.talks])
        return Pushed(allowed=frozenset(), seen_by=frozenset())


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_is_left_alone(canvas: FakeCanvas, watch: Watch, family: str) -> None:
    """The families that systems get wrong, each recipient in turn."""
    assert_confidential(CanvasRoad(canvas, watch, FAMILIES[family]), PEOPLE)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    roster=rosters(),
    recipients=st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2),
    bystander=st.none() | st.sampled_from(PEOPLE),
)
def test_every_push_is_seen_by_whom_it_may_be(
    canvas: FakeCanvas, watch: Watch, roster: Roster, recipients: list[int], bystander: int | None
) -> None:
    """Whoever is on the roster, and whatever the platform does: seen by two, or the alarm is raised."""
    assert_confidential(CanvasRoad(canvas, watch, roster, bystander=bystander), recipients)


def test_no_other_push_can_be_made() -> None:
    """The calls that write are these; each of them is pushed above."""
    writes = {route for route in ALL_ROUTES if route.method != "GET"} - {FETCH_TOKEN, REVOKE_TOKEN}

    assert {SEND_CONVERSATION, ADD_EVENT, REMOVE_EVENT, START_REPORT} == writes


@pytest.mark.parametrize(
    "text", ["course_42", "course_42_observers", "section_7", "group_7", "7001,7002", "7001 7002", "self", ""]
)
def test_no_group_can_be_a_recipient(text: str) -> None:
    """What reaches more than one cannot be written down as one."""
    with pytest.raises(InvalidValue):
        CanvasUserId(text)


def test_one_recipient_is_one_value() -> None:
    """No list in any signature: there is nothing to put a second recipient into."""
    assert "ChannelAddress" == inspect.signature(CanvasChannel.deliver).parameters["recipient"].annotation
    with pytest.raises(InvalidValue):
        CanvasUserId.of(ChannelAddress(kind=AddressKind.MAIL, value="casey@mail.example"))


def test_the_oracle_sees_what_others_would_do(canvas: FakeCanvas, watch: Watch) -> None:
    """The proof is worth something: each way we do not go is seen by somebody it should not."""
    road = CanvasRoad(canvas, watch, FAMILIES["parents who live apart"])
    world = canvas.world
    child, mother, father = FIRST, FIRST + 2, FIRST + 6
    world.enrol(42, FIRST + 5, "TaEnrollment")
    others = {
        "comment": world.put_comment(TEACHER, 42, child, "x"),
        "comment to a group": world.put_comment(TEACHER, 42, child, "x", group=True),
        "column": world.put_column(TEACHER, 42, "x"),
        "announcement": world.put_announcement(TEACHER, 42, "x"),
        "event of the course": world.put_event(TEACHER, "course_42", {"title": "x"}),
    }
    allowed = {mother, TEACHER}

    for name, thing in others.items():
        assert not world.seen_by(thing.id) <= allowed, name
    assert {child, mother, father} <= world.seen_by(others["comment"].id)
    assert road.canvas is canvas


def test_the_reader_sees_what_would_tell() -> None:
    """A name, a word of a note or of a plan in an address is found."""
    for text in (f"GET /x?q={NAMES[0].split()[0]} {{}}", f"subject: {NOTE.split()[0]}", "title: IEP"):
        with pytest.raises(AssertionError):
            assert_tells_nothing(text)
