"""Gradebooks of courses: where the neutral words of ``iepcore.ports.GradebookSink`` go, by AGS."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from iepcore.notices import Receipt
from lti_app.doors.lti.line_items import LineItems, Place
from lti_app.doors.lti.platforms import rules_of
from lti_app.doors.lti.scores import SCORE_SCOPE, Score, Scores, ScoreTimes
from lti_app.doors.lti.services import PlatformServices
from lti_app.doors.records import DoorStore
from lti_app.session.viewer import Viewer

OWN_COLUMN = "check-in"
"""What our own column of a course is known by: one per course, found again before it is made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseGradebook:
    """The gradebook of one course, as one launch offered it."""

    source: str
    place: Place
    services: PlatformServices
    times: ScoreTimes

    def columns(self) -> Sequence[tuple[str, str]]:
        """Return (address, title) of what the platform shows us; only the launched link's own where that is
        all it shows.
        """
        items = LineItems(self.services, self.place)
        if self.place.gradebook.columns_url is None:
            only = self.place.gradebook.column_url
            return [] if only is None else [(only, items.read(only).label)]
        return [(one.url, one.label) for one in items.listed()]

    def make_column(self, title: str) -> str:
        """Return the address of our own column, made now when there is none."""
        items = LineItems(self.services, self.place)
        return items.find_or_make(label=title, resource_id=OWN_COLUMN).url

    def post(self, column: str, subject: str, text: str, *, after: datetime | None) -> Receipt:
        """Send one word to one cell, once; the mark there stays."""
        scores = Scores(self.services, self.place, self.times)
        return scores.post(column, Score(user_id=subject, comment=text), after=after)


class Gradebooks:
    """Finds the gradebook behind a session."""

    def __init__(self, doors: DoorStore, clock: Callable[[], datetime]) -> None:
        self._doors = doors
        self._times = ScoreTimes(clock)

    def of(self, viewer: Viewer, services: PlatformServices) -> CourseGradebook | None:
        """Return the gradebook of the course the viewer came from, or None where scores cannot be sent."""
        offered = viewer.offers.gradebook
        if offered is None or viewer.registration_id is None or viewer.deployment_id is None:
            return None
        registration = self._doors.registration(viewer.registration_id)
        if registration is None or SCORE_SCOPE not in offered.scopes:
            return None
        return CourseGradebook(
            source=viewer.source,
            place=Place(
                registration=registration,
                deployment_id=viewer.deployment_id,
                gradebook=offered,
                rules=rules_of(viewer.offers.family, canvas=viewer.canvas_user_id is not None),
            ),
            services=services,
            times=self._times,
        )
