"""The reference report says what it could not do, and ends with 1 when a row is unexplained."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

from scripts import reference_report


@pytest.mark.parametrize(("words", "code"), [([], 0), (["--required"], 1)])
def test_without_the_shared_folder_it_says_so(
    words: list[str],
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A clone of its own has no reference values: skipped in plain words, a failure only when asked."""
    monkeypatch.setattr(sys, "argv", ["report", "--shared", str(tmp_path), *words])
    assert code == reference_report.main()
    assert capsys.readouterr().out.startswith("Skipped: ")


@pytest.mark.parametrize(("unexplained", "code"), [([], 0), (["R mean case_1: 3 here 4"], 1)])
def test_one_unexplained_row_fails(
    unexplained: list[str],
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Agreed, explained and unexplained rows are added up; the JSON file holds the same counts."""
    folder = tmp_path / "reference" / "progress"
    folder.mkdir(parents=True)
    (folder / "series.csv").touch()
    for name in reference_report.FILES:
        (folder / name).write_text("tool,statistic,value\nR,mean,3\nR,mean,3\nR,mode,4\n", encoding="utf-8")
    report = reference_report.Report(
        agreed=Counter({"R mean value": 2}),
        explained=Counter({"R mean value: why": 1}),
        unexplained=unexplained,
    )
    monkeypatch.setattr(reference_report, "collected", lambda shared: report)
    target = tmp_path / "counts.json"
    monkeypatch.setattr(sys, "argv", ["report", "--shared", str(tmp_path), "--json", str(target)])
    assert code == reference_report.main()
    told = capsys.readouterr().out
    assert f"rows 6  checked {3 + code}  agreed 2  explained 1  unexplained {code}" in told
    assert "     2  R mode" in told
    assert '"agreed": 2' in target.read_text(encoding="utf-8")
