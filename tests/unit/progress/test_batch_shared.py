"""The batch gives the scalar values for every series of the shared reference, with its sessions."""

from __future__ import annotations

from pathlib import Path

import pytest

from iepcore import progress
from iepcore.progress import batch
from tests.unit.progress.reference_rows import Reference
from tests.unit.progress.test_batch import NINE, assert_same
from tests.unit.progress.test_effect_sizes_shared import Pairs


@pytest.fixture
def pairs(shared_folder: Path) -> Pairs:
    """Open the reference for one test."""
    return Pairs(Reference(shared_folder))


def test_every_reference_series_in_one_batch(pairs: Pairs) -> None:
    """All pairs of the reference together: nine indices, Tau-U and Tau-BC in their forms, Theil-Sen."""
    names = sorted(pairs.reference.cases)
    cases = [pairs.pair(name) for name in names]
    many = batch.PhasePairs(
        [each.a for each in cases],
        [each.b for each in cases],
        direction=[each.direction for each in cases],
        baseline_sessions=[each.xa for each in cases],
        intervention_sessions=[each.xb for each in cases],
    )
    together = batch.compare_phases(many)
    tested = batch.tau_bc(many, pretest=0.05)
    tau_b = batch.tau_u(many, variant="complete_tau_b", terms="A_vs_B_plus_trend_B_minus_trend_A")
    lines = batch.theil_sen([each.xa + each.xb for each in cases], [each.a + each.b for each in cases])
    for index, (name, each) in enumerate(zip(names, cases, strict=True)):
        one = progress.compare_phases(each.a, each.b, direction=each.direction, **each.sessions)
        for field in NINE:
            assert_same(getattr(one, field), getattr(together, field).at(index), (name, field))
        way = {"direction": each.direction}
        assert_same(
            progress.tau_bc(each.a, each.b, pretest=0.05, **way, **each.sessions), tested.at(index), name
        )
        scan = progress.tau_u(
            each.a, each.b, variant="complete_tau_b", terms="A_vs_B_plus_trend_B_minus_trend_A", **way
        )
        assert_same(scan, tau_b.at(index), name)
        line = progress.trend_line(each.xa + each.xb, each.a + each.b, "theil_sen")
        assert (line.slope, line.intercept) == pytest.approx((lines.slope[index], lines.intercept[index]))
