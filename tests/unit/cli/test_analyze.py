"""``iep analyze``: a file of scores in, one row of effect sizes per series out, bad lines by their number."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from iepcore.progress import nap, tau_bc
from lti_app.cli.analyze import analyze

HEADER = "series,session,phase,score\n"
GOOD = HEADER + "".join(
    f"7,{session},{'A' if session < 5 else 'B'},{score}\n"
    for session, score in enumerate((4, 5, "", 6, 7, 9, 8, 9), start=1)
)


def run(text: str | bytes, *words: str) -> Result:
    """Run the command on a file given on standard input."""
    return CliRunner().invoke(analyze, ["-", *words], input=text)


def rows(text: str) -> list[dict[str, str]]:
    """Read what the command wrote."""
    return list(csv.DictReader(io.StringIO(text)))


def test_each_series_gets_its_row() -> None:
    """The numbers are those of the library; a missing score is dropped with its session."""
    done = run(GOOD + "8,2025-09-01,A,3\n8,2025-09-15,B,5\n")
    first, second = rows(done.stdout)
    expected = nap([4, 5, None, 6], [7, 9, 8, 9])
    corrected = tau_bc(
        [4, 5, 6], [7, 9, 8, 9], baseline_sessions=[1, 2, 4], intervention_sessions=[5, 6, 7, 8]
    )
    assert 0 == done.exit_code
    assert ("7", "increase", "3", "4", "5", "8.5") == tuple(first.values())[:6]
    assert expected.value == float(first["nap"])
    assert corrected.value == pytest.approx(float(first["tau_bc"]))
    assert "nap=one_point_phase" in second["reasons"]
    assert "" == second["smd"]
    assert "Computed 2 series.\n" == done.stderr


def test_direction_is_the_files_or_the_options() -> None:
    """A column `direction` wins over the option."""
    down = rows(run(GOOD, "--direction", "decrease").stdout)[0]
    assert ("decrease", "0") == (down["direction"], down["nap"])
    text = "Series,Session,Phase,Score,Direction\n1,1,A,5\n1,2,B,3,decrease\n"
    assert "1" == rows(run(text).stdout)[0]["nap"]


def test_other_labels_can_be_named() -> None:
    """The phases need not be called A and B; sessions may come in any order."""
    text = HEADER + "1,2,base,4\n1,1,base,3\n1,4,teach,6\n1,3,teach,5\n"
    done = run(text, "--baseline", "base", "--intervention", "teach")
    assert "0.75" == rows(done.stdout)[0]["tau_u"]


def test_bad_lines_are_named_and_their_series_left_out() -> None:
    """Line, column and what is wrong, never what was written there; the other series are computed."""
    text = GOOD + (
        "9,1,A,secret\n9,x,B,3\n9,2025-13-41,B,4\n9,3,C,5\n"
        "10,1,A,1_0\n,1,A,3\n11,1,A,3,up\n7,9,B,3\n12,1,A,inf\n"
    )
    done = run(text.replace(HEADER, "series,session,phase,score,direction\n"))
    assert 1 == done.exit_code
    assert 1 == len(rows(done.stdout))
    told = [line for line in done.stderr.splitlines() if line.startswith("line")]
    assert [
        "line 10: score: not_a_number",
        "line 11: session: not_a_number",
        "line 12: session: not_a_date",
        "line 13: phase: unknown_phase",
        "line 14: score: not_a_number",
        "line 15: series: missing",
        "line 16: direction: unknown_direction",
        "line 17: series: not_together",
        "line 18: score: not_a_number",
    ] == told
    assert "secret" not in done.output
    assert "9 lines could not be read; 6 series were left out." in done.stderr


def test_many_bad_lines_are_counted() -> None:
    """Fifty are told, the rest is a number."""
    done = run(HEADER + "1,1,A,x\n" * 60)
    assert 50 == done.stderr.count("\nline ") + done.stderr.startswith("line ")
    assert "… and 10 more." in done.stderr


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "The first line lacks: series, session, phase, score."),
        ("series,score\n", "The first line lacks: session, phase."),
        (HEADER.encode() + b"1,1,A,3\n\xff\xfe,1,A,2\n", "The file is not text in UTF-8."),
        (HEADER + '1,1,A,"' + "x" * 200_000 + '"\n', "this is not CSV."),
    ],
)
def test_what_is_no_such_file_is_refused(text: str | bytes, told: str) -> None:
    """Without its columns, not text, not CSV: one plain line."""
    done = run(text)
    assert 1 == done.exit_code
    assert told in done.stderr


def test_a_new_file_is_written_and_none_is_overwritten(tmp_path: Path) -> None:
    """The answer goes into a file that only its owner can read; an existing one stays as it is."""
    target = tmp_path / "out.csv"
    assert 0 == run(GOOD, "--to", str(target)).exit_code
    assert 0o600 == target.stat().st_mode & 0o777
    before = target.read_text(encoding="utf-8")
    assert 1 == len(rows(before))
    assert "Choose a new name" in run(GOOD, "--to", str(target)).stderr
    assert before == target.read_text(encoding="utf-8")


def test_without_numpy_the_rows_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra `fast` makes it faster, not other."""
    text = GOOD + "8,1,A,3\n8,2,B,5\n9,1,A,2\n9,2,A,2\n9,3,A,2\n9,4,B,1e301\n"
    fast = run(text).stdout
    monkeypatch.setitem(sys.modules, "iepcore.progress.batch", None)
    slow = run(text).stdout
    assert [list(row) for row in rows(fast)] == [list(row) for row in rows(slow)]
    for one, two in zip(rows(fast), rows(slow), strict=True):
        for name, cell in one.items():
            assert cell == two[name] or float(cell) == pytest.approx(float(two[name]), rel=1e-9), name


def test_a_terminal_sees_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches are counted on a terminal only."""
    # The package offers the command under the module's name.
    module = sys.modules["lti_app.cli.analyze"]
    monkeypatch.setattr(module, "SERIES_AT_ONCE", 2)
    monkeypatch.setattr(module, "_is_terminal", lambda: True)
    text = HEADER + "".join(
        f"{series},{session},{phase},3\n" for series in range(5) for session, phase in ((1, "A"), (2, "B"))
    )
    done = run(text)
    assert "\r2 series …\r4 series …\r5 series …\n" in done.stderr
    assert 5 == len(rows(done.stdout))
