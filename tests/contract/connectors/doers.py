"""A standing scene for the Canvas tests: named people, a grant, the channel, and clocks under control."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from connectors.canvas import CHANNEL_SCOPES, CanvasChannel, CanvasOAuth, DeveloperKey, Grant, Senders
from connectors.http import Limits, Origin, RetryLaw, Timing
from iepcore.ids import AdultId, new_uuid7
from iepcore.notices import Notice, Receipt, Urgency
from iepcore.people import AddressKind, ChannelAddress
from tests.contract.connectors.canvas_fake import CLIENT_ID, CLIENT_SECRET, REDIRECT, FakeCanvas

TEACHER, PARENT, OTHER_PARENT, CHILD, STRANGER = 3001, 2001, 2002, 1001, 2999
SUBJECT = "A message from Northside School"
REFERENCE = "7F3K2Q"
LINK = "https://messages.example/n/Zk3v9Qm1"
ALL_SCOPES = frozenset(CHANNEL_SCOPES)


class Watch:
    """Clocks that stand still; `sleep` moves them and remembers."""

    def __init__(self) -> None:
        self.at = datetime(2026, 10, 1, 15, tzinfo=UTC)
        self.ticks = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.at

    def move(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.ticks += seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.move(seconds)

    @property
    def timing(self) -> Timing:
        return Timing(now=self.now, monotonic=lambda: self.ticks, sleep=self.sleep, draw=lambda: 0.5)


class Grants:
    """A `GrantStore` in memory that counts."""

    def __init__(self) -> None:
        self.kept: dict[AdultId, Grant] = {}
        self.saves = 0

    def load(self, adult_id: AdultId) -> Grant | None:
        return self.kept.get(adult_id)

    def save(self, adult_id: AdultId, grant: Grant) -> None:
        self.saves += 1
        self.kept[adult_id] = grant

    def mark_lost(self, adult_id: AdultId) -> None:
        self.kept[adult_id] = replace(self.kept[adult_id], access_token="", refresh_token="", is_lost=True)


def make_notice(**changes: object) -> Notice:
    """Return a notice; the names in it are the school's and the sender's, as they are on every letter."""
    values: dict[str, object] = {
        "school_name": "Northside School",
        "school_phone": "555 0100",
        "sender_name": "Jordan Lee",
        "language": "es",
        "urgency": Urgency.NOT_URGENT,
        "link": LINK,
        "reference": REFERENCE,
    }
    return Notice(**(values | changes))  # type: ignore[arg-type]


def text_of(notice: Notice) -> str:
    """Return words such as the worker would render, longer than Canvas' previews."""
    return (
        f"Hola. {notice.sender_name} de {notice.school_name} le ha escrito. No es urgente. Lea y conteste: "
        f"{notice.link}\nHello. {notice.sender_name} of {notice.school_name} wrote to you. Not urgent. Open: "
        f"{notice.link}\nRef {notice.reference}"
    )


def canvas_address(user: int | str) -> ChannelAddress:
    """Return the Canvas address of a user."""
    return ChannelAddress(kind=AddressKind.CANVAS, value=str(user))


class Scene:
    """A class with a teacher, a pupil and two parents; the teacher has connected Canvas."""

    def __init__(self, canvas: FakeCanvas, watch: Watch, *, url: str | None = None) -> None:
        self.canvas = canvas
        self.watch = watch
        self.grants = Grants()
        self.teacher_id = AdultId(new_uuid7())
        world = canvas.world
        for user, name in {
            TEACHER: "Jordan Lee",
            PARENT: "Casey Smith",
            OTHER_PARENT: "Drew Jones",
            CHILD: "Avery Smith",
            STRANGER: "Quinn Faraway",
        }.items():
            world.add_user(user, name)
        world.enrol(42, TEACHER, "TeacherEnrollment")
        world.enrol(42, CHILD, "StudentEnrollment")
        world.enrol(42, PARENT, "ObserverEnrollment", watches=CHILD)
        world.enrol(42, OTHER_PARENT, "ObserverEnrollment")
        self.origin = Origin.parse(url or canvas.url)
        self.be_patient(20.0)
        self.connect()

    def be_patient(self, read_seconds: float) -> None:
        """Build the channel. Patience is long: a busy machine must not look like silence."""
        limits = Limits(connect_seconds=5.0, read_seconds=read_seconds, body_bytes=50_000)
        timing = self.watch.timing
        key = DeveloperKey(client_id=CLIENT_ID, client_secret=CLIENT_SECRET, redirect_uri=REDIRECT)
        self.oauth = CanvasOAuth(self.origin, key, timing=timing, limits=limits)
        law = RetryLaw(attempts=3)
        self.senders = Senders(self.origin, self.oauth, self.grants, timing=timing, law=law, limits=limits)
        self.channel = CanvasChannel(self.senders)

    def connect(self, *, scopes: frozenset[str] = ALL_SCOPES, minutes: float = 60) -> Grant:
        """Let the teacher say yes in Canvas."""
        access, refresh = self.canvas.give_token(TEACHER, scopes, minutes=minutes)
        grant = Grant(
            canvas_user_id=str(TEACHER),
            access_token=access,
            refresh_token=refresh,
            expires_at=self.watch.at + timedelta(minutes=minutes),
            scopes=tuple(sorted(scopes)),
        )
        self.grants.kept[self.teacher_id] = grant
        return grant

    def deliver(
        self, recipient: int | str = PARENT, *, notice: Notice | None = None, **changes: str
    ) -> Receipt:
        """Send a notice."""
        notice = notice or make_notice()
        words = {"text": text_of(notice), "subject": SUBJECT} | changes
        return self.channel.deliver(
            notice, words["text"], words["subject"], canvas_address(recipient), sender_id=self.teacher_id
        )

    def look(self, recipient: int = PARENT, *, reference: str = REFERENCE) -> Receipt:
        """Look up what became of a notice."""
        return self.channel.look(reference, canvas_address(recipient), sender_id=self.teacher_id)
