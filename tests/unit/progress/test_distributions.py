"""Areas and quantiles agree with scipy, which only the tests know."""

from __future__ import annotations

from math import atan, inf, pi

import pytest
import scipy.special
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from iepcore.errors import InvalidValue
from iepcore.progress import incomplete_beta, normal_cdf, normal_quantile, t_cdf, t_quantile, t_tail

DEGREES = st.floats(0.2, 20_000)
SHARES = st.floats(1e-12, 1 - 1e-12)


def close(value: float, *, rel: float = 1e-11) -> object:
    """Compare by share of the size: the far tail counts as much as the middle."""
    return pytest.approx(value, rel=rel, abs=1e-300)


@given(st.floats(-60, 60), DEGREES)
def test_tail_of_t_agrees_with_scipy(t: float, df: float) -> None:
    """Also where the area is 1e-200 of the whole."""
    assert close(float(scipy.stats.t.sf(t, df))) == t_tail(t, df)
    assert 1 == pytest.approx(t_tail(t, df) + t_cdf(t, df), rel=1e-14)


@given(SHARES, st.floats(1, 20_000))
def test_quantile_of_t_agrees_with_its_area(p: float, df: float) -> None:
    """The quantile is where the area is the share, and scipy finds it in the same place."""
    t = t_quantile(p, df)
    assert close(p) == t_cdf(t, df)
    # Near the middle scipy's own digits end earlier than ours.
    assert float(scipy.stats.t.ppf(p, df)) == pytest.approx(t, rel=1e-9, abs=1e-12)


@given(st.floats(0.05, 300), st.floats(0.05, 300), st.floats(0, 1))
def test_incomplete_beta_agrees_with_scipy(a: float, b: float, x: float) -> None:
    """Any shape, from end to end."""
    assert pytest.approx(float(scipy.special.betainc(a, b, x)), rel=1e-9, abs=1e-12) == (
        incomplete_beta(a, b, x)
    )


@given(st.floats(1e-300, 1 - 2.0**-53))
def test_normal_agrees_with_scipy(p: float) -> None:
    """The quantile out to 1e-300, and back by the area."""
    z = normal_quantile(p)
    assert float(scipy.stats.norm.ppf(p)) == pytest.approx(z, rel=1e-13, abs=1e-15)
    assert pytest.approx(p, rel=1e-12) == normal_cdf(z)


@pytest.mark.parametrize("t", [1e-12, 1e-3, 1.0, 7.5, 1e12, 1e200])
def test_one_degree_of_freedom_is_the_arc_tangent(t: float) -> None:
    """A closed form that no library is needed for."""
    assert close(atan(1 / t) / pi) == t_tail(t, 1)


@pytest.mark.parametrize("df", [1, 2, 3, 12.5, 1e6, 1e12])
def test_quantiles_mirror(df: float) -> None:
    """The middle is 0, and the lower tail is the upper one turned round."""
    assert 0 == pytest.approx(t_quantile(0.5, df), abs=1e-15)
    assert t_quantile(0.9, df) == pytest.approx(-t_quantile(0.1, df), rel=1e-14)


@pytest.mark.parametrize("df", [1e11, 1e300])
def test_many_degrees_of_freedom_are_the_normal_distribution(df: float) -> None:
    """Past 1e10 the difference is smaller than a float's last digits."""
    assert normal_cdf(1.3) == pytest.approx(t_cdf(1.3, df), rel=1e-10)
    assert normal_quantile(0.9) == pytest.approx(t_quantile(0.9, df), rel=1e-9)
    assert 0.0 == t_tail(1e308, df)


@pytest.mark.parametrize(("p", "df"), [(1e-300, 1.5), (1e-20, 0.1), (1e-250, 3), (1e-100, 0.5)])
def test_far_quantiles_stay_finite(p: float, df: float) -> None:
    """Where t squared would leave the floats, t itself is still found."""
    assert close(p) == t_cdf(t_quantile(p, df), df)


def test_infinite_t_has_no_tail() -> None:
    """Both ends of the line."""
    assert (0.0, 1.0) == (t_tail(inf, 5), t_cdf(inf, 5))
    assert (0.0, 1.0) == (incomplete_beta(2, 3, 0), incomplete_beta(2, 3, 1))


@pytest.mark.parametrize("p", [0, 1, -0.1, 1.1])
def test_shares_lie_between_nothing_and_all(p: float) -> None:
    """There is no quantile at the very ends."""
    for ask in (lambda: normal_quantile(p), lambda: t_quantile(p, 3)):
        with pytest.raises(InvalidValue, match="probability_out_of_range"):
            ask()


def test_parameters_are_positive() -> None:
    """No freedom is no distribution; a beta function needs both its parameters and a share."""
    with pytest.raises(InvalidValue, match="not_positive"):
        t_tail(1, 0)
    with pytest.raises(InvalidValue, match="not_positive"):
        incomplete_beta(0, 1, 0.5)
    with pytest.raises(InvalidValue, match="probability_out_of_range"):
        incomplete_beta(1, 1, 1.5)
    with pytest.raises(InvalidValue, match="too_large"):
        t_quantile(1e-300, 0.1)
