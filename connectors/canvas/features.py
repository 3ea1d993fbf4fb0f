"""What a school can switch on in Canvas, which calls each needs, and why: scopes are the union, nothing more.

``docs/how-to/connect-an-lms.md`` shows this table to administrators; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from connectors.canvas import routes as r
from connectors.http import Route, scopes_of


class CanvasFeature(StrEnum):
    """One thing that a key may allow us to do. ``channel`` includes reading the answers to a notice."""

    CHANNEL = "channel"
    ROSTERS = "rosters"
    ACCOUNT_ROSTERS = "account_rosters"
    ACCOUNT_REPORT = "account_report"
    CALENDAR = "calendar"
    OVERRIDES = "overrides"


TITLES = {
    CanvasFeature.CHANNEL: "Notices, and the answers to them",
    CanvasFeature.ROSTERS: "Rosters of a person's own courses",
    CanvasFeature.ACCOUNT_ROSTERS: "Rosters of an account, course by course",
    CanvasFeature.ACCOUNT_REPORT: "Rosters of an account, in one report",
    CanvasFeature.CALENDAR: "Reminders in one's own calendar",
    CanvasFeature.OVERRIDES: "Extra time and other dates, read only",
}
"""As administrators read them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One call that a feature makes, and the reason an administrator reads."""

    route: Route
    reason: str


NEEDS: dict[CanvasFeature, tuple[Need, ...]] = {
    CanvasFeature.CHANNEL: (
        Need(route=r.SEND_CONVERSATION, reason="send a notice to one person, from the sender's own inbox"),
        Need(
            route=r.LIST_CONVERSATIONS,
            reason="look whether a notice arrived when Canvas did not say so, before anybody sends it again",
        ),
        Need(
            route=r.READ_CONVERSATION,
            reason="check that nobody else is in the conversation of a notice, and fetch the answer to it",
        ),
    ),
    CanvasFeature.ROSTERS: (
        Need(route=r.LIST_COURSES, reason="list the courses the person teaches"),
        Need(route=r.LIST_SECTIONS, reason="name the sections, and compare the number of pupils"),
        Need(
            route=r.LIST_ENROLLMENTS,
            reason="read who is in a course, and which parent is linked to which pupil; never a mark",
        ),
    ),
    CanvasFeature.ACCOUNT_ROSTERS: (
        Need(route=r.LIST_ACCOUNT_COURSES, reason="list the courses of an account, for its administrator"),
        Need(route=r.LIST_SECTIONS, reason="as for the courses of one person"),
        Need(route=r.LIST_ENROLLMENTS, reason="as for the courses of one person"),
    ),
    CanvasFeature.ACCOUNT_REPORT: (
        Need(route=r.START_REPORT, reason="let Canvas write the rosters of a whole account into one file"),
        Need(route=r.READ_REPORT, reason="ask how far that file is, and where it lies"),
    ),
    CanvasFeature.CALENDAR: (
        Need(route=r.ADD_EVENT, reason="put a reminder with a neutral title in the person's own calendar"),
        Need(route=r.REMOVE_EVENT, reason="take that reminder away again"),
    ),
    CanvasFeature.OVERRIDES: (
        Need(route=r.LIST_ASSIGNMENTS, reason="read which pupils have other dates for an assignment"),
        Need(route=r.LIST_QUIZZES, reason="list the quizzes of a course"),
        Need(route=r.LIST_QUIZ_SUBMISSIONS, reason="read which pupils have extra time or attempts in a quiz"),
    ),
}


def routes_of(features: Iterable[CanvasFeature]) -> tuple[Route, ...]:
    """Return the calls that these features make, each once, in the order of the table."""
    wanted = set(features)
    return tuple(
        dict.fromkeys(need.route for feature, needs in NEEDS.items() if feature in wanted for need in needs)
    )


def scopes_for(features: Iterable[CanvasFeature]) -> tuple[str, ...]:
    """Return the scopes to ask for when these features are switched on."""
    return scopes_of(routes_of(features))


CHANNEL_ROUTES = routes_of([CanvasFeature.CHANNEL])
CHANNEL_SCOPES = scopes_for([CanvasFeature.CHANNEL])

ALL_ROUTES = (*routes_of(CanvasFeature), r.FETCH_TOKEN, r.REVOKE_TOKEN)
"""Every call to Canvas' own interface. (``ASK_KEY`` and ``FETCH_REPORT`` are plain addresses.)"""
