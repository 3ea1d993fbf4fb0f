"""The family's plan page as plain objects: pieces with this adult's answer, what changed, the timeline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from markupsafe import Markup

from iepcore.caseload import FamilyPlanPage, Remark, TimelineStep
from iepcore.language import FreeText, format_day
from iepcore.plan.document import (
    AnswerKind,
    FactorAnswer,
    PlanContents,
    PlanPart,
    PlanState,
    PlanVersion,
    Voice,
    WrittenNotice,
    text_hash,
)
from iepcore.plan.document.pieces import pieces_of
from lti_app.screens import plan_words as say
from lti_app.screens.bubbles import language_word, same_language, when_words
from lti_app.screens.findings import html
from lti_app.screens.page import Frame
from lti_app.screens.plan_changes import ChangeLine, change_lines
from lti_app.screens.plan_reading import Fact, Section, sections_of

OWN_WORDS = frozenset({PlanPart.FAMILY_WISH, PlanPart.CONCERN, PlanPart.STUDENT_WORDS})
"""What the family or the student said: nobody asks them whether they accept it."""

_TOLD_ONLY = frozenset({PlanPart.RIGHTS_TOLD})


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkView:
    """One remark: whose, when, and its words in their own language."""

    author: str
    is_mine: bool
    words: Markup
    when: str
    stamp: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceView:
    """One thing in the plan. ``mark`` says that it is new, changed or taken away; ``said`` is what this adult
    answered, in words, and ``kind`` its code ("" for none); ``name`` is what a screen reader hears of it.
    """

    id: str
    part: str
    about: str
    title: Markup
    facts: tuple[Fact, ...]
    mark: str
    name: str
    said: str
    kind: str
    remarks: tuple[RemarkView, ...]
    is_gone: bool
    is_brief: bool
    takes_answer: bool
    keys: tuple[UUID, UUID]

    @property
    def is_touched(self) -> bool:
        """Whether the version changes it, or somebody has said something to it."""
        return bool(self.mark or self.kind or self.remarks)


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """One part of the plan with its pieces, in groups that may have a heading of their own."""

    title: str
    groups: tuple[tuple[str, tuple[PieceView, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One version in the timeline, newest first."""

    title: str
    state: str
    is_shown: bool
    changes: tuple[Markup, ...]
    href: str


def section_views(frame: Frame, page: FamilyPlanPage) -> list[SectionView]:
    """Return the plan part by part; what the version takes away stands in its part, and says so."""
    shown = page.shown
    if shown is None:
        return []
    before = page.before.contents if page.before is not None else PlanContents()
    now = {section.part: section for section in sections_of(frame, shown.contents)}
    gone = {section.part: section for section in sections_of(frame, before)} if page.before else {}
    made = _Maker(frame=frame, page=page, before=before, contents=shown.contents)
    found = []
    for part in PlanPart:
        groups = tuple(made.groups(part, now.get(part), gone.get(part)))
        if any(pieces for _, pieces in groups):
            found.append(SectionView(title=say.part_words(frame, part), groups=groups))
    return found


def split_by_change(
    page: FamilyPlanPage, sections: Sequence[SectionView]
) -> tuple[list[SectionView], list[SectionView]]:
    """Return what a proposed amendment touches, and what stays; any other version is read as a whole."""
    shown = page.shown
    if shown is None or shown.state is not PlanState.PROPOSED or shown.amendment is None or not page.changes:
        return list(sections), []
    return [_only(one, marked=True) for one in sections if _has(one, marked=True)], [
        _only(one, marked=False) for one in sections if _has(one, marked=False)
    ]


def _only(section: SectionView, *, marked: bool) -> SectionView:
    groups = tuple(
        (heading, tuple(piece for piece in pieces if piece.is_touched is marked))
        for heading, pieces in section.groups
    )
    return SectionView(title=section.title, groups=groups)


def _has(section: SectionView, *, marked: bool) -> bool:
    return any(piece.is_touched is marked for _, pieces in section.groups for piece in pieces)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Maker:
    frame: Frame
    page: FamilyPlanPage
    before: PlanContents
    contents: PlanContents

    def groups(
        self, part: PlanPart, now: Section | None, was: Section | None
    ) -> Iterator[tuple[str, tuple[PieceView, ...]]]:
        """Return the groups of one part, and under each what is taken away from it."""
        if part is PlanPart.OBJECTIVE:
            return
        stays = pieces_of(self.contents, part)
        headings = dict.fromkeys(
            heading for section in (now, was) if section is not None for heading, _ in section.groups
        )
        for heading in headings:
            pieces = []
            for section, is_gone in ((now, False), (was, True)):
                for group, held in section.groups if section is not None else ():
                    if group == heading:
                        pieces += [
                            self.piece(
                                part,
                                section.title if section else "",
                                one.about,
                                one.title,
                                one.facts,
                                is_gone,
                            )
                            for one in held
                            if not is_gone or one.about not in stays
                        ]
            yield heading, tuple(pieces)

    def piece(
        self, part: PlanPart, heading: str, about: str, title: Markup, facts: tuple[Fact, ...], is_gone: bool
    ) -> PieceView:
        """Return one piece with what this adult said to it."""
        answer = next((one for one in self.page.answers if (one.part, one.about) == (part, about)), None)
        own = part in OWN_WORDS
        mark = self._mark(part, about, is_gone)
        is_brief = not mark and answer is None and self._is_not_needed(part, about)
        return PieceView(
            id=anchor_of(part, about),
            part=part.value,
            about=about,
            title=title,
            facts=facts,
            mark=mark,
            name=title.striptags() or heading,
            said=answer_words(self.frame, answer.answer) if answer is not None else "",
            kind=answer.answer.value if answer is not None else "",
            remarks=remark_views(self.frame, self.page.remarks, part, about),
            is_gone=is_gone,
            is_brief=is_brief,
            takes_answer=self.page.may_answer and not own and not is_brief and part not in _TOLD_ONLY,
            keys=(uuid4(), uuid4()),
        )

    def _is_not_needed(self, part: PlanPart, about: str) -> bool:
        """Whether it is a factor the team thought about and found nothing in: one line, nothing to answer."""
        found = pieces_of(self.contents, part).get(about) if part is PlanPart.FACTOR else None
        return isinstance(found, FactorAnswer) and not found.is_needed and found.words is None

    def _mark(self, part: PlanPart, about: str, is_gone: bool) -> str:
        if is_gone:
            return self.frame.words("Taken away")
        if self.page.before is None:
            return ""
        was = pieces_of(self.before, part).get(about)
        if was is None:
            return self.frame.words("New")
        return "" if was == pieces_of(self.contents, part).get(about) else self.frame.words("Changed")


def anchor_of(part: PlanPart | None, about: str) -> str:
    """Return the id of a piece on the page; of the plan as a whole without a part. It holds no word of it."""
    return "whole" if part is None else f"p-{part.value}-{text_hash(about)[:8]}"


def answer_words(frame: Frame, answer: AnswerKind) -> str:
    """Return what this adult said to a part."""
    return {
        AnswerKind.ACCEPTED: frame.words("You said: yes"),
        AnswerKind.NOT_ACCEPTED: frame.words("You said: no"),
        AnswerKind.QUESTION: frame.words("You asked a question"),
        AnswerKind.TAKEN_BACK: "",
    }[answer]


def remark_views(
    frame: Frame, remarks: Sequence[Remark], part: PlanPart | None, about: str = ""
) -> tuple[RemarkView, ...]:
    """Return the remarks on one piece (None: on the plan as a whole), oldest first."""
    return tuple(
        RemarkView(
            author=one.author_name,
            is_mine=one.comment.voice is not Voice.STAFF,
            words=frame.say(one.comment.words),
            when=when_words(frame, one.comment.said_at),
            stamp=one.comment.said_at.isoformat(),
        )
        for one in remarks
        if (one.comment.part, one.comment.about) == (part, about)
    )


def changed_lines(frame: Frame, page: FamilyPlanPage) -> list[ChangeLine]:
    """Return what the version on the page changes."""
    return change_lines(frame, page.changes)


def why_words(frame: Frame, version: PlanVersion) -> Markup | None:
    """Return why a version was made, where it amends another: agreed when, and for what reason."""
    if version.amendment is None:
        return None
    return html(
        frame,
        "Agreed on %(day)s. Why: %(why)s",
        day=format_day(version.amendment.agreed_on, frame.lang),
        why=frame.say(version.amendment.why),
    )


def step_views(frame: Frame, page: FamilyPlanPage) -> list[StepView]:
    """Return the timeline of versions, newest first."""
    return [_step(frame, page, step) for step in page.steps]


def _step(frame: Frame, page: FamilyPlanPage, step: TimelineStep) -> StepView:
    version = step.version
    lines = [line.words for line in change_lines(frame, step.changes)]
    if version.amendment is not None:
        lines.append(html(frame, "Why: %(why)s", why=frame.say(version.amendment.why)))
    return StepView(
        title=frame.words("From %(day)s", day=format_day(version.begins_on, frame.lang)),
        state=say.plan_state_words(frame, version.state),
        is_shown=page.shown is not None and page.shown.id == version.id,
        changes=tuple(lines),
        href=f"/app/my/{page.student.id}/doc?v={version.id}",
    )


def state_lines(frame: Frame, page: FamilyPlanPage) -> tuple[str, tuple[Markup | str, ...]]:
    """Return the heading that says how the version on the page stands, and what follows from it."""
    version = page.shown
    assert version is not None  # there is no heading without a plan
    first = format_day(version.begins_on, frame.lang)
    last = format_day(version.ends_on, frame.lang)
    if version.state is PlanState.PROPOSED:
        return frame.words("This plan is proposed. It is not in effect yet."), (
            frame.words("It may begin on %(day)s.", day=first),
        )
    if version.was_in_force(page.day):
        return frame.words("This plan is in effect."), (
            frame.words("It runs from %(first)s to %(last)s.", first=first, last=last),
        )
    if version.begins_on > page.day and version.state is PlanState.IN_EFFECT:
        return frame.words("This plan begins on %(day)s.", day=first), ()
    return frame.words("This version is not in effect."), (say.plan_state_words(frame, version.state),)


def no_lines(frame: Frame, page: FamilyPlanPage) -> tuple[str, ...]:
    """Return what a "no" does, by the rule that holds here. It promises nothing that the rule does not."""
    version = page.shown
    assert version is not None  # asked for a proposal only
    lines = [
        frame.words(
            "“No” is your right. The team reads it. Say what you mean, so that you can talk about it."
        )
    ]
    rule = page.response
    day = format_day(version.begins_on, frame.lang)
    if page.before is None:
        lines.append(frame.words("This is the first plan. Nothing in it begins before you have signed."))
    elif rule is not None and rule.note == "silence_rejects":
        lines.append(
            frame.words(
                "If nobody answers within %(days)s days, that counts as no, and the plan before stays.",
                days=rule.value,
            )
        )
    elif rule is not None:
        lines.append(
            frame.words(
                "If nobody answers within %(days)s days, the school may begin with the plan.", days=rule.value
            )
        )
    else:
        lines.append(
            frame.words(
                "After its written notice the school may begin on %(day)s, "
                "even if you do not agree. "
                "You can ask for a meeting, a mediator or a hearing. The notice tells you how.",
                day=day,
            )
        )
    lines.append(frame.words("Your state may give you more rights. You can ask the school."))
    return tuple(lines)


def notice_rows(frame: Frame, notice: WrittenNotice | None) -> list[tuple[str, Markup]]:
    """Return the seven parts of the school's written notice, each under a heading in plain words."""
    if notice is None or notice.parts is None or notice.sent_on is None:
        return []
    parts = notice.parts
    rows: tuple[tuple[str, FreeText], ...] = (
        (frame.words("What the school wants to do, or not do"), parts.action),
        (frame.words("Why"), parts.why),
        (frame.words("What it looked at"), parts.evidence),
        (frame.words("What else was thought about, and why not"), parts.options_considered),
        (frame.words("What else mattered"), parts.other_factors),
        (frame.words("Your rights, and how to get them on paper"), parts.safeguards),
        (frame.words("Who can help you understand this"), parts.sources_of_help),
    )
    return [(heading, frame.say(words)) for heading, words in rows]


def written_in(frame: Frame, contents: PlanContents) -> str:
    """Return the language the team wrote in, when it is not the reader's; else empty."""
    texts = [
        *(goal.words for goal in contents.goals),
        *(level.now for level in contents.levels),
        *(support.words for support in contents.supports),
    ]
    foreign = next((one.lang for one in texts if not same_language(one.lang, frame.lang)), "")
    return language_word(frame, foreign) if foreign else ""
