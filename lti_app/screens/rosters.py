"""Rosters: where they come from, how the last pull went, what a pull would do, and what a person decides."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from flask import Blueprint, Response, request
from markupsafe import Markup

from iepcore.caseload import CoursePreview, DoubtRow, FeedPage
from iepcore.errors import ConnectorError, IepError, IllegalMove, InvalidValue
from iepcore.ids import MatchDoubtId, RosterFeedId
from iepcore.people import (
    CourseStanding,
    CourseState,
    DoubtState,
    RosterMember,
    RosterRun,
    RosterStanding,
    RunState,
)
from lti_app.screens.bubbles import when_words
from lti_app.screens.choices import member_name, refusal
from lti_app.screens.forms import given_id
from lti_app.screens.page import Frame, advice, frame_of, initials, page
from lti_app.screens.parts import caseload_of, screen_parts
from lti_app.screens.rosters_words import (
    counts_words,
    course_badge,
    doubt_words,
    kind_name,
    reason_words,
    run_words,
    shortfall_words,
)
from lti_app.screens.said import said_words
from lti_app.session.goto import goto
from lti_app.session.viewer import Viewer, current_viewer

blueprint = Blueprint("rosters", __name__)

Answer = str | Response | tuple[str, int]
PATH = "/app/rosters"
SHOWN_NAMES = 60
"""So many names of each kind stand in a preview; the others are counted."""

_FILE_SOURCE = "oneroster"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """The pull that goes on, or the last one. ``running``: the screen looks again by itself."""

    words: str
    reason: Markup | str
    when: str
    running: bool
    waiting: bool
    done: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseLine:
    """One course and how whole it is; ``why`` has the reasons in plain words."""

    title: str
    counts: str
    badge: tuple[str, str]
    when: str
    why: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class NameList:
    """What would happen to some people: the heading, the names that are shown, how many more there are."""

    title: str
    names: list[str]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewLine:
    """One course that waits for a person."""

    title: str
    context: str
    counts: str
    lists: list[NameList]
    missing: int
    stood: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLine:
    """One source on the page of all sources."""

    href: str
    name: str
    kind: str
    note: str
    run: RunLine | None
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtLine:
    """One question about a person, with both sides."""

    id: str
    name: str
    note: str
    other: str
    other_note: str
    why: str
    initials: str


@blueprint.get(PATH)
def rosters() -> Answer:
    """Show the sources and the questions about adults."""
    return _sources(current_viewer())


@blueprint.post(PATH)
def connect() -> Answer:
    """Connect a source: a file, or the school's Canvas or Google in one's own name."""
    viewer = current_viewer()
    caseload = caseload_of(viewer)
    do = request.form.get("do", "")
    try:
        if do == "file":
            return _bring(viewer, None)
        if do == "canvas":
            source = screen_parts().canvas_rosters(viewer)
            if not source:
                raise InvalidValue("connection_needed", field="do")
            # The consent comes after it: whoever connected the source is asked for reading its lists as well.
            feed_id = caseload.rosters.connect("canvas", "Canvas", source)
            return goto(f"{PATH}/{feed_id}")
        if do == "google":
            state, administrator = screen_parts().google_rosters(viewer)
            if state not in {"domain", "connected"}:
                raise InvalidValue("connection_needed", field="do")
            feed_id = caseload.rosters.connect("google", "Google Classroom", "google", config=administrator)
            caseload.rosters.ask(feed_id)
            return goto(f"{PATH}/{feed_id}")
        raise InvalidValue("unknown_field", field="do")
    except (ConnectorError, IllegalMove, InvalidValue) as error:
        return _sources(viewer, refused=_refused(frame_of(viewer), error)), 422


@blueprint.post(f"{PATH}/doubt")
def decide() -> Answer:
    """Answer whether two accounts are one adult, put it off, or take the answer back."""
    viewer = current_viewer()
    caseload_of(viewer).rosters.feeds()  # who may not look after sources is refused before anything else
    words = request.form.get("do", "")
    if words not in {one.value for one in DoubtState}:
        raise InvalidValue("unknown_field", field="do")
    try:
        caseload_of(viewer).doubts.decide(MatchDoubtId(given_id("doubt")), DoubtState(words))
    except IllegalMove as error:
        return _sources(viewer, refused=refusal(frame_of(viewer), error)), 409
    return _sources(viewer, answered=request.form.get("doubt", "") if words in {"same", "other"} else "")


@blueprint.get(f"{PATH}/<uuid:feed_id>")
def feed(feed_id: UUID) -> Answer:
    """Show one source: its last pull, each course, and what waits for a person."""
    viewer = current_viewer()
    return _feed(viewer, caseload_of(viewer).rosters.feed(RosterFeedId(feed_id)))


@blueprint.post(f"{PATH}/<uuid:feed_id>")
def change_feed(feed_id: UUID) -> Answer:
    """Update now, stop, say yes or no to a preview, say whether many have left, or bring a newer file."""
    viewer = current_viewer()
    desk = caseload_of(viewer).rosters
    found, do = RosterFeedId(feed_id), request.form.get("do", "")
    try:
        if do == "update":
            desk.ask(found)
        elif do == "stop":
            desk.stop(found)
        elif do == "accept":
            desk.accept(found)
        elif do == "decline":
            desk.decline(found)
        elif do in {"nightly_on", "nightly_off"}:
            desk.set_nightly(found, on=do == "nightly_on")
        elif do in {"left", "stay"}:
            desk.settle(found, request.form.get("course", ""), left=do == "left")
        elif do == "file":
            return _bring(viewer, found)
        else:
            raise InvalidValue("unknown_field", field="do")
    except (ConnectorError, IllegalMove, InvalidValue) as error:
        return _feed(viewer, desk.feed(found), refused=_refused(frame_of(viewer), error)), 422
    return goto(f"{PATH}/{feed_id}")


def _bring(viewer: Viewer, feed_id: RosterFeedId | None) -> Response:
    """Read the file of the form; it lies on the disk only while it is read."""
    desk = caseload_of(viewer).rosters
    given = request.files.get("file")
    name = " ".join(request.form.get("name", "").split()) or "OneRoster"
    desk.feeds()  # who may not look after sources is told so before a file is read
    if given is None or not given.filename:
        raise InvalidValue("file_needed", field="file")
    if feed_id is None:
        feed_id = desk.connect("oneroster", name, _FILE_SOURCE, nightly=False)
    with tempfile.TemporaryDirectory(prefix="rapport-") as folder:
        path = Path(folder) / "roster.zip"
        given.save(path)
        screen_parts().bring_file(viewer, feed_id, path)
    return goto(f"{PATH}/{feed_id}")


def _refused(frame: Frame, error: IepError) -> Markup | str:
    if isinstance(error, InvalidValue):
        return advice(error, frame)
    return refusal(frame, error) if isinstance(error, IllegalMove) else reason_words(frame, error.code)


def _sources(viewer: Viewer, *, refused: Markup | str = "", answered: str = "") -> str:
    frame = frame_of(viewer)
    caseload = caseload_of(viewer)
    pages = caseload.rosters.feeds()
    parts = screen_parts()
    kinds = {one.feed.kind for one in pages}
    return page(
        frame,
        "rosters.html",
        title=frame.words("Rosters"),
        current="rosters",
        feeds=[_feed_line(frame, one) for one in pages],
        has_file="oneroster" in kinds,
        canvas="" if "canvas" in kinds or not parts.canvas_rosters(viewer) else parts.canvas_state(viewer),
        google="" if "google" in kinds else parts.google_rosters(viewer)[0],
        doubts=[_doubt(frame, row) for row in caseload.doubts.of_adults()],
        answered=answered,
        refused=refused,
        said_sentence=said_words(frame, request.args.get("said", "")),
    )


def _feed_line(frame: Frame, found: FeedPage) -> FeedLine:
    people = sum(one.people for one in found.courses if one.standing is not CourseStanding.GONE)
    courses = [one for one in found.courses if one.standing is not CourseStanding.GONE]
    note = frame.count_words(
        "%(number)s course, %(people)s places in it",
        "%(number)s courses, %(people)s places in them",
        len(courses),
        people=people,
    )
    return FeedLine(
        href=f"{PATH}/{found.feed.id}",
        name=found.feed.name,
        kind=kind_name(frame, found.feed.kind),
        note=note if courses else frame.words("Nothing was read yet"),
        run=_run(frame, found.runs[0]) if found.runs else None,
        held=sum(one.standing is CourseStanding.HELD for one in found.courses),
    )


def _run(frame: Frame, run: RosterRun) -> RunLine:
    return RunLine(
        words=run_words(frame, run),
        reason=reason_words(frame, run.reason),
        when=when_words(frame, run.ended_at or run.asked_at),
        running=run.state in {RunState.ASKED, RunState.RUNNING},
        waiting=run.state is RunState.WAITING,
        done=run.done,
        of=run.of,
    )


def _feed(viewer: Viewer, found: FeedPage, *, refused: Markup | str = "") -> str:
    frame = frame_of(viewer)
    whole = [one for one in found.courses if one.standing is CourseStanding.WHOLE]
    waiting = [one for one in found.previews if one.state.standing is CourseStanding.STAGED]
    return page(
        frame,
        "rosters_feed.html",
        title=found.feed.name,
        current="rosters",
        kind=kind_name(frame, found.feed.kind),
        path=f"{PATH}/{found.feed.id}",
        back=PATH,
        run=_run(frame, found.runs[0]) if found.runs else None,
        is_file=found.feed.kind == "oneroster",
        lends=found.feed.kind == "canvas"
        and found.feed.connected_by == viewer.adult_id
        and not (found.runs and found.runs[0].state is RunState.DONE),  # it was read: the yes is there
        nightly=found.feed.nightly,
        accepted=found.feed.accepted_at is not None,
        courses=[_course(frame, one) for one in found.courses],
        whole=len(whole),
        previews=[_preview(frame, one, found.may_see_names) for one in waiting],
        totals=_totals(frame, waiting),
        held=[_preview(frame, one, found.may_see_names) for one in found.held],
        sees_names=found.may_see_names,
        refused=refused,
        said_sentence=said_words(frame, request.args.get("said", "")),
    )


def _totals(frame: Frame, waiting: Sequence[CoursePreview]) -> list[tuple[str, int]]:
    states = [one.state for one in waiting]
    return [
        (frame.words("Courses"), len(states)),
        (frame.words("New in the list"), sum(one.came for one in states)),
        (frame.words("Changed"), sum(one.changed for one in states)),
        (frame.words("Gone from the list"), sum(one.left for one in states)),
    ]


def _course(frame: Frame, state: CourseState) -> CourseLine:
    why = shortfall_words(frame, state.shortfalls)
    if state.unread and not why:
        why = [
            frame.count_words("%(number)s row was left out.", "%(number)s rows were left out.", state.unread)
        ]
    return CourseLine(
        title=state.title or frame.words("A course without a name"),
        counts=counts_words(frame, state),
        badge=course_badge(frame, state),
        when=when_words(frame, state.pulled_at),
        why=why,
    )


def _preview(frame: Frame, found: CoursePreview, sees: bool) -> PreviewLine:
    state = found.state
    lists = [
        *_names(frame, frame.words("New in the list"), found.came),
        *_names(frame, frame.words("Changed"), found.changed),
        *_names(frame, frame.words("Gone from the list"), found.left),
    ]
    return PreviewLine(
        title=state.title or frame.words("A course without a name"),
        context=state.context_id,
        counts=counts_words(frame, state),
        lists=lists if sees else [],
        missing=state.left,
        stood=state.left + state.people - state.came,
    )


def _names(frame: Frame, title: str, members: Sequence[RosterMember]) -> list[NameList]:
    """Return the names by what people are in the course, so that each group can be looked through."""
    groups = {
        frame.words("Staff"): {RosterStanding.TEACHER, RosterStanding.HELPER},
        frame.words("Pupils"): {RosterStanding.PUPIL},
        frame.words("Parents and others"): {RosterStanding.OBSERVER, RosterStanding.OTHER},
    }
    lists = []
    for group, standings in groups.items():
        held = [one for one in members if one.standing in standings]
        shown = [member_name(frame, one) for one in held[:SHOWN_NAMES]]
        if held:
            lists.append(NameList(title=f"{title} · {group}", names=shown, more=len(held) - len(shown)))
    return lists


def _doubt(frame: Frame, row: DoubtRow) -> DoubtLine:
    return DoubtLine(
        id=str(row.doubt.id),
        name=member_name(frame, row.line),
        note=", ".join(row.courses),
        other=row.name,
        other_note=frame.words("known here"),
        why=doubt_words(frame, row.doubt.reason),
        initials=initials(row.line.name or ""),
    )
