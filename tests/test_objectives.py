"""Every objective and every change of variable: derivatives, broadcasting, exactness, bad input."""

import numpy as np
import pytest

from slopes.objectives import (
    Objective, arctan_integral, barrier, hyperbola, least_squares, parabola, power, quadratic, quartic, rosenbrock,
)

SPD = np.array([[3.0, 1.0, 0.0], [1.0, 2.0, 0.5], [0.0, 0.5, 1.0]])
BASE = {
    "parabola": parabola(2.5, minimizer=0.7),
    "quartic": quartic(),
    "power": power(3.5),
    "barrier": barrier(),
    "hyperbola": hyperbola(),
    "arctan integral": arctan_integral(),
    "quadratic": quadratic(SPD, minimizer=[1.0, -2.0, 0.5]),
    "least squares": least_squares([[1.0, 2.0], [0.5, -1.0], [3.0, 1.0], [0.0, 1.0]], [1.0, 0.0, 2.0, -1.0]),
    "rosenbrock": rosenbrock(),
}
CHANGED = {
    "scaled parabola": 3.0 * parabola(),
    "stretched hyperbola": hyperbola().stretched(0.3, center=2.0),
    "scaled rosenbrock": rosenbrock().scaled(0.1),
    "stretched rosenbrock": rosenbrock().stretched(1.7, center=[1.0, 1.0]),
    "transformed quadratic": quadratic(SPD).transformed([[2.0, 1, 0], [0, 1, 0], [0, -3, 0.5]], center=[1.0, 2, 3]),
    "rotated rosenbrock": rosenbrock().rotated(0.6),
}
ALL = BASE | CHANGED


@pytest.fixture(params=ALL, ids=str)
def f(request):
    return ALL[request.param]


def points(f, count=7, seed=0):
    x = np.random.default_rng(seed).normal(size=(count, *f.point_shape))
    return 0.2 + np.abs(x) if f.name == "x − ln x" else x  # inside its domain


def directional(function, x, v, h=1e-5):
    return (function(x + h * v) - function(x - h * v)) / (2 * h)


def dot(f, a, b):
    return a * b if not f.point_shape else np.sum(a * b, axis=-1)


def test_the_gradient_is_the_derivative_in_random_directions(f):
    x, v = points(f), points(f, seed=1)
    np.testing.assert_allclose(dot(f, f.grad(x), v), directional(f.value, x, v), rtol=1e-6, atol=1e-6)


def test_the_hessian_is_the_derivative_of_the_gradient_in_random_directions(f):
    x, v = points(f), points(f, seed=1)
    np.testing.assert_allclose(f.hvp(x, v), directional(f.grad, x, v), rtol=1e-6, atol=1e-5)


def test_hessian_vector_products_agree_with_the_hessian(f):
    x, v = points(f), points(f, seed=1)
    product = f.hess(x) * v if not f.point_shape else np.einsum("kij,kj->ki", f.hess(x), v)
    np.testing.assert_allclose(f.hvp(x, v), product, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("part", ["value", "grad", "hess"])
def test_a_batch_gives_what_its_points_give_one_at_a_time(f, part):
    x = points(f, 6).reshape(2, 3, *f.point_shape)
    whole = getattr(f, part)(x)
    for index in np.ndindex(2, 3):
        np.testing.assert_allclose(whole[index], getattr(f, part)(x[index]), rtol=1e-13)


def test_the_minimizer_is_a_stationary_point_that_lies_lowest(f):
    np.testing.assert_allclose(f.grad(f.minimizer), 0.0, atol=1e-12)
    assert np.all(f.value(f.minimizer + 0.1 * points(f)) > f.value(f.minimizer))


@pytest.mark.parametrize("c, k", [(2.0**10, 1.0), (2.0**-30, 1.0), (1.0, 2.0**9), (1.0, 2.0**-20), (2.0**5, 2.0**-7)])
@pytest.mark.parametrize("name", BASE)
def test_powers_of_two_rescale_to_the_last_bit(name, c, k):
    f = BASE[name]
    g, x = f.scaled(c).stretched(k), points(f)
    assert np.array_equal(g.value(x / k), c * f.value(x))
    assert np.array_equal(g.grad(x / k), c * k * f.grad(x))
    assert np.array_equal(g.hess(x / k), c * k * k * f.hess(x))


@pytest.mark.parametrize("name", BASE)
def test_scales_broadcast_over_a_batch(name):
    f, c, k = BASE[name], np.array([0.5, 2.0, 8.0]), np.array([[1.0], [3.0]])
    x = points(f, 1)[0]
    batch = f.scaled(c).stretched(k)
    for i, j in np.ndindex(2, 3):
        one = f.scaled(c[j]).stretched(k[i, 0])
        for part in ("value", "grad", "hess"):
            whole = np.broadcast_to(getattr(batch, part)(x), (2, 3) + np.shape(getattr(one, part)(x)))
            np.testing.assert_allclose(whole[i, j], getattr(one, part)(x), rtol=1e-14)


def test_a_number_or_an_array_times_a_function_is_the_scaled_function():
    c, x = np.array([0.5, 2.0]), 3.0
    for product in (c * parabola(), parabola().scaled(c)):
        np.testing.assert_array_equal(product.grad(x), c * x)
    assert (np.float64(2.0) * parabola()).value(x) == 9.0


def test_a_rotation_by_an_angle_is_the_rotation_by_its_matrix():
    q = [[np.cos(0.4), -np.sin(0.4)], [np.sin(0.4), np.cos(0.4)]]
    x = points(rosenbrock())
    np.testing.assert_allclose(rosenbrock().rotated(0.4).value(x), rosenbrock().rotated(q).value(x))
    np.testing.assert_allclose(rosenbrock().rotated(q).value(x), rosenbrock().value(x @ np.transpose(q)))


def test_known_values():
    assert rosenbrock().value([-1.2, 1.0]) == pytest.approx(24.2)
    assert parabola(2.0).value(10) == 100.0
    assert hyperbola().value(0.0) == 1.0
    assert quartic().hess(2.0) == 48.0


def test_each_derivative_is_evaluated_once_and_one_pass_serves_both():
    calls = []
    def both(x):
        calls.append(x)
        return x * x, 2 * x
    at = Objective("counted", lambda x: 1 / 0, lambda x: 1 / 0, value_and_grad=both).at(3.0)
    assert (at.grad, at.value, at.grad_norm, at.grad) == (6.0, 9.0, 6.0, 6.0)
    assert len(calls) == 1


@pytest.mark.parametrize("call, error, message", [
    (lambda: rosenbrock().value([1.0, 2.0, 3.0]), ValueError, r"shape \(3,\).*\(\.\.\., 2\)"),
    (lambda: quadratic(SPD).grad(1.0), ValueError, r"shape \(\).*\(\.\.\., 3\)"),
    (lambda: parabola().value("ten"), TypeError, "real numbers"),
    (lambda: parabola().value(1j), TypeError, "real numbers"),
    (lambda: parabola(curvature=-1), ValueError, "curvature must be positive, got -1"),
    (lambda: parabola(curvature=np.nan), ValueError, "curvature must be positive, got nan"),
    (lambda: 0 * parabola(), ValueError, "c must be positive"),
    (lambda: parabola().stretched(-2), ValueError, "k must be positive"),
    (lambda: parabola().transformed(np.eye(1)), ValueError, r"use stretched\(k\)"),
    (lambda: rosenbrock().transformed(np.eye(3)), ValueError, r"shape \(3, 3\).*square one of shape \(2, 2\)"),
    (lambda: rosenbrock().transformed(np.ones((2, 3))), ValueError, "square"),
    (lambda: rosenbrock().transformed(np.ones((2, 2))), ValueError, "singular"),
    (lambda: rosenbrock().transformed([[np.nan, 0], [0, 1]]), ValueError, "invertible"),
    (lambda: rosenbrock().rotated([[1.0, 1], [0, 1]]), ValueError, r"use transformed\(\)"),
    (lambda: quadratic([[1.0, 2], [0, 1]]), ValueError, "symmetric"),
    (lambda: quadratic([[1.0, np.nan], [np.nan, 1.0]]), ValueError, "must be finite"),
    (lambda: quadratic(np.eye(2), minimizer=[1.0, 2.0, 3.0]), ValueError, r"minimizer has shape \(3,\)"),
    (lambda: rosenbrock().stretched(2.0, center=[1.0, 2.0, 3.0]), ValueError, r"shape \(3,\).*\(\.\.\., 2\)"),
    (lambda: rosenbrock().transformed(np.eye(2), center=[1.0, 2.0, 3.0]), ValueError, r"shape \(3,\).*\(\.\.\., 2\)"),
    (lambda: Objective("mine", 3.0), TypeError, "value of mine must be a function of points, got 3.0"),
    (lambda: Objective("mine", np.abs, 1.0), TypeError, "grad of mine must be a function of points, got 1.0"),
    (lambda: quadratic(np.ones((2, 3))), ValueError, r"square matrix, \(\.\.\., n, n\), got shape \(2, 3\)"),
    (lambda: least_squares(np.ones((3, 2)), [1.0, 2.0]), ValueError, r"got \(3, 2\) and \(2,\)"),
    (lambda: Objective("mine", np.abs).grad(1.0), TypeError, "needs the gradient of mine.*grad="),
    (lambda: Objective("mine", np.abs, np.sign).hess(1.0), TypeError, "needs the Hessian of mine.*hess="),
])
def test_bad_input_says_what_was_given_and_what_to_do(call, error, message):
    with pytest.raises(error, match=message):
        call()
