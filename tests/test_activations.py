"""Every activation: derivatives against differences, tails against their laws, precision, errors."""

import math
import warnings

import numpy as np
import pytest

from slopes import errorfunction
from slopes.activations import ACTIVATIONS, arctan, elu, gelu, get, leaky_relu, rescaled, sigmoid, silu, tanh
from slopes.search import bisect

ALL = [*ACTIVATIONS.values(), leaky_relu(0.2), elu(0.5), rescaled(gelu, 2.0, 3.0), rescaled(arctan, 0.5, 2.0)]
every = pytest.mark.parametrize("f", ALL, ids=lambda f: f.name)
POINTS = np.linspace(-6, 6, 49) + 0.01  # no point within a difference of a kink


def difference(function, x, h=1e-5):
    return (function(x + h) - function(x - h)) / (2 * h)


@every
def test_derivatives_are_those_of_the_value(f):
    np.testing.assert_allclose(f.deriv(POINTS), difference(f.value, POINTS), atol=1e-9)
    np.testing.assert_allclose(f.second(POINTS), difference(f.deriv, POINTS), atol=1e-9)


@every
def test_log_deriv_is_the_logarithm_of_deriv(f):
    with np.errstate(divide="ignore"):
        np.testing.assert_allclose(f.log_deriv(POINTS), np.log(np.abs(f.deriv(POINTS))), atol=1e-12)


@every
def test_faster_derivatives_agree(f):
    a = f.value(POINTS)
    slope = f.slope(POINTS, a)
    np.testing.assert_allclose(slope * np.ones_like(a), f.deriv(POINTS), atol=1e-15)
    np.testing.assert_allclose(f.bend(POINTS, a, slope) * np.ones_like(a), f.second(POINTS), atol=1e-15)
    np.testing.assert_allclose(f.slope(POINTS, a, np.empty_like(a)), slope, rtol=0)
    np.testing.assert_allclose(f.bend(POINTS, a, slope, np.empty_like(a)), f.bend(POINTS, a, slope), rtol=0)


@every
@pytest.mark.parametrize("r", [30.0, 800.0, 1e5])
def test_tails_follow_their_law(f, r):
    """To a share of order 1/r of the slope, and to the last digits where the law has no such correction."""
    exact = {"arctan": 0, "softsign": 0, "gelu": 0, "silu": 0}.keys().isdisjoint(f.name.split("(")[0].split())
    for side, tail in ((1, f.right), (-1, f.left)):
        assert f.log_deriv(side * r) == pytest.approx(tail.log_slope(r), **({"rel": 1e-12, "abs": 1e-12} if exact else {"rel": 1e-13, "abs": 4 / r}))


def test_the_error_function_is_that_of_the_standard_library():
    x = np.concatenate([np.linspace(0, 6, 4001), np.geomspace(1e-8, 26, 2001)])
    erfc = np.exp(-x * x) * errorfunction.erfcx(x)
    expected = np.array([math.erfc(v) for v in x])
    assert np.max(np.abs(erfc / expected - 1) / (1 + x * x)) < 5e-15  # the rounding of x^2 is not erfcx's
    np.testing.assert_allclose(errorfunction.distribution(-x), [0.5 * math.erfc(v / 2**0.5) for v in x], rtol=2e-13)
    far = np.array([1e3, 1e6, 1e30])
    np.testing.assert_allclose(errorfunction.erfcx(far), (1 - 0.5 / far**2 + 0.75 / far**4) / (np.pi**0.5 * far), rtol=5e-15)


def test_where_the_slope_changes_its_sign_the_logarithm_is_of_its_size():
    for f in (silu, gelu):
        low = bisect(lambda x: f.deriv(x) < 0, -3.0, 0.0, tolerance=1e-15)
        assert abs(f.deriv(low)) < 1e-14 and f.log_deriv(low) < -30
        assert f.log_deriv(-3.0) == pytest.approx(np.log(-f.deriv(-3.0)))


def test_the_scaled_tanh_of_lecun_takes_one_to_one():
    f = get("lecun_tanh")
    np.testing.assert_allclose(f.value(np.array([-1.0, 1.0])), [-1.0, 1.0], atol=1e-4)
    assert f.deriv(0.0) == pytest.approx(1.7159 * 2 / 3)


@every
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_silent_finite_and_of_one_precision_far_out(f, dtype):
    far = 1e18 if dtype is np.float32 else 1e150
    x = np.array([-far, -1000, -800, -1, 0, 1, 800, 1000, far], dtype)
    with warnings.catch_warnings(action="error"):
        for function in (f.value, f.deriv, f.second, f.log_deriv):
            assert function(x).dtype == dtype
            assert function(x[0]).dtype == dtype
            assert not np.isnan(function(x)).any()
        assert np.isfinite(f.value(x)).all()


def test_sigmoid_keeps_its_digits_in_both_tails():
    assert sigmoid.value(-36.0) == pytest.approx(2.319522830243569e-16, rel=1e-14, abs=0)
    assert sigmoid.value(-700.0) == pytest.approx(np.exp(-700.0), rel=1e-14, abs=0)
    # sigma (1 - sigma) is 4% wrong here
    assert sigmoid.deriv(36.0) == sigmoid.deriv(-36.0) == pytest.approx(2.319522830243569e-16, rel=1e-14, abs=0)
    assert sigmoid.log_deriv(800.0) == -800.0


def test_tanh_is_a_stretched_sigmoid():
    np.testing.assert_allclose(tanh.value(POINTS), 2 * sigmoid.value(2 * POINTS) - 1, atol=1e-15)
    assert tanh.deriv(20.0) == pytest.approx(4 * np.exp(-40.0), rel=1e-14, abs=0)


def test_the_derivative_at_a_kink_is_the_left_one():
    assert get("relu").deriv(0.0) == 0.0
    assert leaky_relu(0.2).deriv(0.0) == 0.2


def test_unknown_activations_are_refused_with_the_known_names():
    with pytest.raises(ValueError, match="no activation 'swoosh'.*sigmoid, tanh, arctan"):
        get("swoosh")
    with pytest.raises(TypeError, match="a name or an Activation, got 3"):
        get(3)
    for slope in (0.0, 1.0, -0.1, float("nan")):
        with pytest.raises(ValueError, match="slope must lie between 0 and 1"):
            leaky_relu(slope)
    for alpha in (0.0, -1.0, float("inf")):
        with pytest.raises(ValueError, match="alpha must be positive"):
            elu(alpha)
    with pytest.raises(ValueError, match="both factors must be positive.*inside=0"):
        rescaled(tanh, 0.0, 1.0)
    assert get(tanh) is tanh
