"""Taking a OneRoster file in from the command line: what it would change, and the change itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import click

from connectors.oneroster import (
    OneRosterDelta,
    OneRosterSource,
    ProblemReport,
    open_zip,
    options_of,
)
from connectors.registry import config_of
from iepcore.caseload import ROSTERS
from iepcore.people import CourseRoster, CourseStanding, RosterFeed, RunState, plan_course
from lti_app.cli.roster_words import Bar, problem_values
from lti_app.doors.records import Site
from lti_app.rosters.sources import ONEROSTER, kept_of
from lti_app.wiring import Wired


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command line says: whose ids, and the file with its options."""

    source: str
    config: Mapping[str, str]

    @property
    def kept(self) -> str:
        """The options that are kept with the source, as lines; not the file."""
        return "\n".join(f"{key} = {self.config[key]}" for key in sorted(self.config) if key != "file")


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseLine:
    """What becomes of one course, in numbers."""

    id: str
    title: str
    came: int
    left: int
    changed: int
    is_whole: bool

    @property
    def changes(self) -> bool:
        """Whether anybody comes, leaves or is called otherwise."""
        return bool(self.came or self.left or self.changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a file would change, or has changed: then ``state`` says how it ended."""

    kind: str
    version: str
    courses: tuple[CourseLine, ...]
    report: ProblemReport
    gone: int = 0
    passed_over: int = 0
    state: str | None = None
    standings: Sequence[CourseStanding] = field(default=())

    def document(self) -> dict[str, object]:
        """Return it for JSON."""
        return {
            "kind": self.kind,
            "version": self.version,
            "state": self.state or "preview",
            "courses": [
                {
                    "id": one.id,
                    "title": one.title,
                    "come": one.came,
                    "leave": one.left,
                    "change": one.changed,
                    "whole": one.is_whole,
                }
                for one in self.courses
            ],
            "courses_gone": self.gone,
            "passed_over": self.passed_over,
            "held": sum(one is CourseStanding.HELD for one in self.standings),
            "problems": self.report.total,
            "rows": problem_values(self.report.rows),
        }


class Importing:
    """One file on its way into one school's address book."""

    def __init__(self, wired: Wired, site: Site, asked: Asked, bar: Bar) -> None:
        self._wired = wired
        self._site = site
        self._asked = asked
        self._bar = bar
        self._store = wired.store(site.id)
        self._caseload = wired.job(site, ROSTERS)

    def preview(self) -> Taken:
        """Return what the file would change; nothing is written."""
        return self._look(self._open(self._feed()))

    def take_in(self) -> Taken:
        """Take the file in, and return what it changed.

        Raises:
            IllegalMove: ``pull_open`` while another pull of this source goes on or waits for a person.
            ConnectorError: the file cannot be used; nothing was changed.
        """
        feed = self._feed()
        source = self._open(feed)
        seen = self._look(source)
        rosters = self._caseload.rosters
        feed_id = rosters.connect(
            ONEROSTER, "OneRoster", self._asked.source, config=self._asked.kept, nightly=False
        )
        run = rosters.bring(feed_id, source)
        if run.state is RunState.WAITING:
            rosters.accept(feed_id)  # whoever adds --yes has seen the numbers
        pulling = self._caseload.pulling
        while (claimed := pulling.claim()) is not None:
            with self._wired.feed_sources.open(self._site, claimed[0]) as other:
                ended = pulling.carry_out(*claimed, other)
            if ended.id == run.id:
                break
        with self._store.read() as uow:
            found = uow.rosters.run(run.id)
            states = [one.standing for one in uow.rosters.courses_of(feed_id) if one.run_id == run.id]
        return Taken(
            kind=seen.kind,
            version=seen.version,
            courses=seen.courses,
            report=seen.report,
            gone=seen.gone,
            passed_over=seen.passed_over,
            state=found.state.value if found is not None else RunState.ASKED.value,
            standings=states,
        )

    def _feed(self) -> RosterFeed | None:
        """Return the source as it is kept, if it is.

        Raises:
            ClickException: it was connected with other options: under another number, everybody would be
                somebody else.
        """
        with self._store.read() as uow:
            feeds = [
                one
                for one in uow.rosters.feeds()
                if one.ended_at is None and (one.kind, one.source) == (ONEROSTER, self._asked.source)
            ]
        feed = feeds[0] if feeds else None
        if feed is not None and self._asked.kept and config_of(feed.config) != config_of(self._asked.kept):
            raise click.ClickException(
                "This source was connected with other options. Leave them out, or give another --source."
                " Nothing was changed."
            )
        return feed

    def _open(self, feed: RosterFeed | None) -> OneRosterSource | OneRosterDelta:
        kept = config_of(feed.config) if feed is not None else {}
        mine = {"source": self._asked.source, "zone": self._site.zone}
        path, options = options_of({**kept, **self._asked.config, **mine})
        return open_zip(
            path,
            options,
            previous=lambda: kept_of(self._store, self._asked.source),
            watch=self._bar.rows,
        )

    def _look(self, source: OneRosterSource | OneRosterDelta) -> Taken:
        listed = source.courses()
        lines = tuple(self._line(one) for one in source.rosters(listed.courses, tell=self._bar.tell))
        self._bar.end()
        gone: set[str] = set()
        if listed.complete:
            with self._store.read() as uow:
                known = {line.context_id for line in uow.people.roster(self._asked.source) if line.active}
            gone = known - {one.id for one in listed.courses}
        is_delta = isinstance(source, OneRosterDelta)
        return Taken(
            kind="delta" if is_delta else "bulk",
            version=source.version,
            courses=lines,
            report=source.report,
            gone=len(gone),
            passed_over=source.passed_over if isinstance(source, OneRosterDelta) else 0,
        )

    def _line(self, roster: CourseRoster) -> CourseLine:
        source = self._asked.source
        with self._store.read() as uow:
            before = uow.people.roster(source, roster.course.id)
            hints = uow.rosters.guardians_in(source, roster.course.id)
        plan = plan_course(before, hints, roster, source=source, seen_at=roster.pulled_at)
        return CourseLine(
            id=roster.course.id,
            title=plan.title,
            came=len(plan.changes.came),
            left=len(plan.changes.left),
            changed=len(plan.changes.changed),
            is_whole=roster.ends_are_final,
        )
