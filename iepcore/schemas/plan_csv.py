"""Goals, services and supports of a plan as CSV: templates, rows in with every problem, rows out again."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from iepcore.errors import InvalidRows, InvalidValue
from iepcore.plan import Delivery, Interval, ServicePrescription
from iepcore.plan.document import PlanContents, Support, SupportKind
from iepcore.plan.incoming import PastedGoal, PastedPlan, PastedService, PastedSupport, goal_of

MOST_ROWS = 500
LONGEST_HEADER = 1_000
GOAL_COLUMNS = ("goal", "baseline", "by")
SERVICE_COLUMNS = (
    "service", "delivery", "times", "interval", "minutes", "first_day", "last_day", "setting", "group",
    "extended_year",
)  # fmt: skip
SUPPORT_COLUMNS = ("support", "kind")
_GOAL = "By 2027-06-04, given a new grade 4 passage, reads 92 words correct per minute on 3 probes in a row."
_SERVICE = "Speech therapy,direct,2,week,30,2026-09-01,2027-06-04,resource room,no,no"
TEMPLATES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "goals": (GOAL_COLUMNS, (_GOAL, "52", "2027-06-04")),
    "services": (SERVICE_COLUMNS, tuple(_SERVICE.split(","))),
    "supports": (SUPPORT_COLUMNS, ("Extended time on tests", "accommodation")),
}
"""What a template holds: its columns, and one row that shows how they are filled in."""

_YES = {"yes": True, "1": True, "true": True, "no": False, "0": False, "false": False, "": False}


def plan_template(kind: str) -> str:
    """Return a CSV file with the columns and one example row.

    Raises:
        InvalidValue: ``unknown_kind`` unless ``kind`` is goals, services or supports.
    """
    if kind not in TEMPLATES:
        raise InvalidValue("unknown_kind", field="kind")
    return _written(TEMPLATES[kind][0], [TEMPLATES[kind][1]])


def is_plan_csv(text: str) -> bool:
    """Tell whether a text begins with the columns of one of the templates, in whatever order."""
    return _kind_of(_header(text)) is not None


def read_plan_csv(text: str) -> PastedPlan:
    """Return the rows of a filled-in template, for a person to confirm like any pasted line.

    Raises:
        InvalidValue: ``csv_columns`` when the first line is none of ours; ``too_many_rows``.
        InvalidRows: every wrong cell with its place (``line 3: minutes``); nothing is returned then.
    """
    kind = _kind_of(_header(text))
    if kind is None:
        raise InvalidValue("csv_columns", field="file")
    try:
        rows = list(_rows(text))
    except csv.Error:  # a cell without end, a quotation mark nobody closed
        raise InvalidValue("csv_columns", field="file") from None
    if len(rows) > MOST_ROWS:
        raise InvalidValue("too_many_rows", field="file", params={"most": MOST_ROWS})
    problems: list[tuple[str, InvalidValue]] = []
    made = [_READERS[kind](row, _Noting(number, problems)) for number, row in rows]
    if problems:
        raise InvalidRows(problems)
    return PastedPlan(
        goals=tuple(one for one in made if isinstance(one, PastedGoal)),
        services=tuple(one for one in made if isinstance(one, PastedService)),
        supports=tuple(one for one in made if isinstance(one, PastedSupport)),
    )


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row that is not blank with the number of its line."""
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    for row in reader:
        cells = {name.strip().lower(): (cell or "").strip() for name, cell in row.items() if name}
        if any(cells.values()):
            yield reader.line_num, cells


def services_to_csv(services: Iterable[ServicePrescription]) -> str:
    """Return services as a filled-in template; reading it back gives the same numbers and days."""
    return _written(
        SERVICE_COLUMNS,
        [
            (
                one.service,
                one.delivery.value,
                str(one.frequency),
                one.interval.value,
                str(one.minutes),
                one.begins_on.isoformat(),
                one.ends_on.isoformat(),
                one.setting,
                "yes" if one.in_group else "no",
                "yes" if one.is_extended_year else "no",
            )
            for one in services
        ],
    )


def supports_to_csv(supports: Iterable[Support]) -> str:
    """Return supports as a filled-in template."""
    return _written(SUPPORT_COLUMNS, [(one.words.text, one.kind.value) for one in supports])


def goals_to_csv(contents: PlanContents) -> str:
    """Return a plan's goals as a filled-in template: their words, and where each begins."""
    return _written(
        GOAL_COLUMNS,
        [
            (goal.words.text, "" if goal.line is None else f"{goal.line.baseline:g}", "")
            for goal in contents.goals
        ],
    )


class _Noting:
    """Reads the cells of one row and notes what is wrong with each."""

    def __init__(self, number: int, problems: list[tuple[str, InvalidValue]]) -> None:
        self._number, self._problems = number, problems

    def refuse(self, name: str, code: str) -> None:
        self._problems.append((f"line {self._number}: {name}", InvalidValue(code, field=name)))

    def words(self, row: Mapping[str, str], name: str) -> str:
        words = row.get(name, "")
        if not words or len(words) > 4_000:
            self.refuse(name, "text_empty" if not words else "too_long")
        return words

    def whole(self, row: Mapping[str, str], name: str, most: int) -> int:
        text = row.get(name, "")
        if text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= most:
            return int(text)
        self.refuse(name, "not_whole")
        return 1

    def day(self, row: Mapping[str, str], name: str, *, needed: bool = True) -> date | None:
        text = row.get(name, "")
        if not text and not needed:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.refuse(name, "not_a_date")
            return None

    def yes(self, row: Mapping[str, str], name: str) -> bool:
        found = _YES.get(row.get(name, "").lower())
        if found is None:
            self.refuse(name, "answer_missing")
        return bool(found)


def _goal(row: Mapping[str, str], cell: _Noting) -> PastedGoal:
    by = cell.day(row, "by", needed=False)
    words = cell.words(row, "goal")
    made = goal_of(" ".join(words.split()), baseline_words=row.get("baseline", ""))
    if by is None:
        return made
    return PastedGoal(
        lines=(),
        words=made.words,
        by=by,
        kind=made.kind,
        cbm_task=made.cbm_task,
        baseline=made.baseline,
        target=made.target,
        count_of=made.count_of,
        criterion=made.criterion,
        doubts=tuple(one for one in made.doubts if "date" not in one.value),
    )


def _service(row: Mapping[str, str], cell: _Noting) -> PastedService:
    delivery = next(
        (one for one in Delivery if one.value == (row.get("delivery", "").lower() or "direct")), None
    )
    interval = next((one for one in Interval if one.value == row.get("interval", "").lower()), None)
    if delivery is None:
        cell.refuse("delivery", "answer_missing")
    if interval is None:
        cell.refuse("interval", "answer_missing")
    begins_on, ends_on = cell.day(row, "first_day"), cell.day(row, "last_day")
    if begins_on is not None and ends_on is not None and ends_on < begins_on:
        cell.refuse("last_day", "service_order")
    name = cell.words(row, "service")
    return PastedService(
        lines=(),
        words=name,
        service=name[:200],
        delivery=delivery or Delivery.DIRECT,
        frequency=cell.whole(row, "times", 60),
        interval=interval,
        minutes=cell.whole(row, "minutes", 600),
        begins_on=begins_on,
        ends_on=ends_on,
        setting=row.get("setting", "")[:200],
        in_group=cell.yes(row, "group"),
        is_extended_year=cell.yes(row, "extended_year"),
    )


def _support(row: Mapping[str, str], cell: _Noting) -> PastedSupport:
    kind = next((one for one in SupportKind if one.value == row.get("kind", "").lower()), None)
    if kind is None:
        cell.refuse("kind", "answer_missing")
    return PastedSupport(lines=(), kind=kind or SupportKind.ACCOMMODATION, words=cell.words(row, "support"))


_READERS: dict[str, Callable[[Mapping[str, str], _Noting], PastedGoal | PastedService | PastedSupport]] = {
    "goals": _goal,
    "services": _service,
    "supports": _support,
}
_NEEDED = {
    "goals": {"goal"},
    "services": {"service", "times", "interval", "minutes"},
    "supports": {"support", "kind"},
}


def _header(text: str) -> frozenset[str]:
    first = text.lstrip("\ufeff").split("\n", 1)[0]
    if len(first) > LONGEST_HEADER:
        return frozenset()
    return frozenset(cell.strip().lower() for cell in next(csv.reader([first.strip()]), []))


def _kind_of(header: frozenset[str]) -> str | None:
    return next(
        (
            kind
            for kind, (columns, _) in TEMPLATES.items()
            if _NEEDED[kind] <= header and header <= set(columns)
        ),
        None,
    )


def _written(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return made.getvalue()


def _safe(cell: str) -> str:
    """Return a cell that a spreadsheet does not take for a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
