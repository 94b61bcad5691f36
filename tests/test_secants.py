"""Newton without second derivatives: each rule against its formula, its order, its units, and at the edges."""

import warnings

import numpy as np
import pytest

from slopes.convergence import digits, order, ratios, usable
from slopes.invariance import bowl, gap
from slopes.newton import Backtracking
from slopes.objectives import Objective, barrier, hyperbola, parabola, power, quadratic, rosenbrock
from slopes.optimizers import GradientDescent, Newton, Status, grad_below, run
from slopes.secants import BarzilaiBorwein, FiniteDifferenceNewton, Secant

EXPONENTIAL = Objective("eˣ − 2x", lambda x: np.exp(x) - 2 * x, lambda x: np.exp(x) - 2, np.exp, minimizer=np.log(2.0))


@pytest.fixture(autouse=True)
def warnings_are_errors():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def errors(rule, f, x0, steps=40):
    return np.abs(run(rule, f, x0, steps).x - f.minimizer)


# Order and constants ----------------------------------------------------------------------------


@pytest.mark.parametrize("rule, f, x0, expected, slack", [
    (Newton(), barrier(), 0.5, 2.0, 1e-6),
    (Newton(), EXPONENTIAL, 1.5, 2.0, 0.05),
    (Newton(), hyperbola(), 0.9, 3.0, 1e-6),
    (Newton(), power(4), 1.0, 1.0, 1e-9),
    (Secant(0.2), barrier(), 0.5, (1 + 5**0.5) / 2, 0.05),
    (Secant(0.1), EXPONENTIAL, 1.5, (1 + 5**0.5) / 2, 0.05),
    (GradientDescent(0.3), barrier(), 0.5, 1.0, 1e-6),
    (FiniteDifferenceNewton(1e-2, "forward"), EXPONENTIAL, 1.5, 1.0, 0.05),
    (FiniteDifferenceNewton(1e-5), EXPONENTIAL, 1.5, 2.0, 0.05),
])
def test_the_order_of_convergence_is_the_one_that_theory_gives(rule, f, x0, expected, slack):
    assert order(errors(rule, f, x0), floor=1e-12) == pytest.approx(expected, abs=slack)


@pytest.mark.parametrize("f, x0, third", [(barrier(), 0.8, -2.0), (EXPONENTIAL, 1.0, 2.0)])
def test_newtons_error_constant_is_the_third_derivative_over_twice_the_second(f, x0, third):
    found = ratios(errors(Newton(), f, x0), order=2, floor=1e-7)[-1]
    assert found == pytest.approx(abs(third / (2 * f.hess(f.minimizer))), rel=0.01)


@pytest.mark.parametrize("p", [2.5, 3.0, 4.0, 10.0])
def test_at_a_degenerate_minimum_each_step_leaves_the_same_share(p):
    np.testing.assert_allclose(ratios(errors(Newton(), power(p), 1.0, 60)), (p - 2) / (p - 1), rtol=1e-10)


def test_a_finite_difference_leaves_a_share_that_its_error_in_the_curvature_explains():
    f, h = EXPONENTIAL, 1e-2
    curvature = (f.grad(f.minimizer + h) - f.grad(f.minimizer)) / h
    share = ratios(errors(FiniteDifferenceNewton(h, "forward"), f, 1.5), floor=1e-12)[-1]
    assert share == pytest.approx(1 - f.hess(f.minimizer) / curvature, rel=1e-3)


def test_digits_are_powers_of_ten():
    np.testing.assert_allclose(digits([10.0, 0.1, -1e-8, 0.0]), [-1.0, 1.0, 8.0, np.inf])


def test_errors_are_usable_up_to_the_first_below_the_floor():
    assert list(usable([1.0, 0.1, 0.01, 0.0, 0.5], least=1)) == [1.0, 0.1, 0.01]


# The rules --------------------------------------------------------------------------------------


@pytest.mark.parametrize("form, rtol", [("central", 1e-8), ("forward", 1e-4)])
@pytest.mark.parametrize("f, x", [(hyperbola(), [0.5, -2.0]), (rosenbrock(), [[-1.2, 1.0], [0.3, 0.1]]), (bowl(), [[1.0, 2.0, -0.5]])])
def test_a_difference_of_gradients_is_the_hessian(form, rtol, f, x):
    at = f.at(np.asarray(x))
    np.testing.assert_allclose(FiniteDifferenceNewton(1e-6, form).hess(at), at.hess, rtol=rtol, atol=rtol * np.abs(at.hess).max())


def test_the_first_step_is_one_of_gradient_descent():
    for rule, f, x in ((Secant(0.2), hyperbola(), 0.7), (BarzilaiBorwein(0.2), hyperbola(), 0.7), (BarzilaiBorwein(0.2), bowl(), [1.0, 2.0, 3.0])):
        assert np.array_equal(run(rule, f, x, 1).last, run(GradientDescent(0.2), f, x, 1).last)


def test_in_one_variable_barzilai_borwein_is_the_secant():
    for form in ("long", "short"):
        np.testing.assert_allclose(run(BarzilaiBorwein(0.2, form), barrier(), 0.6, 5).x, run(Secant(0.2), barrier(), 0.6, 5).x, rtol=1e-9)


@pytest.mark.parametrize("form", ["long", "short"])
def test_the_step_size_fits_the_last_change_of_the_gradient(form):
    """It is the eps for which s - eps y, or s/eps - y, is shortest."""
    f, x = bowl(), np.array([[2.0, -1.5, 1.0], [2.5, -1.0, 0.5]])
    rule, (first, second) = BarzilaiBorwein(0.1, form), x
    _, (_, _, eps) = rule.step(f.at(second), (first, f.grad(first), np.array(0.1)))
    s, y = second - first, f.grad(second) - f.grad(first)
    for other in (0.99 * eps, 1.01 * eps):
        fit = lambda e: np.linalg.norm(s / e - y) if form == "long" else np.linalg.norm(s - e * y)
        assert fit(eps) < fit(other)


def test_barzilai_borwein_needs_far_fewer_steps_than_the_best_fixed_step():
    f = quadratic(np.diag(np.geomspace(1.0, 1000.0, 20)))
    fixed, fitted = (run(rule, f, np.ones(20), 20000, until=grad_below(1e-6), keep="last")
                     for rule in (GradientDescent(2 / 1001), BarzilaiBorwein(1e-3)))
    assert fixed.converged and fitted.converged and 10 * fitted.steps < fixed.steps


def test_where_no_curvature_is_seen_the_step_size_stays():
    hill = Objective("a hill", lambda x: -x * x, lambda x: -2 * x, point_shape=())
    np.testing.assert_allclose(run(BarzilaiBorwein(0.1), hill, 1.0, 3).x, 1.2 ** np.arange(4))


def test_a_batch_gives_what_its_runs_give_one_at_a_time():
    for rule, f, x in ((Secant(0.1), EXPONENTIAL, [1.5, 0.2, 3.0]), (BarzilaiBorwein(0.1), bowl(), np.random.default_rng(0).normal(size=(4, 3))),
                       (FiniteDifferenceNewton(1e-4), rosenbrock(), [[-1.2, 1.0], [0.5, 0.5]])):
        whole = run(rule, f, x, 6)
        for i, start in enumerate(x):
            np.testing.assert_allclose(whole.x[:, i], run(rule, f, start, 6).x, rtol=1e-7, atol=1e-10)


def test_a_run_at_its_minimum_stays_there():
    for rule in (Secant(0.1), BarzilaiBorwein(0.1), FiniteDifferenceNewton(1e-3)):
        path = run(rule, parabola(), 0.0, 4)
        assert path.status == Status.OUT_OF_STEPS and np.all(path.x == 0)


def test_a_straight_line_has_no_curvature_and_a_run_on_it_diverges():
    line = Objective("3x", lambda x: 3 * x, lambda x: 3.0 + 0 * x)
    assert run(Secant(0.1), line, 1.0, 5).status == run(FiniteDifferenceNewton(0.1), line, 1.0, 5).status == Status.DIVERGED


def test_what_has_units_is_felt_and_what_has_none_is_not():
    """Only the first step of a secant method has units; the spacing of a difference is a length."""
    f, x, one = bowl(), np.array([2.0, -1.5, 1.0]), np.eye(3)
    assert gap(FiniteDifferenceNewton(1e-2), f, x, 8, 64.0, one) < 1e-12 < 1e-9 < gap(FiniteDifferenceNewton(1e-2), f, x, 8, 1.0, 64 * one)
    assert gap(BarzilaiBorwein(0.1), f, x, 8, 1000.0, one) > 0.01


def test_it_can_be_searched_along():
    path = run(Backtracking(BarzilaiBorwein(1e-3)), rosenbrock(), [-1.2, 1.0], 2000, until=grad_below(1e-6))
    assert path.converged and np.all(np.diff(path.value) <= 0)


@pytest.mark.parametrize("call, error, message", [
    (lambda: Secant(0.0), ValueError, "first_step must be positive, got 0.0"),
    (lambda: FiniteDifferenceNewton(-1), ValueError, "spacing must be positive"),
    (lambda: FiniteDifferenceNewton(1e-3, "both"), ValueError, "form must be 'central' or 'forward', got 'both'"),
    (lambda: BarzilaiBorwein(1.0, "third"), ValueError, "form must be 'long' or 'short'"),
    (lambda: run(Secant(0.1), rosenbrock(), [0.0, 0.0], 3), TypeError, "for one variable.*use BarzilaiBorwein"),
    (lambda: power(1.5), ValueError, "p must be at least 2.*got 1.5"),
    (lambda: order([1.0, 1e-20]), ValueError, "only 1 errors are above 1e-13"),
    (lambda: order([1.0, 1.0, 1.0]), ValueError, "do not shrink"),
    (lambda: order([[1.0, 0.1, 0.01]]), ValueError, r"shape \(1, 3\)"),
    (lambda: ratios([1.0, 0.5, 0.25], order=0.5), ValueError, "order must be at least 1"),
])
def test_bad_input_says_what_was_given_and_what_to_do(call, error, message):
    with pytest.raises(error, match=message):
        call()
