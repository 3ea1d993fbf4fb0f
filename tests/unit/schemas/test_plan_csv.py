"""Templates for goals, services and supports: filled in, wrong in every way, and written out again."""

from __future__ import annotations

from datetime import date

import pytest

from iepcore.errors import InvalidRows, InvalidValue
from iepcore.ids import StudentId, new_uuid7
from iepcore.language import FreeText
from iepcore.plan import Delivery, Interval
from iepcore.plan.document import Support, SupportKind
from iepcore.schemas import (
    goals_to_csv,
    is_plan_csv,
    plan_template,
    read_plan_csv,
    services_to_csv,
    supports_to_csv,
)
from iepcore.testing import document_values as v

CHILD = StudentId(new_uuid7())


@pytest.mark.parametrize("kind", ["goals", "services", "supports"])
def test_a_template_reads_as_it_is(kind: str) -> None:
    """Its one example row is a good one."""
    text = plan_template(kind)
    assert is_plan_csv(text)
    plan = read_plan_csv(text)
    assert 1 == len(plan.goals) + len(plan.services) + len(plan.supports)


def test_a_goal_of_a_template_needs_nothing_more() -> None:
    """Words, baseline and day together leave no doubt."""
    [goal] = read_plan_csv(plan_template("goals")).goals
    assert (92, 52, date(2027, 6, 4), ()) == (goal.target, goal.baseline, goal.by, goal.doubts)
    [bare] = read_plan_csv("goal,by\n,\nShe will smile.,\n\n").goals
    assert None is bare.by


def test_services_go_out_and_come_in_again() -> None:
    """The same numbers, days, setting and marks."""
    given = v.a_service(CHILD, in_group=True, is_extended_year=False, setting="resource room")
    [found] = read_plan_csv(services_to_csv([given])).services
    assert (given.service, given.delivery, given.frequency, given.interval, given.minutes) == (
        found.service,
        found.delivery,
        found.frequency,
        found.interval,
        found.minutes,
    )
    assert (given.begins_on, given.ends_on, given.setting, True, False) == (
        found.begins_on,
        found.ends_on,
        found.setting,
        found.in_group,
        found.is_extended_year,
    )


def test_goals_and_supports_go_out_too() -> None:
    """And no cell is a formula for a spreadsheet."""
    contents = v.some_contents(CHILD)
    assert len(contents.goals) == len(read_plan_csv(goals_to_csv(contents)).goals)
    support = Support(kind=SupportKind.MODIFICATION, words=FreeText(text="=half of it", lang="en"))
    [found] = read_plan_csv(supports_to_csv([support])).supports
    assert (SupportKind.MODIFICATION, "'=half of it") == (found.kind, found.words)


def test_every_wrong_cell_is_told_at_once() -> None:
    """Line and column of each; nothing is returned then."""
    text = (
        "Service,times,interval,minutes,first_day,last_day,group,delivery\n"
        ",0,quarter,9999,soon,2027-01-01,maybe,both\n"
        "Speech,2,week,30,2027-02-01,2027-01-01,yes,\n"
    )
    with pytest.raises(InvalidRows) as refused:
        read_plan_csv(text)
    assert [
        "line 2: delivery",
        "line 2: interval",
        "line 2: first_day",
        "line 2: service",
        "line 2: times",
        "line 2: minutes",
        "line 2: group",
        "line 3: last_day",
    ] == [place for place, _ in refused.value.problems]
    with pytest.raises(InvalidRows) as refused:
        read_plan_csv("support,kind\n" + "x" * 4_001 + ",toy\n")
    assert ["too_long", "answer_missing"] == sorted(
        (one.code for _, one in refused.value.problems), reverse=True
    )


def test_another_table_is_refused() -> None:
    """Other columns, no columns, too many rows, a template nobody has."""
    assert not is_plan_csv("By 2027 she will read.")
    assert not is_plan_csv("")
    for text in ("a,b\n1,2\n", "", "goal,secret\nx,y\n"):
        with pytest.raises(InvalidValue, match="csv_columns"):
            read_plan_csv(text)
    with pytest.raises(InvalidValue, match="csv_columns"):
        read_plan_csv("goal\n" + "x" * 200_000)
    assert not is_plan_csv("goal," * 300)
    with pytest.raises(InvalidValue, match="too_many_rows"):
        read_plan_csv("goal\n" + "x\n" * 501)
    with pytest.raises(InvalidValue, match="unknown_kind"):
        plan_template("dreams")


def test_a_service_is_direct_unless_it_says_otherwise() -> None:
    """And columns stand in any order, behind a mark that spreadsheets write."""
    [found] = read_plan_csv(
        "\ufeffminutes,service,interval,times,first_day,last_day\n30,OT,month,1,2027-01-01,2027-02-01\n"
    ).services
    assert (Delivery.DIRECT, Interval.MONTH, 30) == (found.delivery, found.interval, found.minutes)
