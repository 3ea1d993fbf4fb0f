"""What a pasted plan says: goals, services, supports, and no line of it lost."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iepcore.errors import InvalidValue
from iepcore.plan import Delivery, Interval
from iepcore.plan.document import SupportKind
from iepcore.plan.incoming import (
    BlockKind,
    GoalDoubt,
    ServiceDoubt,
    blocks_of,
    goal_of,
    read_pasted_plan,
    service_of,
)
from iepcore.plan.incoming.dates import days_in
from iepcore.progress import CbmTask, ConsecutiveCriterion, MeasureKind, NOfMCriterion

PASTE = """\
Individual plan of Juniper Ash
Page 1 of 3
MEASURABLE ANNUAL GOALS
Measurable Annual Goal #1: By 10/13/2027, given an unpracticed grade 4 passage, Juniper will read
aloud at 92 words correct per minute on 3 consecutive weekly probes.
Baseline: 52 wcpm (10/1/2026)
Short-term Objectives:
1. Read 65 wcpm by January
2. Read 80 wcpm by April
Method of measurement: weekly probe
Annual Goal 2: By 5/10/2027 Juniper will name the sound in conversation with 80% accuracy in 4 of 5 ses-
sions.
Page 2 of 3
Special Education Services
Specially designed reading 5 x 30 min weekly, special education classroom, 10/19/2026 - 6/4/2027
Speech-Language Therapy: 2 times per week, 30 minutes, small group, 9/23/2026 to 9/21/2027
OT consultation 30 minutes per month
Accommodations:
- Extended time (1.5x) on tests
- Preferential seating near
the board
Modifications: Half of the spelling words
Parent concerns: She tires quickly.
"""


def test_a_printed_plan_is_read_into_goals_services_and_supports() -> None:
    """Labels part it, list marks part lists, page feet are set aside."""
    plan = read_pasted_plan(PASTE)
    reading, sound = plan.goals
    assert (MeasureKind.CBM, CbmTask.ORAL_READING, 52.0, 92.0) == (
        reading.kind,
        reading.cbm_task,
        reading.baseline,
        reading.target,
    )
    assert (ConsecutiveCriterion(k=3), date(2027, 10, 13)) == (reading.criterion, reading.by)
    assert ("Read 65 wcpm by January", "Read 80 wcpm by April") == reading.objectives
    assert () == reading.doubts
    assert sound.words.endswith("in 4 of 5 sessions.")
    assert (80.0, NOfMCriterion(n=4, m=5)) == (sound.target, sound.criterion)
    assert [5, 2, None] == [service.frequency for service in plan.services]
    assert [
        (SupportKind.ACCOMMODATION, "Extended time (1.5x) on tests"),
        (SupportKind.ACCOMMODATION, "Preferential seating near the board"),
        (SupportKind.MODIFICATION, "Half of the spelling words"),
    ] == [(support.kind, support.words) for support in plan.supports]
    assert [
        "Individual plan of Juniper Ash",
        "Method of measurement: weekly probe",
        "Parent concerns: She tires quickly.",
    ] == [line.text for line in plan.rest]
    assert "Page 1 of 3" in [line.text for line in plan.furniture]


def test_a_sentence_without_a_label_is_a_goal_when_it_says_what_will_be() -> None:
    """Two goals copied alone, with a blank line between them; and a line that is none."""
    plan = read_pasted_plan(
        "By June 4, 2027 Ira will add fractions with 80% accuracy.\n\n"
        "By June 4, 2027 Ira will write 5 legible sentences\nin 10 minutes.\n\nWe met on Tuesday."
    )
    assert [80.0, 5.0] == [goal.target for goal in plan.goals]
    assert ["We met on Tuesday."] == [line.text for line in plan.rest]


@pytest.mark.parametrize(
    ("words", "kind", "target", "criterion"),
    [
        ("will use a break card in 8 of 10 opportunities", "percent_correct", 80.0, NOfMCriterion(n=8, m=10)),
        ("will solve 18 of 20 two-step problems", "frequency", 18.0, None),
        ("will do 5 of 5 steps without prompts on 3 consecutive tries", "task_analysis", 100.0, 3),
        ("will complete 80% of steps", "task_analysis", 80.0, None),
        ("will pay in 8 of 10 trials, 3 consecutive sessions", "percent_correct", 80.0, 3),
        ("call-outs will be 2 or fewer per 30-minute block", "frequency", 2.0, None),
        ("will stay in the group for 10 minutes", "duration", 600.0, None),
        ("will begin within 30 seconds of a direction", "latency", 30.0, None),
        ("will answer with no more than one prompt", "prompt_level", None, None),
        ("will hold no more than 3 side talks", "frequency", 3.0, None),
        ("will raise fluency from 20 to 45 correct letter sequences", "cbm", 45.0, None),
        ("will write 30 digits correct, 2 weeks in a row", "cbm", 30.0, 2),
        ("will be on task in 80% of intervals", "partial_interval", 80.0, None),
        ("will reach level 3 on the rubric", "rubric", None, None),
        ("will go from 3 to 9", None, 9.0, None),
        ("will smile", None, None, None),
        ("in 7 of 5 sessions", None, None, None),
    ],
)
def test_how_much_and_how_often(
    words: str, kind: str | None, target: float | None, criterion: object
) -> None:
    """The criterion is never taken for the target, nor a time for an amount."""
    wanted = ConsecutiveCriterion(k=criterion) if isinstance(criterion, int) else criterion
    found = goal_of(f"By 2027-06-04 the child {words}.")
    assert (kind, target, wanted) == (found.kind and found.kind.value, found.target, found.criterion)


def test_what_the_words_do_not_say_is_a_doubt() -> None:
    """Nothing is made up: no date, no number, no baseline, no criterion, no kind."""
    assert (
        GoalDoubt.NO_DATE,
        GoalDoubt.NO_NUMBER,
        GoalDoubt.NO_BASELINE,
        GoalDoubt.NO_CRITERION,
        GoalDoubt.KIND_UNCLEAR,
    ) == goal_of("The child will smile.").doubts
    two = goal_of("By 3/4/2027 or 3/5/2027 she will name 40 letters with 90% accuracy.")
    assert {GoalDoubt.SEVERAL_DATES, GoalDoubt.DATE_MONTH_FIRST, GoalDoubt.SEVERAL_NUMBERS} <= set(two.doubts)


@pytest.mark.parametrize(
    ("beside", "baseline"),
    [("52 wcpm", 52.0), ("7 of 20 on 10/1/2026", 35.0), ("about 12", 12.0), ("not yet", None)],
)
def test_the_number_beside_a_goal_is_its_baseline(beside: str, baseline: float | None) -> None:
    """A share is told in percent unless the goal counts of the same whole; a day is no number."""
    assert baseline == goal_of("will name letters with 90% accuracy", baseline_words=beside).baseline


def test_a_share_of_the_same_whole_stays_a_count() -> None:
    """7 of 20 beside 18 of 20."""
    assert 7.0 == goal_of("will solve 18 of 20 problems", baseline_words="7 of 20").baseline
    assert 4.0 == goal_of("The baseline is 4. She will name 9 words.").baseline


@pytest.mark.parametrize(
    ("words", "frequency", "interval", "minutes"),
    [
        ("Speech 2 x 30 min weekly", 2, Interval.WEEK, 30),
        ("Speech twice a week for 30 minutes", 2, Interval.WEEK, 30),
        ("Counseling once per month, 1 hour", 1, Interval.MONTH, 60),
        ("Reading daily 45 minutes", 5, Interval.WEEK, 45),
        ("Reading 150 minutes per week", None, Interval.WEEK, 150),
        ("Vision 3 times a quarter, 30 minutes", 3, None, 30),
        ("Speech 99 times a week, 30 minutes", None, Interval.WEEK, 30),
        ("Speech", None, None, None),
    ],
)
def test_how_often_a_service_is_given(
    words: str, frequency: int | None, interval: Interval | None, minutes: int | None
) -> None:
    """Times, interval and minutes as the words say them; None where they do not."""
    found = service_of(words)
    assert (frequency, interval, minutes) == (found.frequency, found.interval, found.minutes)
    assert bool(found.doubts)  # at least the dates are missing


def test_a_service_is_read_whole() -> None:
    """Name, setting, group, consult, the summer and the days, turned ones put right and said."""
    found = service_of("OT consult (push-in), 1 x 45 min monthly, small group, ESY, 6/30/2027 - 6/14/2027")
    assert ("OT consult", Delivery.CONSULT, "general_education") == (
        found.service,
        found.delivery,
        found.setting,
    )
    assert (True, True) == (found.in_group, found.is_extended_year)
    assert (date(2027, 6, 14), date(2027, 6, 30)) == (found.begins_on, found.ends_on)
    assert (ServiceDoubt.DATES_TURNED,) == found.doubts
    assert ServiceDoubt.NO_NAME in service_of("2 x 30 min weekly").doubts
    assert ServiceDoubt.NO_DATES in service_of("Speech weekly from 3/4/2027").doubts
    assert "special_education" == service_of("Reading in the resource room, 30 min daily").setting


def test_days_as_such_papers_write_them() -> None:
    """Three ways; what is no day is left alone."""
    found = list(days_in("2027-10-13, 9/3/26, Sept. 4, 2026 and 13/45/2027"))
    assert [date(2027, 10, 13), date(2026, 9, 3), date(2026, 9, 4)] == [one.day for one in found]
    assert [False, True, False] == [one.month_first for one in found]


def test_a_paste_has_a_limit() -> None:
    """A whole book is refused before anything is read."""
    with pytest.raises(InvalidValue) as refused:
        read_pasted_plan("a" * 200_001)
    assert "paste_too_long" == refused.value.code


def test_lines_that_come_on_every_page_are_set_aside_unless_they_say_something() -> None:
    """A page head three times; a list mark or a label three times is no page head."""
    blocks = blocks_of("Ash, J\nOne line.\nAsh, J\nTwo lines.\nAsh, J\nGoal:\nGoal:\nGoal:\n")
    assert 3 == sum(block.kind is BlockKind.FURNITURE for block in blocks)
    assert 3 == sum(block.kind is BlockKind.GOAL for block in blocks)


_PIECES = st.sampled_from(
    [
        *PASTE.splitlines(),
        "",
        " ",
        "- a",
        "1) b",
        "Goal:",
        "Services:",
        "self-",
        "monitoring",
        "\u00a0",
        "\x0c",
    ]
)


@settings(deadline=None, max_examples=150)
@given(st.lists(_PIECES | st.text(max_size=40), max_size=25))
def test_no_line_is_lost_and_none_stands_twice(pieces: list[str]) -> None:
    """Whatever is pasted: each line that is not blank is in exactly one place, as it was."""
    text = "\n".join(pieces)
    plan = read_pasted_plan(text)
    lines = [
        *(line for one in (*plan.goals, *plan.services, *plan.supports) for line in one.lines),
        *plan.furniture,
        *plan.rest,
    ]
    numbers = [line.number for line in lines]
    wanted = [line.number for block in blocks_of(text) for line in block.lines]
    assert sorted(wanted) == sorted(numbers)
    shown = {line.number: line.text for line in lines}
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").replace("\u00a0", " ")
    for number, line in enumerate(plain.split("\n"), 1):
        told = " ".join("".join(sign for sign in line if sign == "\t" or sign.isprintable()).split())
        assert told == shown.get(number, "")
