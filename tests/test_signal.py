"""Sampled deep networks: gradients against differences, theory against what is measured."""

import numpy as np
import pytest

from slopes import meanfield
from slopes.activations import get
from slopes.signal import KINDS, dead_probability, dead_share, sampled


def x(n=20, width=300, seed=0):
    return np.random.default_rng(seed).standard_normal((n, width))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_the_gradient_on_the_way_down_is_that_of_the_way_up(kind, activation):
    start = x(4, 6)
    trace = sampled(kind, activation, start, 3, np.random.default_rng(1), sigma_w=1.3, sigma_b=0.2, branch=0.5)
    assert trace.grad[0] == pytest.approx(_below(kind, activation, start, 3), rel=1e-4)


def _below(kind, activation, start, layers):
    """The mean square of the gradient by the first layer's h, by differences from there."""
    f, width, rng = get(activation), start.shape[1], np.random.default_rng(1)
    draws = [(1.3 / np.sqrt(width) * rng.standard_normal((width, width)), 0.2 * rng.standard_normal(width)) for _ in range(layers)]
    g = rng.standard_normal(start.shape)

    def layer(h, w, b):
        z = h @ w + b
        if kind == "normalised":
            z = (z - z.mean(axis=1, keepdims=True)) / np.sqrt(z.var(axis=1, keepdims=True))
        return h + 0.5 * f.value(z) if kind == "residual" else f.value(z)

    def rest(h):
        for w, b in draws[1:]:
            h = layer(h, w, b)
        return h

    first, grad = layer(start, *draws[0]), np.empty_like(start)
    for index in np.ndindex(start.shape):
        e = np.zeros_like(start)
        e[index] = 1e-6
        grad[index] = np.sum((rest(first + e) - rest(first - e)) * g) / 2e-6
    return np.mean(grad**2)


@pytest.mark.parametrize("name, sigma_w, sigma_b", [("tanh", 1.3, 0.2), ("relu", 2**0.5, 0.0), ("sigmoid", 2.0, 0.5)])
def test_a_plain_network_follows_mean_field_theory(name, sigma_w, sigma_b):
    trace = sampled("plain", name, x(), 8, np.random.default_rng(0), sigma_w=sigma_w, sigma_b=sigma_b)
    q = meanfield.variances(name, sigma_w**2 + sigma_b**2, sigma_w, sigma_b, 8)
    square = (np.append(q[1:], meanfield.variance_map(name, q[-1], sigma_w, sigma_b)) - sigma_b**2) / sigma_w**2
    np.testing.assert_allclose(trace.size, square, rtol=0.25)
    np.testing.assert_allclose(trace.grad[:-1] / trace.grad[1:], meanfield.chi(name, q[1:], sigma_w), rtol=0.25)


def test_a_normalised_network_does_not_feel_the_scale_of_its_weights():
    a, b = (sampled("normalised", "tanh", x(), 6, np.random.default_rng(0), sigma_w=s) for s in (1.0, 50.0))
    np.testing.assert_allclose(a.size, b.size, rtol=1e-9)
    np.testing.assert_allclose(a.grad, b.grad, rtol=1e-9)


def test_a_residual_network_keeps_its_gradient():
    trace = sampled("residual", "tanh", x(), 50, np.random.default_rng(0), sigma_w=0.5, branch=0.2)
    plain = sampled("plain", "tanh", x(), 50, np.random.default_rng(0), sigma_w=0.5)
    assert 0.5 < trace.grad[0] < 4 and plain.grad[0] < 1e-20


@pytest.mark.parametrize("width, layers", [(1, 3), (2, 5), (4, 20)])
def test_dead_networks_are_as_many_as_predicted(width, layers):
    found = dead_share(width, layers, 4000, np.random.default_rng(0))
    assert found == pytest.approx(dead_probability(width, layers), abs=0.025)


@pytest.mark.parametrize("call, message", [
    (lambda: sampled("dense", "tanh", x(), 3, np.random.default_rng(0)), "no network 'dense'"),
    (lambda: sampled("plain", "tanh", np.ones(3), 3, np.random.default_rng(0)), r"got shape \(3,\)"),
    (lambda: sampled("plain", "swoosh", x(), 3, np.random.default_rng(0)), "no activation"),
])
def test_bad_input_says_what_was_given(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_alike_is_the_mean_correlation_of_pairs_of_the_layers_own_signals():
    x = np.random.default_rng(0).standard_normal((3, 400))
    one = sampled("plain", "identity", np.vstack([x[:1], x[:1], -x[:1]]), 1, np.random.default_rng(0))
    assert one.alike == pytest.approx(-1 / 3)
    assert sampled("plain", "relu", x, 1, np.random.default_rng(0)).alike == pytest.approx(1 / np.pi, abs=0.1)  # 0 for x itself


def test_a_tiny_probability_is_not_lost():
    assert dead_probability(60, 100) == pytest.approx(100 * 2.0**-60, rel=1e-9, abs=0)


@pytest.mark.parametrize("call, error, message", [
    (lambda: sampled("plain", "tanh", np.eye(3), 2.5, np.random.default_rng(0)), ValueError, "layers must be a whole number"),
    (lambda: sampled("plain", "tanh", np.eye(3), 2, 0), TypeError, "rng must be a generator"),
    (lambda: sampled("plain", "tanh", np.eye(3), 2, np.random.default_rng(0), sigma_w=-1), ValueError, "sigma_w is a standard deviation"),
    (lambda: dead_share(2, 3, 0, np.random.default_rng(0)), ValueError, "networks must be a whole number"),
    (lambda: dead_share(2, 3, 10, np.random.default_rng(0), slope=2), ValueError, "slope must be at least 0 and below 1"),
])
def test_bad_input_is_met_at_the_edge(call, error, message):
    with pytest.raises(error, match=message):
        call()
