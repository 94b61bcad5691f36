"""Mean-field theory: closed forms, and wide networks that are sampled."""

import numpy as np
import pytest

from slopes import meanfield
from slopes.activations import ACTIVATIONS
from slopes.network import Network


@pytest.mark.parametrize("sigma_w", [0.5, 1.0, 2.0])
def test_a_relu_halves_the_mean_square(sigma_w):
    q = np.array([0.1, 1.0, 30.0])
    np.testing.assert_allclose(meanfield.variance_map("relu", q, sigma_w, 0.3), sigma_w**2 * q / 2 + 0.09, rtol=1e-5)
    np.testing.assert_allclose(meanfield.chi("relu", q, sigma_w), sigma_w**2 / 2, rtol=1e-9)


def test_the_critical_point_of_tanh():
    assert meanfield.critical_sigma_w("tanh", 0.05**0.5) ** 2 == pytest.approx(1.760955, abs=2e-6)
    assert meanfield.critical_sigma_w("relu") ** 2 == pytest.approx(2.0, abs=1e-6)


def test_the_ratio_of_a_network_with_thirty_sigmoids_a_layer():
    """Weights N(0, 1/fan_in) and biases N(0, 1), as in the deep networks of Nielsen's chapter 5."""
    q = meanfield.fixed_point("sigmoid", 1.0, 1.0)
    assert meanfield.chi("sigmoid", q, 1.0) ** -0.5 == pytest.approx(4.88, abs=0.01)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("sigma_w, sigma_b", [(0.8, 0.2), (1.5, 0.0)])
def test_a_wide_network_follows_the_theory(name, sigma_w, sigma_b):
    width, layers, rng = 400, 4, np.random.default_rng(0)
    net = Network([width] * (layers + 1), name)
    theta = net.init(rng, "normal", scale=sigma_w, bias_scale=sigma_b)
    signals = net.backward(theta, rng.standard_normal((30, width)), 1e4 * rng.standard_normal((30, width)))  # targets that do not depend on the weights
    measured = np.array([np.mean(z * z) for z in signals.z])
    predicted = meanfield.variances(name, sigma_w**2 + sigma_b**2, sigma_w, sigma_b, layers)
    np.testing.assert_allclose(measured, predicted, rtol=0.15)
    back = np.array([np.mean(d * d) for d in signals.delta])
    np.testing.assert_allclose(back[:-2] / back[1:-1], meanfield.chi(name, predicted[:-2], sigma_w), rtol=0.15)


def test_a_fixed_point_is_fixed_and_growth_has_no_end():
    q = meanfield.fixed_point("tanh", np.array([0.5, 1.5, 3.0]), 0.2)
    np.testing.assert_allclose(meanfield.variance_map("tanh", q, np.array([0.5, 1.5, 3.0]), 0.2), q, rtol=1e-9)
    assert meanfield.fixed_point("relu", 2.0, 0.1) == np.inf and meanfield.fixed_point("tanh", 0.5) < 1e-10


def test_the_critical_line_is_where_the_search_finds_it():
    sigma_w, sigma_b = meanfield.critical_line("tanh", np.geomspace(1e-3, 2.0, 200))
    assert np.interp(0.05**0.5, sigma_b, sigma_w) ** 2 == pytest.approx(1.760955, abs=1e-4)
    np.testing.assert_allclose(meanfield.critical_line("relu", np.array([0.1, 1.0, 5.0])), [[2**0.5] * 3, [0.0] * 3], atol=1e-6)
    assert np.isnan(meanfield.critical_line("sigmoid", 1.0)[1])


def test_depth_scales():
    np.testing.assert_allclose(meanfield.depth_scale(np.array([np.exp(-0.1), np.exp(0.5), 1.0])), [10.0, 2.0, np.inf])


@pytest.mark.parametrize("call, message", [
    (lambda: meanfield.variance_map("tanh", -1.0, 1.0), "a variance is at least 0, got -1.0"),
    (lambda: meanfield.chi("tanh", 1.0, -2.0), "sigma_w is a standard deviation.*got -2.0"),
    (lambda: meanfield.variance_map("tanh", 1.0, 1.0, np.inf), "sigma_b is a standard deviation"),
    (lambda: meanfield.chi("swoosh", 1.0, 1.0), "no activation 'swoosh'"),
])
def test_bad_input_says_what_was_given(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("sigma_w, sigma_b, wanted", [(2**0.5, 0.1, np.inf), (1.42, 0.1, np.inf), (1.414, 0.1, 0.01 / (1 - 1.414**2 / 2))])
def test_a_variance_that_settles_slowly_or_never_is_told_apart(sigma_w, sigma_b, wanted):
    """ReLU: q = sigma_w^2 q / 2 + sigma_b^2, a geometric series."""
    assert meanfield.fixed_point("relu", sigma_w, sigma_b) == pytest.approx(wanted, rel=1e-6)


def test_a_variance_goes_to_0_at_the_edge():
    assert meanfield.fixed_point("tanh", 1.0) < 1e-9


@pytest.mark.parametrize("q", [1e3, 1e4, 1e6])
def test_a_mean_is_right_where_a_bounded_unit_is_a_switch(q):
    """The slope of tanh(sqrt(q) z) is a spike: E tanh'^2 = int sech^4 / sqrt(2 pi q) = (4/3) / sqrt(2 pi q)."""
    assert meanfield.chi("tanh", q, 1.0) == pytest.approx(4 / 3 / np.sqrt(2 * np.pi * q), rel=2 / q)


def test_an_unsettled_variance_is_an_error(monkeypatch):
    monkeypatch.setattr(meanfield, "_EXTRAPOLATED", 0)
    with pytest.raises(ValueError, match="of 1 of 1 networks has not settled after 1 layers"):
        meanfield.fixed_point("tanh", 1.3, 0.2, most=1)


@pytest.mark.parametrize("activation, sigma_w, sigma_b, q, wanted", [
    ("tanh", 0.5, 1e-7, 1.0, 1e-14 / 0.75), ("tanh", 2.0, 0.0, 1e-13, float(meanfield.fixed_point("tanh", 2.0))),
    ("relu", 1.0, 0.0, 1e10, 0.0), ("relu", 2.0, 0.0, 1e-20, np.inf), ("tanh", 0.5, 0.0, 1.0, 0.0)])
def test_a_fixed_point_is_found_from_far_above_and_below(activation, sigma_w, sigma_b, q, wanted):
    assert meanfield.fixed_point(activation, sigma_w, sigma_b, q=q) == pytest.approx(wanted, rel=1e-6, abs=0)


def test_an_extrapolated_variance_falls_by_no_more_than_half():
    assert meanfield._extrapolated(np.array([1.0]), np.array([0.1]), np.array([0.0])) == 0.5
