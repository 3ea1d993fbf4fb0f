"""A plan as it is read, part by part: wish, concerns and strengths first, whoever reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from markupsafe import Markup, escape

from iepcore.language import FreeText, format_day
from iepcore.plan import ServicePrescription
from iepcore.plan.document import (
    ParentConcern,
    PlanContents,
    PlanGoal,
    PlanPart,
    PresentLevel,
    Support,
    SupportKind,
    key_of,
)
from lti_app.screens import plan_words as say
from lti_app.screens.findings import html
from lti_app.screens.page import Frame

Fact = tuple[str, Markup]
"""A heading and words; a heading "" stands for the words alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of a part: ``about`` is its key (see ``part_of``); ``title`` and ``note`` may be empty."""

    about: str
    title: Markup
    facts: tuple[Fact, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of a plan. ``groups`` are (heading, pieces): supports have a group for each of their kinds."""

    part: PlanPart
    title: str
    groups: tuple[tuple[str, tuple[Piece, ...]], ...]

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """All pieces, in order."""
        return tuple(piece for _, pieces in self.groups for piece in pieces)


def sections_of(frame: Frame, contents: PlanContents) -> list[Section]:
    """Return the parts that have something in them, in the order they are read."""
    made = [(part, list(make(frame, contents))) for part, make in _MAKERS.items()]
    return [_section(frame, part, pieces) for part, pieces in made if pieces]


def section_of(frame: Frame, contents: PlanContents, part: PlanPart) -> Section:
    """Return one part, with or without anything in it."""
    return _section(frame, part, list(_MAKERS[part](frame, contents)))


def _section(frame: Frame, part: PlanPart, pieces: list[Piece]) -> Section:
    title = say.part_words(frame, part)
    if part is not PlanPart.SUPPORT:
        return Section(part=part, title=title, groups=(("", tuple(pieces)),))
    groups = []
    for kind in SupportKind:
        of_kind = tuple(piece for piece in pieces if piece.note == kind.value)
        if of_kind:
            groups.append((say.support_kind_words(frame, kind), of_kind))
    return Section(part=part, title=title, groups=tuple(groups))


def _alone(words: Markup | str) -> Piece:
    return Piece(about="", title=Markup(""), facts=(("", escape(words)),))


def _wish(frame: Frame, contents: PlanContents) -> Iterator[Piece]:
    if contents.family_wish is not None:
        yield _alone(say.quoted(frame, contents.family_wish))


def _concern(frame: Frame, contents: PlanContents) -> Iterator[Piece]:
    if contents.concern is not None:
        yield _alone(concern_words(frame, contents.concern))


def concern_words(frame: Frame, concern: ParentConcern) -> Markup:
    """Return the parents' words with the day they were asked; that they had none is an answer, too."""
    day = format_day(concern.asked_on, frame.lang)
    if concern.words is None:
        return html(frame, "Asked on %(day)s: none told.", day=day)
    return html(frame, "%(words)s (asked on %(day)s)", words=say.quoted(frame, concern.words), day=day)


def _student(frame: Frame, contents: PlanContents) -> Iterator[Piece]:
    if contents.student_words is not None:
        yield _alone(say.quoted(frame, contents.student_words))


def _levels(frame: Frame, contents: PlanContents) -> Iterator[Piece]:
    for level in contents.levels:
        yield Piece(
            about=key_of(PlanPart.LEVEL, level), title=area_words(frame, level), facts=_level(frame, level)
        )


def area_words(frame: Frame, level: PresentLevel) -> Markup:
    """Return an area as the plan words it, with a capital."""
    return say.written(level.area[:1].upper() + level.area[1:])


def _level(frame: Frame, level: PresentLevel) -> tuple[Fact, ...]:
    facts = [
        (frame.words("Strengths"), frame.say(level.strengths)),
        (frame.words("How it is now"), frame.say(level.now)),
    ]
    if level.needs is not None:
        facts.append((frame.words("What is hard"), frame.say(level.needs)))
    return tuple(facts)


def _goals(frame: Frame, contents: PlanContents) -> Iterator[Piece]:
    for goal in contents.goals:
        yield Piece(
            about=key_of(PlanPart.GOAL, goal),
            title=frame.say(goal.words),
            facts=tuple(_goal(frame, goal)),
            note=say.goal_kind_words(frame, goal.kind),
        )


def _goal(frame: Frame, goal: PlanGoal) -> Iterator[Fact]:
    if goal.wish is not None:
        words = say.quoted(frame, goal.wish)
        if goal.serves_wish:
            yield frame.words("Serves the wish"), words
        else:
            yield frame.words("Does not serve the family’s wish yet, because"), words
    yield frame.words("Builds on"), say.in_a_row(frame, [say.written(area) for area in goal.levels])
    if goal.line is not None:
        yield frame.words("Measured"), say.measured_words(frame, goal.line)
    for step in goal.objectives:
        state = say.objective_state_words(frame, step.state)
        words = html(frame, "%(words)s (%(state)s)", words=frame.say(step.words), state=state)
        if step.by is not None:
            words = html(
                frame,
                "%(words)s (by %(day)s; %(state)s)",
                words=frame.say(step.words),
                day=format_day(step.by, frame.lang),
                state=state,
            )
        yield frame.words("Step"), words


def _services(frame: Frame, contents: PlanContents) -> Iterator[Piece]:
    for service in contents.services:
        yield Piece(
            about=key_of(PlanPart.SERVICE, service),
            title=say.written(service.service),
            facts=tuple(_service(frame, service)),
        )


def _service(frame: Frame, service: ServicePrescription) -> Iterator[Fact]:
    yield "", escape(say.service_words(frame, service))
    yield (
        "",
        html(
            frame,
            "%(first)s to %(last)s",
            first=format_day(service.begins_on, frame.lang),
            last=format_day(service.ends_on, frame.lang),
        ),
    )
    if service.setting:
        yield frame.words("Place"), say.written(service.setting)


def _supports(frame: Frame, contents: PlanContents) -> Iterator[Piece]:
    for support in contents.supports:
        yield Piece(
            about=key_of(PlanPart.SUPPORT, support),
            title=frame.say(support.words),
            facts=tuple(_support(frame, support)),
            note=support.kind.value,
        )


def _support(frame: Frame, support: Support) -> Iterator[Fact]:
    if support.where:
        yield frame.words("Place"), say.written(support.where)
    if support.responsible:
        yield frame.words("Who sees to it"), say.written(support.responsible)
    if support.in_state_tests:
        yield "", escape(frame.words("Also in state tests"))


def _factors(frame: Frame, contents: PlanContents) -> Iterator[Piece]:
    for answer in contents.factors:
        needed = frame.words("Needed") if answer.is_needed else frame.words("Not needed now")
        words = escape(needed)
        if answer.words is not None:
            words = html(frame, "%(answer)s: %(words)s", answer=needed, words=frame.say(answer.words))
        yield Piece(
            about=key_of(PlanPart.FACTOR, answer),
            title=escape(say.factor_words(frame, answer.factor)),
            facts=(("", words),),
        )


def _placement(frame: Frame, contents: PlanContents) -> Iterator[Piece]:
    placement = contents.placement
    if placement is None:
        return
    share = html(
        frame,
        "%(with)s of %(week)s in a school week are with peers.",
        **{
            "with": frame.say(placement.with_peers),
            "week": say.minutes_words(frame, placement.week_minutes),
        },
    )
    facts: list[Fact] = [("", share)]
    if placement.why_apart is not None:
        facts.append((frame.words("Why the rest is apart"), frame.say(placement.why_apart)))
    yield Piece(about="", title=Markup(""), facts=tuple(facts))


def _decided(title: str, why: str, words: FreeText | None, frame: Frame) -> Piece:
    facts: list[Fact] = [("", escape(title))]
    if words is not None:
        facts.append((why, frame.say(words)))
    return Piece(about="", title=Markup(""), facts=tuple(facts))


def _assessment(frame: Frame, contents: PlanContents) -> Iterator[Piece]:
    found = contents.assessment
    if found is not None:
        yield _decided(say.assessment_words(frame, found.kind), frame.words("Why"), found.why, frame)


def _esy(frame: Frame, contents: PlanContents) -> Iterator[Piece]:
    found = contents.esy
    if found is None:
        return
    title = frame.words(
        "%(decision)s (%(day)s)",
        decision=say.esy_words(frame, found.answer),
        day=format_day(found.on, frame.lang),
    )
    yield _decided(title, frame.words("What it rests on"), found.basis, frame)


def _transition(frame: Frame, contents: PlanContents) -> Iterator[Piece]:
    plan = contents.transition
    if plan is None:
        return
    facts = [(frame.words("Goal for after school"), frame.say(one)) for one in plan.postsecondary_goals]
    facts += [(frame.words("Service toward it"), frame.say(one)) for one in plan.services]
    if plan.courses_of_study is not None:
        facts.append((frame.words("Courses"), frame.say(plan.courses_of_study)))
    yield Piece(about="", title=Markup(""), facts=tuple(facts))


def _reports(frame: Frame, contents: PlanContents) -> Iterator[Piece]:
    if contents.report_on:
        yield _alone(say.in_a_row(frame, [format_day(day, frame.lang) for day in contents.report_on]))


def _rights(frame: Frame, contents: PlanContents) -> Iterator[Piece]:
    if contents.rights_told_on is not None:
        yield _alone(
            frame.words(
                "The student was told on %(day)s.", day=format_day(contents.rights_told_on, frame.lang)
            )
        )


_MAKERS: dict[PlanPart, Callable[[Frame, PlanContents], Iterator[Piece]]] = {
    PlanPart.FAMILY_WISH: _wish,
    PlanPart.CONCERN: _concern,
    PlanPart.STUDENT_WORDS: _student,
    PlanPart.LEVEL: _levels,
    PlanPart.GOAL: _goals,
    PlanPart.SERVICE: _services,
    PlanPart.SUPPORT: _supports,
    PlanPart.FACTOR: _factors,
    PlanPart.PLACEMENT: _placement,
    PlanPart.ASSESSMENT: _assessment,
    PlanPart.ESY: _esy,
    PlanPart.TRANSITION: _transition,
    PlanPart.REPORTS: _reports,
    PlanPart.RIGHTS_TOLD: _rights,
}
