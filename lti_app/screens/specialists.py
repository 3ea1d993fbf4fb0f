"""For specialists: rules with how often they err, trend, forecast, phases and effect sizes of one goal.

Numbers with their n, interval and variant; a word never stands without them. Who reads only scores of their
own gets a line that says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint
from markupsafe import escape

from iepcore.ids import GoalId
from iepcore.language import format_day, format_number
from iepcore.plan import Goal
from lti_app.screens.findings import skill_words
from lti_app.screens.page import Frame, frame_of, page
from lti_app.screens.parts import caseload_of
from lti_app.screens.specialist_tables import (
    Comparison,
    RuleView,
    Table,
    ahead_table,
    comparison_view,
    phases_table,
    rule_view,
    trend_table,
)
from lti_app.screens.specialist_words import error_rows, flag_words, percent
from lti_app.session.viewer import current_viewer

if TYPE_CHECKING:
    from iepcore.plan.weighing import Evidence

blueprint = Blueprint("specialists", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The whole page. ``flags`` say how to read the forecast; ``as_text`` is all of it as one text."""

    lead: str
    rules: tuple[RuleView, ...]
    errors: Table
    trend: Table
    ahead: Table
    flags: tuple[str, ...]
    phases: Table
    comparisons: tuple[Comparison, ...]
    as_text: str


@blueprint.get("/app/g/<uuid:goal_id>/numbers")
def numbers(goal_id: UUID) -> str:
    """Show the numbers behind one goal."""
    viewer = current_viewer()
    frame = frame_of(viewer)
    found = caseload_of(viewer).weighing.numbers(GoalId(goal_id))
    return page(
        frame,
        "specialists.html",
        title=frame.words("For specialists"),
        child=found.student.preferred_name,
        skill=skill_words(frame, found.goal),
        path=f"/app/g/{goal_id}",
        numbers=_numbers(frame, found.goal, found.evidence) if found.evidence is not None else None,
    )


def _numbers(frame: Frame, goal: Goal, found: Evidence) -> Numbers:
    report = found.report
    rules = (
        rule_view(frame, frame.words("Four-point rule"), report.four_point),
        rule_view(
            frame,
            frame.words("Trend with %(share)s interval", share=percent(frame, report.confidence * 100)),
            report.trend,
        ),
    )
    errors = Table(
        caption=frame.words("How often each rule is wrong (simulated here)"),
        columns=(frame.words("A child"), *(rule.name for rule in rules)),
        rows=tuple(error_rows(frame)),
    )
    trend, ahead, phases = (
        trend_table(frame, goal, found),
        ahead_table(frame, goal, found),
        phases_table(frame, found),
    )
    comparisons = tuple(comparison_view(frame, one) for one in found.comparisons)
    lead = frame.words(
        "As of %(day)s, from the scores since %(start)s: n = %(n)s.",
        day=format_day(found.on, frame.lang),
        start=format_day(goal.line.starts_on, frame.lang),
        n=format_number(report.n, frame.lang),
    )
    tables = [errors, trend, ahead, phases]
    tables += [table for one in comparisons for table in (one.main, one.older)]
    return Numbers(
        lead=lead,
        rules=rules,
        errors=errors,
        trend=trend,
        ahead=ahead,
        flags=tuple(flag_words(frame, flag) for flag in found.at_end.flags),
        phases=phases,
        comparisons=comparisons,
        as_text=_text(lead, rules, tables),
    )


def _text(lead: str, rules: Iterable[RuleView], tables: Iterable[Table]) -> str:
    """Return everything as lines with tabs, which a sheet or a report takes as they are. It names nobody."""
    lines = [lead]
    for rule in rules:
        lines += ["", rule.name, rule.points_to, rule.sentence.striptags(), rule.used]
    for table in tables:
        lines += ["", escape(table.caption).striptags(), "\t".join(table.columns)]
        lines += ["\t".join(escape(cell).striptags() for cell in row) for row in table.rows]
    return "\n".join(lines)
