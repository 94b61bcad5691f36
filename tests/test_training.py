"""Sharpness along a run: right where it is known, and the edge of stability of a small network."""

import numpy as np
import pytest

from slopes.network import Network
from slopes.objectives import Objective, quadratic, rosenbrock
from slopes.optimizers import GradientDescent, Momentum, run
from slopes.training import on_batches, sharpness_along

HESS = np.diag([1.0, 5.0, 2.0])


def test_on_a_quadratic_the_sharpness_is_the_largest_eigenvalue_all_along():
    seen = sharpness_along(GradientDescent(0.1), quadratic(HESS), np.ones(3), steps=20, every=5)
    assert list(seen.steps) == [0, 5, 10, 15, 20]
    np.testing.assert_allclose(seen.sharpness, 5.0, rtol=1e-6)
    np.testing.assert_allclose(seen.value, run(GradientDescent(0.1), quadratic(HESS), np.ones(3), 20).value[::5])


def test_away_from_a_quadratic_it_is_that_of_the_hessian_at_the_iterate():
    seen = sharpness_along(GradientDescent(1e-3), rosenbrock(), np.array([-1.2, 1.0]), steps=6, every=3)
    points = run(GradientDescent(1e-3), rosenbrock(), [-1.2, 1.0], 6).x[::3]
    np.testing.assert_allclose(seen.sharpness, np.linalg.eigvalsh(rosenbrock().hess(points))[:, -1], rtol=1e-5)


def test_a_network_goes_to_the_edge_of_stability_and_stays():
    rng = np.random.default_rng(3)
    x = rng.standard_normal((40, 5))
    network = Network((5, 20, 1), activation="tanh")
    loss = network.objective(x, np.sin(2 * x[:, :1]) * x[:, 1:2])
    seen = sharpness_along(GradientDescent(0.4), loss, network.init(rng, "glorot"), steps=3000, every=100)
    assert seen.sharpness[0] < 4.0
    np.testing.assert_allclose(seen.sharpness[-10:].mean(), 2 / 0.4, rtol=0.1)


@pytest.mark.parametrize("call, error, message", [
    (lambda f: sharpness_along(GradientDescent(0.1), f, np.ones(3), 20, 3), ValueError, "multiple of every, got steps=20 and every=3"),
    (lambda f: sharpness_along(Momentum(0.1), f, np.ones(3), 20, 5), TypeError, "memory that would be lost"),
    (lambda f: sharpness_along(GradientDescent(3.0), f, np.ones(3), 100, 50), ValueError, "diverges within 50 steps"),
    (lambda f: sharpness_along(GradientDescent(0.1), f, np.ones(2), 20, 5), ValueError, r"shape \(2,\)"),
    (lambda f: sharpness_along(GradientDescent(0.1), Objective("mine", lambda x: x @ x, lambda x: 2 * x, point_shape=(2,)), np.ones(2), 2, 1),
     TypeError, "needs the Hessian of mine"),
])
def test_bad_input_says_what_was_given_and_what_to_do(call, error, message):
    with pytest.raises(error, match=message):
        call(quadratic(HESS))


def test_a_rule_with_a_memory_keeps_it_from_batch_to_batch():
    net, rng = Network([2, 1]), np.random.default_rng(0)
    x, y, theta = rng.standard_normal((6, 2)), rng.standard_normal((6, 1)), np.zeros(3)
    values = on_batches(Momentum(0.1), net, x, y, theta, size=6, steps=5, every=1, rng=rng)
    np.testing.assert_allclose(values, run(Momentum(0.1), net.objective(x, y), theta, 5).value, rtol=1e-9)
