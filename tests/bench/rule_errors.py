"""How often each decision rule is wrong, by simulated weekly series and the shipped rules themselves.

    python tests/bench/rule_errors.py                 2,000 series per cell, about ten seconds
    python tests/bench/rule_errors.py --runs 20000    what the documentation shows, some minutes
    python tests/bench/rule_errors.py --json FILE     the same as JSON

A series has one score a week, a straight true line from the baseline, and normal scatter (SEE) around it. The
aimline rises by 1 a week from the true baseline for 30 weeks, and the projected goal rule looks at its last
day (no answer as long as that is further ahead than twice the time measured). "By week" counts a child as
soon as a weekly check said "change" once; "at week" looks at that week's answer alone. The seed is fixed: the
same table every time.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date, timedelta
from math import sqrt
from pathlib import Path
from random import Random
from typing import TypeAlias

from iepcore.progress import (
    Aimline,
    Decision,
    DecisionResult,
    Direction,
    Series,
    consecutive_point_rule,
    four_point_rule,
    median_rule,
    projected_goal_rule,
    trend_rule,
)

Rule: TypeAlias = Callable[[Series, Aimline, Direction], DecisionResult]
Table: TypeAlias = list[dict[str, object]]

SEED = 20_260_907
START = date(2026, 9, 7)
BASELINE = 40.0
GOAL_RATE = 1.0
SCATTER = 10.0
LINE_WEEKS = 30
LAST_WEEK = 20

BY_WEEKS = (10, 15, 20)
AT_WEEKS = (6, 8, 10, 12, 14)


def trend(series: Series, line: Aimline, direction: Direction) -> DecisionResult:
    """The trend rule from 6 points on, so that the first weeks of the table can be filled."""
    return trend_rule(series, line, direction, minimum=6)


def trend_80(series: Series, line: Aimline, direction: Direction) -> DecisionResult:
    """The same with an 80 % interval."""
    return trend_rule(series, line, direction, minimum=6, ci=0.8)


def projected(series: Series, line: Aimline, direction: Direction) -> DecisionResult:
    """The projected goal rule: whether the trend carried on to the last day reaches the goal."""
    return projected_goal_rule(series, line, direction)


def projected_80(series: Series, line: Aimline, direction: Direction) -> DecisionResult:
    """The same with an 80 % interval."""
    return projected_goal_rule(series, line, direction, ci=0.8)


RULES: dict[str, Rule] = {
    "four_point_rule": four_point_rule,
    "consecutive_point_rule (3, 6)": consecutive_point_rule,
    "median_rule": median_rule,
    "trend_rule": trend,
    "trend_rule (ci=0.8)": trend_80,
    "projected_goal_rule": projected,
    "projected_goal_rule (ci=0.8)": projected_80,
}


def scores_of(dice: Random, growth: float, see: float) -> list[float]:
    """Return one child's weekly scores."""
    return [BASELINE + growth * week + dice.gauss(0, see) for week in range(1, LAST_WEEK + 1)]


def first_weeks(rule: Rule, scores: list[float], line: Aimline) -> tuple[int | None, int | None]:
    """Return the first week whose check gives an answer at all, and the first that says "change"."""
    answered: int | None = None
    for week in range(1, LAST_WEEK + 1):
        found = answer(rule, scores, line, week)
        if answered is None and found is not Decision.INSUFFICIENT_DATA:
            answered = week
        if found is Decision.CHANGE_INSTRUCTION:
            return answered, week
    return answered, None


def answer(rule: Rule, scores: list[float], line: Aimline, week: int) -> Decision:
    """Return what a rule says of the first ``week`` weeks."""
    series = Series.of(
        (START + timedelta(weeks=number), score) for number, score in enumerate(scores[:week], 1)
    )
    return rule(series, line, Direction.INCREASE).decision


def aimline() -> Aimline:
    """Return the line that rises by 1 a week."""
    return Aimline(
        baseline=BASELINE,
        target=BASELINE + GOAL_RATE * LINE_WEEKS,
        starts_on=START,
        ends_on=START + timedelta(weeks=LINE_WEEKS),
    )


def false_alarms_by_week(runs: int) -> Table:
    """A child exactly on the line, checked every week: how many were told to change by then."""
    line, rows = aimline(), []
    for name, rule in RULES.items():
        dice = Random(SEED)
        found = [first_weeks(rule, scores_of(dice, GOAL_RATE, SCATTER), line) for _ in range(runs)]
        for week in BY_WEEKS:
            changed = sum(change is not None and change <= week for _, change in found)
            is_answered = any(answered is not None and answered <= week for answered, _ in found)
            rows.append(
                _row("false change by week", name, week, changed / runs if is_answered else None, runs)
            )
    return rows


def answers_at_week(runs: int, growth: float, what: str) -> Table:
    """How many are told to change by the check of one week alone."""
    line, rows = aimline(), []
    for name, rule in RULES.items():
        dice = Random(SEED + 1)
        children = [scores_of(dice, growth, SCATTER) for _ in range(runs)]
        for week in AT_WEEKS:
            answers = [answer(rule, scores, line, week) for scores in children]
            changed = answers.count(Decision.CHANGE_INSTRUCTION) / runs
            is_answered = any(each is not Decision.INSUFFICIENT_DATA for each in answers)
            rows.append(_row(what, name, week, changed if is_answered else None, runs))
    return rows


def _row(what: str, rule: str, week: int, share: float | None, runs: int) -> dict[str, object]:
    error = None if share is None else sqrt(share * (1 - share) / runs)
    return {"what": what, "rule": rule, "week": week, "share": share, "standard_error": error}


def simulate(runs: int) -> Table:
    """Return the whole table."""
    return [
        *false_alarms_by_week(runs),
        *answers_at_week(runs, GOAL_RATE, "false change at week"),
        *answers_at_week(runs, 0.0, "correct change at week"),
    ]


def markdown(table: Table) -> str:
    """Return the table as the documentation shows it."""
    lines: list[str] = []
    for what in dict.fromkeys(str(row["what"]) for row in table):
        mine = [row for row in table if row["what"] == what]
        weeks = list(dict.fromkeys(row["week"] for row in mine))
        lines += ["", f"| {what} | " + " | ".join(str(week) for week in weeks) + " |"]
        lines.append("|---|" + "---|" * len(weeks))
        for rule in dict.fromkeys(str(row["rule"]) for row in mine):
            shares = [row["share"] for row in mine if row["rule"] == rule]
            cells = [_cell(share) for share in shares]
            lines.append(f"| `{rule}` | {' | '.join(cells)} |")
    return "\n".join(lines[1:]) + "\n"


def _cell(share: object) -> str:
    if share is None:
        return "–"
    value = float(str(share))
    return ">99%" if 0.995 <= value < 1 else f"{value:.0%}"


def main(arguments: list[str]) -> int:
    """Simulate and print."""
    parser = argparse.ArgumentParser(description="How often each decision rule is wrong.")
    parser.add_argument("--runs", type=int, default=2_000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    table = simulate(options.runs)
    sys.stdout.write(markdown(table))
    if options.json:
        content = {"seed": SEED, "runs": options.runs, "scatter": SCATTER, "rows": table}
        options.json.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
