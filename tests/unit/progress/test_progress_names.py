"""The package names what it offers and loads it on first use."""

from __future__ import annotations

import subprocess
import sys

import pytest

import iepcore.progress


def test_every_public_name_is_there_and_is_listed() -> None:
    """``__all__`` is sorted by kind, has no doubles, and each name can be had."""
    names = iepcore.progress.__all__
    assert len(names) == len(set(names))
    for name in names:
        assert getattr(iepcore.progress, name) is not None
    assert set(names) <= set(dir(iepcore.progress))


def test_an_unknown_name_is_an_attribute_error() -> None:
    """A typing error is told as Python tells it."""
    with pytest.raises(AttributeError, match="aimline_of"):
        _ = iepcore.progress.aimline_of  # type: ignore[attr-defined]


def test_importing_the_package_loads_none_of_it() -> None:
    """The first use pays, and only for what it uses; neither fractions nor decimals nor numpy is loaded."""
    script = (
        "import sys\n"
        "before = set(sys.modules)\n"
        "import iepcore.progress as p\n"
        "print([m for m in sys.modules if m.startswith('iepcore.progress.')])\n"
        "p.period_status, p.score\n"
        "heavy = {'fractions', 'decimal', 'numpy', 'marshmallow'}\n"
        "print(sorted(heavy & set(sys.modules) - before))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "[]\n[]\n" == done.stdout
