"""Reports: content and geometry, no file formats and no words of their own."""

from __future__ import annotations

from iepcore.reports.chart import (
    TEACHING,
    Chart,
    ChartRow,
    Dot,
    GoalStar,
    HomeMark,
    PhaseLine,
    Place,
    chart_of,
)
from iepcore.reports.sparkline import Sparkline, sparkline_of
from iepcore.reports.svg import ChartLabels, ChartPart, svg_of

__all__ = [
    "TEACHING",
    "Chart",
    "ChartLabels",
    "ChartPart",
    "ChartRow",
    "Dot",
    "GoalStar",
    "HomeMark",
    "PhaseLine",
    "Place",
    "Sparkline",
    "chart_of",
    "sparkline_of",
    "svg_of",
]
