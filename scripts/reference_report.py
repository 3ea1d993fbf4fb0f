"""Counts the reference values of iepcore.progress: checked, agreed, explained, unexplained, not offered.

Run by ``make reference-report``. It runs the tests that hold our numbers against the reference, row by row
(tests/unit/progress/test_*_shared.py), and adds up what they counted. A row is *explained* when it is a known
defect of R (``known_defects_in_r.csv``, where ours must be the correct value) or when the test gives the rule
that makes ours another number. One unexplained row ends it with 1. Without the shared folder beside the
checkout it says so and ends with 0, or with 1 when ``--required`` is given.
"""

from __future__ import annotations

import argparse
import csv
import inspect
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from tests.unit.progress.reference_rows import Reference

ROOT = Path(__file__).resolve().parent.parent
FILES = ("expected_r.csv", "expected_py.csv")
HAND_CASES = ("decision_rules.json", "mastery.json", "ioa.json", "service_minutes.json")


@dataclass
class Report:
    """What the tests counted together."""

    agreed: Counter[str] = field(default_factory=Counter)
    explained: Counter[str] = field(default_factory=Counter)
    unexplained: list[str] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def checked(self) -> int:
        """How many rows were held against ours."""
        return self.agreed.total() + self.explained.total() + len(self.unexplained)


def say(line: str) -> None:
    """Write one line."""
    sys.stdout.write(line + "\n")


def main() -> int:
    """Print the report and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--required", action="store_true", help="fail where the shared folder is absent")
    parser.add_argument("--json", type=Path, help="write the counts into this file too")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not (options.shared / "reference" / "progress" / "series.csv").is_file():
        say("Skipped: there is no folder `shared` with reference values beside this checkout.")
        return int(options.required)
    report = collected(options.shared)
    totals = row_totals(options.shared / "reference" / "progress")
    show(report, totals)
    if options.json:
        options.json.write_text(json.dumps(counts(report, totals), indent=2) + "\n", encoding="utf-8")
    return int(bool(report.unexplained or report.failed))


def collected(shared: Path) -> Report:
    """Run every test of the reference with a counter of its own."""
    report = Report()
    for module, name in _tests():
        test = getattr(module, name)
        reference = Reference(shared)
        wanted = inspect.signature(test).parameters
        given: dict[str, object] = {"reference": reference, "shared_folder": shared}
        if hasattr(module, "Pairs"):
            given["pairs"] = module.Pairs(reference)
        if not set(wanted) <= set(given):
            report.failed.append(f"{name}: cannot be run from here")
            continue
        try:
            test(**{key: given[key] for key in wanted})
        except (AssertionError, pytest.skip.Exception) as problem:
            if not reference.unexplained:
                report.failed.append(f"{name}: {str(problem).splitlines()[0] if str(problem) else problem!r}")
        if "shared_folder" in wanted:
            report.cases.append(name)
        report.agreed.update(reference.agreed)
        report.explained.update(reference.explained)
        report.unexplained += reference.unexplained
    return report


def _tests() -> Iterator[tuple[ModuleType, str]]:
    for path in sorted((ROOT / "tests" / "unit" / "progress").glob("test_*_shared.py")):
        module = import_module(f"tests.unit.progress.{path.stem}")
        for name in sorted(vars(module)):
            if name.startswith("test_"):
                yield module, name


def row_totals(folder: Path) -> Counter[str]:
    """Return how many rows with a number the reference has, by tool and statistic."""
    totals: Counter[str] = Counter()
    for name in FILES:
        with (folder / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                totals[f"{row['tool']} {row['statistic']}"] += row.get("status", "ok") == "ok"
    return totals


def by_statistic(counter: Counter[str]) -> Counter[str]:
    """Add up counts of single fields by tool and statistic."""
    sums: Counter[str] = Counter()
    for name, count in counter.items():
        sums[" ".join(name.split(" ")[:2])] += count
    return sums


def not_offered(report: Report, totals: Counter[str]) -> Counter[str]:
    """Return the rows no test looks at: statistics that are not part of this library."""
    seen = by_statistic(report.agreed) + by_statistic(report.explained)
    return Counter({name: total - seen[name] for name, total in totals.items() if total > seen[name]})


def counts(report: Report, totals: Counter[str]) -> dict[str, object]:
    """Return the report as plain values."""
    return {
        "rows": totals.total(),
        "checked": report.checked,
        "agreed": report.agreed.total(),
        "explained": dict(report.explained),
        "unexplained": report.unexplained,
        "not_offered": dict(not_offered(report, totals)),
        "hand_checked_files": report.cases,
        "failed": report.failed,
    }


def show(report: Report, totals: Counter[str]) -> None:
    """Print the report for people."""
    agreed, explained = by_statistic(report.agreed), by_statistic(report.explained)
    say(f"{'statistic':<58}{'agreed':>8}{'explained':>11}")
    for name in sorted(set(agreed) | set(explained)):
        say(f"{name:<58}{agreed[name]:>8}{explained[name]:>11}")
    say("\nExplained:")
    reasons: Counter[str] = Counter()
    for name, count in report.explained.items():
        reasons[name.partition(": ")[2]] += count
    for reason, count in reasons.most_common():
        say(f"{count:>6}  {reason}")
    rest = not_offered(report, totals)
    say("\nNot offered by this library, or refused by R for a case it answers (not checked):")
    for name, count in sorted(rest.items()):
        say(f"{count:>6}  {name}")
    if report.cases:
        say(f"\nHand-checked cases ({', '.join(HAND_CASES)} and others): {len(report.cases)} tests.")
    for line in (*report.unexplained, *report.failed):
        say(f"UNEXPLAINED  {line}")
    say(
        f"\nrows {totals.total()}  checked {report.checked}  agreed {report.agreed.total()}  "
        f"explained {report.explained.total()}  unexplained {len(report.unexplained) + len(report.failed)}"
    )


if __name__ == "__main__":
    sys.exit(main())
