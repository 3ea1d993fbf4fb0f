"""A small school in the fake Canvas: three courses with every kind of row, and our source over it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from connectors.canvas import CanvasDialect, CanvasFeature, CanvasSource, scopes_for
from connectors.http import InFlightGate, Limits, Origin, RetryLaw, Transport
from iepcore.people import CourseListing, CourseRoster
from iepcore.testing import ExpectedCourse
from tests.contract.connectors.canvas_fake import FakeCanvas
from tests.contract.connectors.doers import Watch

TEACHER, ADMIN, AIDE = 3001, 9001, 3009
AVERY, BLAKE, DEVIN = 1001, 1002, 1003
CASEY, DREW, NOBODYS = 2001, 2002, 2003
MATH, READING, ART = 42, 43, 44
SOURCE = "registration-7"
EVERY_SCOPE = frozenset(scopes_for(CanvasFeature))


class OneToken:
    """A token that the fake gave, and fresh ones when it has run out."""

    def __init__(self, canvas: FakeCanvas, user: int, scopes: frozenset[str]) -> None:
        self._canvas, self._user, self._scopes = canvas, user, scopes
        self.renewed = 0
        self._value, _ = canvas.give_token(user, scopes)

    def token(self) -> str:
        return self._value

    def invalidate(self, token: str) -> None:
        if token == self._value:
            self.renewed += 1
            self._value, _ = self._canvas.give_token(self._user, self._scopes)


class School:
    """The world and a source for whoever asks."""

    def __init__(self, canvas: FakeCanvas, watch: Watch) -> None:
        self.canvas, self.watch = canvas, watch
        world = canvas.world
        world.add_user(TEACHER, "Jordan Lee", sis_id="T100")
        world.add_user(AIDE, "Robin Park")
        world.add_user(ADMIN, "Gordon Ames")
        for user, name, number in (
            (AVERY, "Avery Smith", "S2001"),
            (BLAKE, "Blake Smith", "S2002"),
            (DEVIN, "Devin Jones", None),
        ):
            world.add_user(user, name, sis_id=number)
        for user, name in ((CASEY, "Casey Smith"), (DREW, "Drew Jones"), (NOBODYS, "Quinn Far")):
            world.add_user(user, name)
        world.admins.add(ADMIN)
        for course, name in ((MATH, "Math 7"), (READING, "Reading"), (ART, "Art")):
            world.add_course(course, name)
            world.enrol(course, TEACHER, "TeacherEnrollment")
        world.enrol(MATH, AIDE, "TaEnrollment", role="Classroom aide")
        for pupil in (AVERY, BLAKE, DEVIN):
            world.enrol(MATH, pupil, "StudentEnrollment")
        world.enrol(READING, AVERY, "StudentEnrollment")
        world.enrol(MATH, CASEY, "ObserverEnrollment", watches=AVERY)
        world.enrol(MATH, CASEY, "ObserverEnrollment", watches=BLAKE)
        world.enrol(MATH, NOBODYS, "ObserverEnrollment")

    @property
    def expected(self) -> Sequence[ExpectedCourse]:
        """What every whole source says of it."""
        text = [str(number) for number in (CASEY, AVERY, BLAKE, DEVIN, NOBODYS, TEACHER, AIDE)]
        casey, avery, blake, devin, nobodys, teacher, aide = text
        return [
            ExpectedCourse(
                id=str(MATH),
                pupils=frozenset({avery, blake, devin}),
                adults=frozenset({teacher, aide, casey, nobodys}),
                guardians=frozenset({(casey, avery), (casey, blake)}),
            ),
            ExpectedCourse(id=str(READING), pupils=frozenset({avery}), adults=frozenset({teacher})),
            ExpectedCourse(id=str(ART), adults=frozenset({teacher})),
        ]

    def transport(
        self,
        user: int = TEACHER,
        *,
        scopes: frozenset[str] = EVERY_SCOPE,
        read_seconds: float = 20.0,
        attempts: int = 3,
        most: int = 8,
        body_bytes: int = 2_000_000,
        dialect: CanvasDialect | None = None,
    ) -> Transport:
        """Return a transport in somebody's name."""
        self.tokens = OneToken(self.canvas, user, scopes)
        return Transport(
            Origin.parse(self.canvas.url),
            dialect or CanvasDialect(now=self.watch.now),
            gate=InFlightGate(start=min(4, most), most=most, timing=self.watch.timing),
            tokens=self.tokens,
            timing=self.watch.timing,
            law=RetryLaw(attempts=attempts),
            limits=Limits(connect_seconds=5.0, read_seconds=read_seconds, body_bytes=body_bytes),
        )

    def source(self, user: int = TEACHER, *, transport: Transport | None = None, **more: Any) -> CanvasSource:
        """Return a source over somebody's courses."""
        return CanvasSource(
            transport or self.transport(user),
            source=SOURCE,
            **{"user_id": str(user), "timing": self.watch.timing, **more},
        )

    def roster(self, course: int = MATH, **more: Any) -> CourseRoster:
        """Read one course."""
        [roster] = self.source(**more).rosters([CourseListing(id=str(course))])
        return roster
