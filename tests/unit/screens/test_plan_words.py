"""The words of a plan: differences as sentences, parts in their order, what is lacking with what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from iepcore.language import FreeText
from iepcore.plan import Delivery, Interval
from iepcore.plan.document import (
    Amendment,
    AmendmentMethod,
    Assessment,
    AssessmentKind,
    EsyAnswer,
    EsyDecision,
    FactorAnswer,
    GoalKind,
    Lack,
    MeasuredLine,
    Missing,
    Objective,
    ObjectiveState,
    ParentConcern,
    Placement,
    PlanContents,
    PlanPart,
    PlanState,
    PlanVersion,
    PresentLevel,
    SpecialFactor,
    Support,
    SupportKind,
    TransitionPlan,
    differences,
)
from iepcore.progress import CbmTask, ConsecutiveCriterion, Direction, Measure, MeasureKind
from lti_app.screens import plan_words
from lti_app.screens.page import Frame
from lti_app.screens.plan_changes import change_lines, since_words, whole_sentence
from lti_app.screens.plan_reading import section_of, sections_of
from tests.unit.plan.document.plans import contents, goal, speech, version, words

BECAUSE = FreeText(text="she can do more.", lang="en")


def frame(lang: str = "en", *, family: bool = False) -> Frame:
    """A frame without a viewer: words need none."""
    zone = ZoneInfo("America/Chicago")
    return Frame(viewer=None, lang=lang, family=family, zone=zone, here=zone)  # type: ignore[arg-type]


def told(before: PlanContents, after: PlanContents, lang: str = "en") -> list[str]:
    """The sentences of a difference, as text."""
    return [line.words.striptags() for line in change_lines(frame(lang), differences(before, after))]


def amended() -> PlanVersion:
    """A version that amends another."""
    amendment = Amendment(
        of=version().id,
        method=AmendmentMethod.AGREEMENT,
        agreed_on=date(2026, 10, 1),
        why=BECAUSE,
    )
    return version(2, date(2026, 10, 3), amendment=amendment)


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        (
            "en",
            "speech: from 30 to 45 minutes, from 3 October 2026, agreed on 1 October 2026, "
            "because: she can do more.",
        ),
        (
            "es",
            "speech: de 30 a 45 minutos, desde el 3 de octubre de 2026, acordado el 1 de octubre de 2026, "
            "porque: she can do more.",
        ),
    ],
)
def test_a_change_of_minutes_is_one_sentence(lang: str, expected: str) -> None:
    """Speech from 30 to 45 minutes: from when, agreed when, because of what."""
    before, after = contents(services=(speech(30),)), contents(services=(speech(45),))
    [line] = change_lines(frame(lang), differences(before, after))
    assert expected == whole_sentence(frame(lang), line, amended()).striptags()


def test_dari_says_it_with_its_own_numbers() -> None:
    """Numbers and days are the reader's; the name of the service stays as it is written."""
    before, after = contents(services=(speech(30),)), contents(services=(speech(45),))
    [line] = change_lines(frame("prs", family=True), differences(before, after))
    said = whole_sentence(frame("prs", family=True), line, amended())
    assert "<bdi>speech</bdi>" in said
    assert "۴۵" in said
    assert "minutes" not in said


def test_a_version_that_amends_nothing_has_only_its_day() -> None:
    """A yearly plan begins on a day; nothing was agreed beside it."""
    assert "from 30 September 2026" == since_words(frame(), version())


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"frequency": 3}, "speech: number of times from 2 to 3"),
        ({"interval": Interval.MONTH}, "speech: counted in a month, before in a week"),
        (
            {"frequency": 1, "interval": Interval.MONTH},
            "speech: from 2 times a week to once a month",
        ),
        ({"delivery": Delivery.CONSULT}, "for whom from with the student to with staff about the student"),
        ({"in_group": True}, "speech: now in a small group"),
        ({"is_extended_year": True}, "speech: now also in the summer"),
        ({"setting": "room 4"}, "speech: place: room 4"),
        ({"ends_on": date(2027, 1, 1)}, "last day from 28 September 2027 to 1 January 2027"),
    ],
)
def test_each_change_of_a_service_has_words(change: dict[str, object], expected: str) -> None:
    """Whatever changes in a service, the line says what it was and what it is."""
    [line] = told(contents(), contents(services=(replace(speech(), **change),)))  # type: ignore[arg-type]
    assert expected in line


def test_a_place_that_is_taken_out_is_said() -> None:
    """A value that was there and is not any more."""
    assert ["speech: place taken out"] == told(contents(services=(speech(setting="room 4"),)), contents())


def test_what_comes_and_goes() -> None:
    """New and removed pieces are named, a new service whole."""
    after = contents(services=(), supports=(), goals=(goal(2),))
    lines = told(contents(), after)
    assert "speech: no longer in the plan" in lines
    assert "more time: no longer in the plan" in lines
    assert "goal 1: no longer in the plan" in lines
    assert any(line.startswith("goal 2: new, School work") for line in lines)
    back = told(after, contents())
    assert "speech: new, 2 times a week, 30 minutes, with the student" in back


def test_texts_stand_side_by_side() -> None:
    """Words that were written anew come with what stood before and what stands now."""
    after = contents(goals=(replace(goal(), words=words("goal one, higher")),))
    [line] = change_lines(frame(), differences(contents(), after))
    assert "goal one, higher: the goal in other words" == line.words.striptags()
    [(heading, before, now)] = line.pairs
    assert ("the goal", True, True) == (heading, "goal 1" in str(before), "goal one, higher" in str(now))


def test_only_a_person_behind_a_service_makes_no_line() -> None:
    """Who gives a service is no promise of the plan and an id says nothing to anybody."""
    other = replace(speech(), provider_id=version().written_by)
    assert [] == told(contents(), contents(services=(other,)))


def full() -> PlanContents:
    """Contents in which every part has everything."""
    line = MeasuredLine(
        measure=Measure(kind=MeasureKind.CBM, cbm_task=CbmTask.ORAL_READING),
        baseline=40,
        target=90,
        direction=Direction.INCREASE,
        criterion=ConsecutiveCriterion(k=3),
        skill_key="reading_aloud",
    )
    return contents(
        student_words=words("I like frogs"),
        levels=(PresentLevel(area="reading", strengths=words(), now=words("42"), needs=words("long words")),),
        goals=(
            goal(
                line=line,
                wish=words("a book"),
                objectives=(
                    Objective(words=words("step"), by=date(2027, 1, 5)),
                    Objective(words=words("next step"), state=ObjectiveState.MET),
                ),
            ),
            goal(2, wish=words("first this"), serves_wish=False, kind=GoalKind.TRANSITION),
        ),
        services=(speech(setting="room 4", in_group=True, is_extended_year=True),),
        supports=(
            *(
                Support(kind=kind, words=words(kind.value), where="class", responsible="teacher")
                for kind in SupportKind
            ),
            Support(kind=SupportKind.AID, words=words("board"), in_state_tests=True),
        ),
        factors=(FactorAnswer(factor=SpecialFactor.BRAILLE, is_needed=True, words=words("contracted")),),
        assessment=Assessment(kind=AssessmentKind.ALTERNATE, why=words("the test does not fit")),
        transition=TransitionPlan(
            postsecondary_goals=(words("work with animals"),),
            services=(words("visit a farm"),),
            courses_of_study=words("biology"),
        ),
        report_on=(date(2027, 1, 15),),
        rights_told_on=date(2026, 10, 1),
    )


@pytest.mark.parametrize(("lang", "family"), [("en", False), ("en", True), ("es", False), ("prs", True)])
def test_everything_a_plan_holds_can_be_read(lang: str, family: bool) -> None:
    """Every part has a heading and words in each language; the family's wish stands first."""
    sections = sections_of(frame(lang, family=family), full())
    assert [part for part in PlanPart if part is not PlanPart.OBJECTIVE] == [one.part for one in sections]
    for section in sections:
        assert section.title
        assert section.pieces
    text = " ".join(
        str(words) for section in sections for piece in section.pieces for _, words in piece.facts
    )
    for said in ("read a whole book", "she hides her book", "I like frogs", "contracted", "biology"):
        assert said in text
    if lang != "en":
        for english in ("minutes", "Strengths", "with the student", "peers"):
            assert english not in text


def test_supports_are_never_one_list() -> None:
    """How a student learns and what is expected stand apart, each under its own heading."""
    section = section_of(frame(), full(), PlanPart.SUPPORT)
    assert [1, 1, 2, 1] == [len(pieces) for _, pieces in section.groups]
    assert section.groups[0][0].startswith("Accommodations")
    assert section.groups[1][0].startswith("Modifications")


def test_an_empty_part_is_a_heading() -> None:
    """A part without anything can still be shown, to be filled."""
    section = section_of(frame(), PlanContents(), PlanPart.GOAL)
    assert ("Goals", ()) == (section.title, section.pieces)
    assert [] == sections_of(frame(), PlanContents())


def test_no_concern_told_is_an_answer() -> None:
    """Asked, none given: with the day."""
    found = sections_of(frame(), PlanContents(concern=ParentConcern(asked_on=date(2026, 9, 29))))
    assert "Asked on 29 September 2026: none told." == found[0].pieces[0].facts[0][1]


@pytest.mark.parametrize("lang", ["en", "es", "prs"])
def test_every_difference_has_words(lang: str) -> None:
    """From nothing to everything and back, and everything changed: no value is without words."""
    changed = replace(
        full(),
        placement=Placement(week_minutes=1700, with_peers=1700),
        assessment=Assessment(kind=AssessmentKind.REGULAR),
        esy=EsyDecision(answer=EsyAnswer.LATER, on=date(2027, 4, 1)),
        report_on=(date(2027, 1, 15), date(2027, 3, 15)),
        rights_told_on=date(2026, 10, 2),
        goals=(replace(full().goals[0], kind=GoalKind.FUNCTIONAL, serves_wish=False, line=None),),
        factors=(FactorAnswer(factor=SpecialFactor.BRAILLE, is_needed=False),),
        concern=ParentConcern(asked_on=date(2026, 9, 30)),
    )
    empty = PlanContents()
    for before, after in ((empty, full()), (full(), empty), (full(), changed), (changed, full())):
        lines = change_lines(frame(lang, family=lang == "prs"), differences(before, after))
        assert lines
        assert all(line.words.striptags() and line.heading for line in lines)


def test_a_measured_line_that_moves_is_told_with_both() -> None:
    """A goal that asks for more: from where to where, now and before."""
    before = full()
    line = before.goals[0].line
    assert line is not None
    after = replace(before, goals=(replace(before.goals[0], line=replace(line, target=110)), before.goals[1]))
    assert (
        "goal 1: now from 40 words in a minute to 110 words in a minute, "
        "before from 40 words in a minute to 90 words in a minute"
    ) in told(before, after)[0]


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("lack", list(Lack))
def test_everything_lacking_says_what_to_do(lang: str, lack: Lack) -> None:
    """Each lack is a sentence with its rule beside it."""
    about = {Lack.FACTORS: "braille", Lack.OBJECTIVES: str(goal().goal_id), Lack.LINE: "?"}.get(lack, "")
    missing = Missing(lack=lack, about=about)
    words_of_it = plan_words.lack_words(frame(lang), missing, contents())
    assert words_of_it
    assert missing.citation.startswith("34 CFR")
    assert words_of_it == plan_words.lack_words(frame(lang), missing, contents())


def test_a_lack_names_what_it_is_about() -> None:
    """The goal, the service, the factor: by the name a reader knows."""
    about = {
        "goal 1": Missing(lack=Lack.OBJECTIVES, about=str(goal().goal_id)),
        "<bdi>speech</bdi>": Missing(lack=Lack.SERVICE_OUTSIDE, about=str(speech().id)),
        "Blind or low vision": Missing(lack=Lack.FACTORS, about="braille"),
    }
    for name, missing in about.items():
        assert name in plan_words.lack_words(frame(), missing, contents())
    assert "goal 1" not in plan_words.lack_words(frame(), about["goal 1"])


def test_every_state_has_words() -> None:
    """Each state of a version, of a step, of a kind."""
    assert len(PlanState) == len({plan_words.plan_state_words(frame(), state) for state in PlanState})
    assert len(ObjectiveState) == len(
        {plan_words.objective_state_words(frame(), one) for one in ObjectiveState}
    )


def test_a_long_goal_is_known_by_its_beginning() -> None:
    """What stands in a list is short, and says that it goes on."""
    long = plan_words.short(words("word " * 60))
    assert long.text.endswith("…")
    assert len(long.text) <= 91
