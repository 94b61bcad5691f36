"""Landscapes with many stationary points: derivatives, kinds, basins, thresholds; and the small matrices beneath."""

import warnings

import numpy as np
import pytest

from slopes import symmetric
from slopes.basins import basins, threshold
from slopes.landscapes import Kind, himmelblau, kind_of, wave
from slopes.newton import AbsoluteNewton, Backtracking, TrustRegion
from slopes.objectives import Objective, arctan_integral, hyperbola, quadratic, quartic, rosenbrock
from slopes.optimizers import GradientDescent, Newton, run

ALL = {"wave": wave(), "himmelblau": himmelblau()}

# Himmelblau's function, to six decimals: its four minima, its maximum and its four saddles.
MINIMA = [[3, 2], [-2.805118, 3.131313], [-3.779310, -3.283186], [3.584428, -1.848127]]
MAXIMUM = [-0.270845, -0.923039]
SADDLES = [[-3.073026, -0.081353], [-0.127961, -1.953715], [0.086678, 2.884255], [3.385154, 0.073852]]


@pytest.fixture(autouse=True)
def warnings_are_errors():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.mark.parametrize("f", ALL.values(), ids=ALL)
def test_derivatives_are_derivatives_in_random_directions(f):
    rng, h = np.random.default_rng(0), 1e-5
    x, v = 3 * rng.normal(size=(9, *f.point_shape)), rng.normal(size=(9, *f.point_shape))
    along = lambda function: (function(x + h * v) - function(x - h * v)) / (2 * h)
    dot = lambda a, b: np.vecdot(a, b) if f.point_shape else a * b
    np.testing.assert_allclose(dot(f.grad(x), v), along(f.value), rtol=1e-6, atol=1e-5)
    np.testing.assert_allclose(f.hvp(x, v), along(f.grad), rtol=1e-6, atol=1e-5)


@pytest.mark.parametrize("f", ALL.values(), ids=ALL)
@pytest.mark.parametrize("part", ["value", "grad", "hess"])
def test_a_batch_gives_what_its_points_give_one_at_a_time(f, part):
    x = np.random.default_rng(1).normal(size=(2, 3, *f.point_shape))
    whole = getattr(f, part)(x)
    for index in np.ndindex(2, 3):
        np.testing.assert_allclose(whole[index], getattr(f, part)(x[index]), rtol=1e-13)


def test_the_stationary_points_of_himmelblaus_function():
    points = np.array([*MINIMA, *SADDLES, MAXIMUM])
    kinds = [Kind.MINIMUM] * 4 + [Kind.SADDLE] * 4 + [Kind.MAXIMUM]
    assert list(kind_of(himmelblau(), points, tolerance=1e-3)) == kinds
    np.testing.assert_allclose(himmelblau().value(points[:4]), 0.0, atol=1e-9)
    assert himmelblau().value(MAXIMUM) == pytest.approx(181.617, abs=1e-3)


def test_kinds_of_points_of_one_variable_and_of_many():
    end = run(Newton(), wave(), 10.0, 50).last
    assert end == pytest.approx(26.8341329132, abs=1e-10) and wave().hess(end) == pytest.approx(-6.0147, abs=1e-4)
    assert kind_of(wave(), end) == Kind.MAXIMUM and kind_of(wave(), 10.0) == Kind.NOT_STATIONARY
    assert kind_of(quartic(), 0.0) == Kind.DEGENERATE
    for diagonal, kind in (([1, 2, 3], Kind.MINIMUM), ([1, -2, 3], Kind.SADDLE), ([-1, -2, -3], Kind.MAXIMUM), ([1, 0, 3], Kind.DEGENERATE)):
        assert kind_of(quadratic(np.diag(np.array(diagonal, float))), np.zeros(3)) == kind
    assert [kind.words for kind in Kind] == ["minimum", "saddle", "maximum", "degenerate", "not stationary"]


# Basins and thresholds --------------------------------------------------------------------------


def grid(n, side=6.0):
    line = np.linspace(-side, side, n)
    return np.stack(np.meshgrid(line, line), axis=-1)


@pytest.mark.parametrize("rule", [Newton(), Backtracking(Newton()), AbsoluteNewton(), TrustRegion(1.0)], ids=repr)
def test_basins_are_what_the_runs_give_one_at_a_time(rule):
    f, starts = himmelblau(), grid(7)
    whole = basins(rule, f, starts, 25)
    for index in np.ndindex(7, 7):
        one = basins(rule, f, starts[index], 25)
        assert (one.kind, one.steps, one.status) == (whole.kind[index], whole.steps[index], whole.status[index])
    assert whole.last.shape == starts.shape and whole.kind.shape == (7, 7)


def test_a_run_that_is_cut_short_has_taken_the_steps_it_was_given():
    b = basins(GradientDescent(1e-6), himmelblau(), grid(3), 25)
    assert np.all(b.steps == 25) and np.all(b.kind == Kind.NOT_STATIONARY) and b.share(Kind.NOT_STATIONARY) == 1.0


def test_basins_of_newton_and_of_its_repair():
    newton, repaired = (basins(rule, himmelblau(), grid(100)) for rule in (Newton(), AbsoluteNewton()))
    shares = [newton.share(kind) for kind in (Kind.MINIMUM, Kind.SADDLE, Kind.MAXIMUM)]
    assert sum(shares) == 1.0 and min(shares) > 0.02 and repaired.share(Kind.MINIMUM) == 1.0


def test_a_map_of_basins_is_one_call_a_step():
    calls, f, starts = [], himmelblau(), grid(400)
    counted = Objective(f.name, f.value, f.grad, lambda x: calls.append(x.shape) or f.hess(x), point_shape=f.point_shape)
    whole = basins(Newton(), counted, starts)
    assert calls[0] == (160_000, 2) and len(calls) < 500
    for index in range(0, 400, 40):
        assert basins(Newton(), f, starts[index, index]).kind == whole.kind[index, index]


@pytest.mark.parametrize("f, low, high, found", [
    (hyperbola(), 0.5, 3.0, 1.0),
    (hyperbola(), -0.5, -3.0, -1.0),
    (hyperbola().stretched(2.0**-3), 1.0, 30.0, 8.0),
    (arctan_integral(), 0.5, 3.0, 1.39174520027),
    (Objective("ln cosh", lambda x: np.log(np.cosh(x)), np.tanh, lambda x: 1 / np.cosh(x) ** 2), 0.5, 3.0, 1.08865949),
])
def test_thresholds_are_found_by_bisection(f, low, high, found):
    assert threshold(Newton(), f, low, high) == pytest.approx(found, rel=1e-8)


def test_the_threshold_of_gradient_descent_where_a_step_ends_as_far_out_as_it_began():
    """1 - eps (1 + x^2) = -1 at x = sqrt(2/eps - 1)."""
    f = Objective("x²/2 + x⁴/4", lambda x: x * x / 2 + x**4 / 4, lambda x: x + x**3)
    assert threshold(GradientDescent(0.5), f, 0.5, 4.0) == pytest.approx(3**0.5, rel=1e-10)


@pytest.mark.parametrize("call, error, message", [
    (lambda: threshold(Newton(), rosenbrock(), 0.0, 1.0), ValueError, "has 2 variables.*draw its basins"),
    (lambda: threshold(Newton(), hyperbola(), 2.0, 3.0), ValueError, "low = 2 does not converge"),
    (lambda: threshold(Newton(), hyperbola(), 0.5, 0.9), ValueError, "comes to the same point as from low"),
    (lambda: basins(Newton(), himmelblau(), [1.0, 2.0, 3.0]), ValueError, r"shape \(3,\)"),
])
def test_bad_input_says_what_was_given_and_what_to_do(call, error, message):
    with pytest.raises(error, match=message):
        call()


# Small matrices ---------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_eigenvalues_and_solutions_are_those_of_lapack(n):
    a = np.random.default_rng(n).normal(size=(4, 50, n, n))
    h, g = a + a.mT, np.random.default_rng(9).normal(size=(4, 50, n))
    values, vectors = symmetric.eigh(h)
    np.testing.assert_allclose(values, np.linalg.eigvalsh(h), rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(symmetric.eigenvalues(h), values, rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose((vectors * values[..., None, :]) @ vectors.mT, h, atol=1e-12)
    np.testing.assert_allclose(symmetric.solve(h, g), np.linalg.solve(h, g[..., None])[..., 0], rtol=1e-7)


@pytest.mark.parametrize("h", [np.zeros((2, 2)), np.eye(2), np.diag([1.0, -1.0]), np.diag([1.0, 1e-12]),
                               [[1.0, 1e-9], [1e-9, 1.0]], [[0.0, 3.0], [3.0, 0.0]], [[-2.0, 1e-8], [1e-8, 5.0]]])
def test_the_closed_formula_holds_for_special_matrices(h):
    h = np.array(h)
    values, q = symmetric.eigh(h)
    np.testing.assert_allclose(q.T @ q, np.eye(2), atol=1e-15)
    np.testing.assert_allclose((q * values) @ q.T, h, atol=1e-15 * np.abs(h).max())


def test_a_matrix_that_is_singular_or_not_finite_spares_its_neighbours():
    for n in (2, 3):
        h = np.stack([np.eye(n), np.diag([0.0, *[1.0] * (n - 1)]), np.full((n, n), np.inf)])
        with np.errstate(all="ignore"):
            solved = symmetric.solve(h[:2], np.ones((2, n)))
            values = symmetric.eigenvalues(h)
        assert np.all(solved[0] == 1.0) and not np.isfinite(solved[1]).any()
        assert np.all(values[0] == 1.0) and np.isnan(values[2]).any()


def test_both_ends_of_a_threshold_are_named_in_the_readers_own_numbers():
    with pytest.raises(ValueError, match="from high = 0.6 the rule comes to the same point as from low = 0.5"):
        threshold(Newton(), hyperbola(), 0.5, 0.6)
    with pytest.raises(ValueError, match="low and high must differ, got 0.5 twice"):
        threshold(Newton(), hyperbola(), 0.5, 0.5)


def test_a_point_whose_curvature_is_no_number_is_no_saddle():
    hole = Objective("a hole", lambda x: 0.0 * x, lambda x: 0.0 * x, lambda x: np.nan * x)
    assert kind_of(hole, 1.0) == Kind.DEGENERATE
