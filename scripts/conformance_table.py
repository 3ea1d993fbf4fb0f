"""Writes docs/reference/lti-conformance.md: every case of the LTI table, the tests that prove it, the result.

    python -m scripts.conformance_table             run those tests, then write the page
    python -m scripts.conformance_table --changed   run only those of cases whose row is not today's
    python -m scripts.conformance_table --check     only compare: are the page's cases and tests today's?

The browser's tests run one after the other, the others on two processes.

A case is ``passed`` when at least one test carries its id and none of them failed, ``not yet`` when no test
carries it. Which test carries which case: tests/cases.py.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.cases import KNOWN, Case, cases_of, read_cases

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "lti-conformance.md"
ROOM = ROOT / "tests" / "contract" / "lti"

NOT_APPLICABLE: Mapping[str, str] = {}
"""Cases that can never be ours, and why: the words after "not applicable because"."""

_DOCSTRING = re.compile(r'"""((?:[A-Z]\d{1,2}(?:, )?)+): ')
_ROW = re.compile(r"^\| ([A-Z]\d{1,2}) \|.*\| ([^|]*) \| ([^|]*) \|$")
_NAMED = re.compile(r"`([^`]+)`")

HEAD = """# LTI conformance

Written by `python -m scripts.conformance_table`; do not edit. Every case the tool has to pass, who asks for
it, and the tests that prove it (`file: test`, without `test_`). Sources: CERT is the 1EdTech certification
guide for LTI Advantage 1.3, SEC the Security Framework 1.0, CORE, DL, NRPS, AGS and DR the services'
specifications, PS the platform storage drafts, CANVAS and Moodle what those platforms send, OURS a rule of
this project. "Reject" means: a page with a reference number, status 400 or 401, no session, no data.
"""


def files_with_cases() -> list[Path]:
    """Return the test files in which a case is named: the LTI room, and those with a docstring that does."""
    found = set(ROOM.glob("test_*.py"))
    for path in (ROOT / "tests").rglob("test_*.py"):
        begins = _DOCSTRING.finditer(path.read_text(encoding="utf-8"))
        if any(KNOWN.issuperset(one.group(1).split(", ")) for one in begins):
            found.add(path)
    return sorted(found)


def _nodes() -> list[str]:
    """Return the pytest ids of the tests that carry a case now, without running any."""
    done = _pytest(["--collect-only", "-q", *(str(path.relative_to(ROOT)) for path in files_with_cases())])
    if done.returncode:
        raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])
    return [line for line in done.stdout.splitlines() if "::" in line and cases_of(line)]


def collected() -> dict[str, set[str]]:
    """Return the tests of each case as pytest collects them now."""
    return _by_case((node, _short(Path(node.split("::")[0]).stem, node)) for node in _nodes())


def run(only: Set[str]) -> dict[str, str]:
    """Run the tests of these cases; return the worst result of each."""
    nodes = [node for node in _nodes() if not only.isdisjoint(cases_of(node))]
    browsers = [node for node in nodes if node.startswith("tests/e2e/")]
    others = [node for node in nodes if node not in browsers]
    results: dict[str, str] = {}
    for part in (["-n", "2", "--dist", "loadfile", *others] if others else [], browsers):
        for test in _run(part) if part else ():
            for case in cases_of(test.get("name", "")):
                results[case] = max(results.get(case, "passed"), _outcome(test), key=_RANK.index)
    return {case: result for case, result in results.items() if case in only}


def _run(part: Sequence[str]) -> list[ET.Element]:
    """Run tests and return pytest's own report of each."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        done = _pytest(["-q", f"--junitxml={report}", *part])
        sys.stdout.write(done.stdout[-400:])
        return list(ET.parse(report).getroot().iter("testcase"))  # noqa: S314  (our own report)


_RANK = ("passed", "skipped here", "FAILED")


def _outcome(test: ET.Element) -> str:
    if test.find("failure") is not None or test.find("error") is not None:
        return "FAILED"
    return "skipped here" if test.find("skipped") is not None else "passed"


def _pytest(arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)  # noqa: S603


def _short(stem: str, node: str) -> str:
    function = node.split("[")[0].split("::")[-1]
    return f"{stem.removeprefix('test_')}: {function.removeprefix('test_')}"


def _by_case(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    tests: dict[str, set[str]] = defaultdict(set)
    for node, short in pairs:
        for case in cases_of(node):
            tests[case].add(short)
    return dict(tests)


def page_of(cases: Sequence[Case], tests: Mapping[str, set[str]], results: Mapping[str, str]) -> str:
    """Return the page's text."""
    words = {case.id: _word(case, tests, results) for case in cases}
    passed = sum(word == "passed" for word in words.values())
    not_yet = sum(word == "not yet" for word in words.values())
    lines = [
        HEAD,
        f"{len(cases)} cases: {passed} passed, {not_yet} not yet, {len(cases) - passed - not_yet} other.",
    ]
    section = ""
    for case in cases:
        if case.section != section:
            section = case.section
            lines += ["", f"## {section}", "", "| id | case | required | source | tests | result |"]
            lines.append("|---|---|---|---|---|---|")
        named = ", ".join(f"`{name}`" for name in sorted(tests.get(case.id, ())))
        cells = (case.id, case.case, case.expected, case.source, named, words[case.id])
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _word(case: Case, tests: Mapping[str, set[str]], results: Mapping[str, str]) -> str:
    if case.id in NOT_APPLICABLE:
        return f"not applicable because {NOT_APPLICABLE[case.id]}"
    return results[case.id] if case.id in tests else "not yet"


def written() -> dict[str, tuple[set[str], str]]:
    """Return the cases of the page with the tests it names and the result it tells."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    rows = (_ROW.match(line) for line in text.splitlines())
    return {row.group(1): (set(_NAMED.findall(row.group(2))), row.group(3)) for row in rows if row}


def differences() -> dict[str, str]:
    """Return the cases of which the committed page says otherwise than today's tests, each with both."""
    tests, there = collected(), {case: names for case, (names, _) in written().items()}
    wanted = {case.id: tests.get(case.id, set()) for case in read_cases()}
    return {
        case: f"page {sorted(there.get(case, set()))}, tests {sorted(wanted.get(case, set()))}"
        for case in sorted(wanted.keys() | there.keys())
        if case not in there or case not in wanted or there[case] != wanted[case]
    }


def main() -> int:
    """Run the tests and write the page, or compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="only compare the page with today's tests")
    parser.add_argument("--changed", action="store_true", help="run only the cases whose row is not today's")
    asked = parser.parse_args()
    if asked.check:
        found = differences()
        sys.stdout.write("".join(f"{case}: {both}\n" for case, both in found.items()))
        return 1 if found else 0
    only = set(differences()) if asked.changed else KNOWN
    kept = {case: result for case, (_, result) in written().items() if case not in only}
    tests, results = collected(), {**kept, **run(only)}
    PAGE.write_text(page_of(read_cases(), tests, results), encoding="utf-8")
    missing = [case.id for case in read_cases() if case.id not in tests and case.id not in NOT_APPLICABLE]
    sys.stdout.write(f"{PAGE.relative_to(ROOT)}: not yet: {' '.join(missing) or 'none'}\n")
    return 1 if "FAILED" in results.values() else 0


if __name__ == "__main__":
    sys.exit(main())
