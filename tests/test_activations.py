"""Every activation: derivatives against differences, tails against their laws, precision, errors."""

import warnings

import numpy as np
import pytest

from slopes.activations import ACTIVATIONS, get, leaky_relu, sigmoid, tanh

ALL = [*ACTIVATIONS.values(), leaky_relu(0.2)]
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
        np.testing.assert_allclose(f.log_deriv(POINTS), np.log(f.deriv(POINTS)), atol=1e-13)


@every
def test_faster_derivatives_agree(f):
    a = f.value(POINTS)
    slope = f.slope(POINTS, a)
    np.testing.assert_allclose(slope * np.ones_like(a), f.deriv(POINTS), atol=1e-15)
    np.testing.assert_allclose(f.bend(POINTS, a, slope) * np.ones_like(a), f.second(POINTS), atol=1e-15)
    np.testing.assert_allclose(f.slope(POINTS, a, np.empty_like(a)), slope, rtol=0)
    np.testing.assert_allclose(f.bend(POINTS, a, slope, np.empty_like(a)), f.bend(POINTS, a, slope), rtol=0)


def log_law(tail, r):
    """The logarithm of the derivative at distance r, as the tail's law says."""
    if tail.law == "zero":
        return -np.inf
    return np.log(tail.scale) - {"exponential": tail.rate * r, "polynomial": tail.rate * np.log(r), "constant": 0}[tail.law]


@every
@pytest.mark.parametrize("r", [30.0, 800.0])
def test_tails_follow_their_law(f, r):
    assert f.log_deriv(r) == pytest.approx(log_law(f.right, r), rel=1e-12)
    assert f.log_deriv(-r) == pytest.approx(log_law(f.left, r), rel=1e-12)


@every
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_silent_finite_and_of_one_precision_far_out(f, dtype):
    x = np.array([-1000, -800, -1, 0, 1, 800, 1000], dtype)
    with warnings.catch_warnings(action="error"):
        for function in (f.value, f.deriv, f.second, f.log_deriv):
            assert function(x).dtype == dtype
            assert function(x[0]).dtype == dtype
            assert not np.isnan(function(x)).any()
        assert np.isfinite(f.value(x)).all()


def test_sigmoid_keeps_its_digits_in_both_tails():
    assert sigmoid.value(-36.0) == pytest.approx(2.319522830243569e-16, rel=1e-14)
    assert sigmoid.value(-700.0) == pytest.approx(np.exp(-700.0), rel=1e-14)
    # sigma (1 - sigma) is 4% wrong here
    assert sigmoid.deriv(36.0) == sigmoid.deriv(-36.0) == pytest.approx(2.319522830243569e-16, rel=1e-14)
    assert sigmoid.log_deriv(800.0) == -800.0


def test_tanh_is_a_stretched_sigmoid():
    np.testing.assert_allclose(tanh.value(POINTS), 2 * sigmoid.value(2 * POINTS) - 1, atol=1e-15)
    assert tanh.deriv(20.0) == pytest.approx(4 * np.exp(-40.0), rel=1e-14)


def test_the_derivative_at_a_kink_is_the_left_one():
    assert get("relu").deriv(0.0) == 0.0
    assert leaky_relu(0.2).deriv(0.0) == 0.2


def test_unknown_activations_are_refused_with_the_known_names():
    with pytest.raises(ValueError, match="no activation 'swoosh'.*sigmoid, tanh, relu"):
        get("swoosh")
    with pytest.raises(TypeError, match="a name or an Activation, got 3"):
        get(3)
    for slope in (0.0, 1.0, -0.1, float("nan")):
        with pytest.raises(ValueError, match="slope must lie between 0 and 1"):
            leaky_relu(slope)
    assert get(tanh) is tanh
