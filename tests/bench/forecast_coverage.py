"""How often a nominal 80 % forecast interval holds the later score, by simulated series and the shipped code.

    python tests/bench/forecast_coverage.py                 2,000 series per cell, some seconds
    python tests/bench/forecast_coverage.py --runs 20000    what the documentation shows

Twelve weekly scores around a straight line, their errors autoregressive with coefficient rho; the score of
week 24 is held against the interval foretold for it. The seed is fixed.
"""

from __future__ import annotations

import argparse
import sys
from math import sqrt
from random import Random

from iepcore.progress import forecast

SEED = 20_260_907
POINTS, AHEAD = 12, 12
RHOS = (0.0, 0.2, 0.4, 0.6)


def errors(dice: Random, rho: float, count: int) -> list[float]:
    """Return autoregressive errors of variance 1."""
    made = [dice.gauss(0, 1)]
    while len(made) < count:
        made.append(rho * made[-1] + sqrt(1 - rho * rho) * dice.gauss(0, 1))
    return made


def coverage(rho: float, runs: int) -> tuple[float, float]:
    """Return the share of later scores inside the plain interval, and inside the adjusted one."""
    dice = Random(SEED)
    plain = adjusted = 0
    for _ in range(runs):
        made = errors(dice, rho, POINTS + AHEAD)
        found = forecast(range(1, POINTS + 1), made[:POINTS], at=POINTS + AHEAD, goal=0, direction="increase")
        assert found.plain_interval is not None
        assert found.interval is not None
        plain += found.plain_interval[0] <= made[-1] <= found.plain_interval[1]
        adjusted += found.interval[0] <= made[-1] <= found.interval[1]
    return plain / runs, adjusted / runs


def main(arguments: list[str]) -> int:
    """Simulate and print the table."""
    parser = argparse.ArgumentParser(description="Coverage of the forecast interval.")
    parser.add_argument("--runs", type=int, default=2_000)
    runs = parser.parse_args(arguments).runs
    sys.stdout.write("| autocorrelation | plain | adjusted |\n|---|---|---|\n")
    for rho in RHOS:
        plain, adjusted = coverage(rho, runs)
        sys.stdout.write(f"| {rho} | {plain:.0%} | {adjusted:.0%} |\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
