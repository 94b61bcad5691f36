"""What the theory predicts, against what runs measure."""

import numpy as np
import pytest

from slopes import theory
from slopes.objectives import hyperbola, parabola, quadratic, quartic, rosenbrock
from slopes.optimizers import ExactLineSearch, GradientDescent, Momentum, Status, distance_below, run

PRODUCTS = np.array([0.01, 0.3, 0.99, 1.0, 1.01, 1.5, 1.99])


def test_the_error_factor_predicts_every_iterate():
    path = run(GradientDescent(PRODUCTS / 3.0), parabola(3.0, minimizer=2.0), 7.0, 25)
    n = np.arange(26)[:, None]
    np.testing.assert_allclose(path.x, 2.0 + 5.0 * theory.error_factor(PRODUCTS / 3.0, 3.0) ** n, atol=1e-13)


def test_regimes_are_told_by_what_a_run_does():
    factor = theory.error_factor([0.5, 1.0, 1.5, 2.0, 2.5], 1.0)
    assert [theory.REGIMES[i] for i in theory.regime(factor)] == list(theory.REGIMES)
    x = run(GradientDescent([0.5, 1.0, 1.5, 2.0, 2.5]), parabola(), 1.0, 2).x
    assert np.all(np.sign(x[1:]) == [[1, 0, -1, -1, -1], [1, 0, 1, 1, 1]])
    assert np.all(np.sign(np.abs(x[2]) - np.abs(x[0])) == [-1, -1, -1, 0, 1])


@pytest.mark.parametrize("ratio", [0.5, 1e-3, 1e-9])
def test_the_predicted_number_of_steps_is_the_counted_one(ratio):
    path = run(GradientDescent(PRODUCTS), parabola(), 1.0, 4000, until=distance_below(ratio))
    np.testing.assert_array_equal(theory.steps_to_shrink(1 - PRODUCTS, ratio), path.steps)


def test_no_number_of_steps_shrinks_an_error_that_does_not_shrink():
    assert np.all(np.isinf(theory.steps_to_shrink([1.0, -1.0, -1.2, 3.0], 0.1)))


@pytest.mark.parametrize("ratio", [0.0, 1.0, -0.5, np.nan, 2.0])
def test_a_ratio_of_errors_lies_between_0_and_1(ratio):
    with pytest.raises(ValueError, match="ratio must lie between 0 and 1"):
        theory.steps_to_shrink(0.5, ratio)


def test_two_over_the_largest_curvature_separates_convergence_from_divergence():
    hess = np.diag([1.0, 4.0, 10.0])
    limit = theory.largest_stable_step(np.linalg.eigvalsh(hess)[-1])
    path = run(GradientDescent(limit * np.array([0.99, 1.01])), quadratic(hess), np.ones(3), 3000)
    assert list(path.diverged) == [False, True] and abs(path.last[0]).max() < 1e-10


@pytest.mark.parametrize("f, curvature, reach", [(hyperbola(), 1.0, 30.0), (parabola(2.0), 2.0, 30.0), (quartic(), 12.0, 1.0)])
@pytest.mark.parametrize("share", [0.1, 0.5, 1.0, 1.9])
def test_no_step_gains_less_than_the_descent_lemma_promises(f, curvature, reach, share):
    at, eps = f.at(np.linspace(-reach, reach, 401)), share / curvature
    bound = theory.descent_bound(at.value, at.grad_norm, eps, curvature)
    assert np.all(f.value(at.x - eps * at.grad) <= bound + 1e-12 * at.value)


def test_the_descent_lemma_is_tight_on_a_parabola():
    at = parabola(2.0).at(np.array([-3.0, 0.5]))
    np.testing.assert_allclose(theory.descent_bound(at.value, at.grad_norm, 0.3, 2.0), parabola(2.0).value(at.x - 0.3 * at.grad))


def test_the_quartic_threshold_separates_its_starts():
    eps = np.geomspace(1e-4, 10, 21)
    start = theory.quartic_threshold(eps) * np.array([[0.999], [1.001]])
    assert np.array_equal(run(GradientDescent(eps), quartic(), start, 3000).diverged, [[False] * 21, [True] * 21])


def test_flow_time_is_the_limit_of_counted_steps():
    start = np.array([0.5, 3.0, 50.0])
    counted = run(GradientDescent(1e-3), hyperbola(), start, 10**5, until=distance_below(0.1), keep="last").steps
    np.testing.assert_allclose(counted * 1e-3, theory.hyperbola_flow_time(start, 0.1), rtol=2e-3)


# Units


@pytest.mark.parametrize("f, start", [(hyperbola(), 3.0), (quartic(), 0.7), (rosenbrock(), [-1.2, 1.0])], ids=lambda f: getattr(f, "name", ""))
def test_a_rescaled_step_gives_the_same_run_to_the_last_bit_for_powers_of_two(f, start):
    for c, k in ((8.0, 0.25), (0.5, 16.0), (2.0**-20, 2.0)):
        path = run(GradientDescent(1e-3), f, start, 50)
        other = run(GradientDescent(theory.rescaled_step(1e-3, c, k)), f.scaled(c).stretched(k), np.divide(start, k), 50)
        assert np.array_equal(k * other.x, path.x) and np.array_equal(other.value, c * path.value)


def test_other_factors_give_the_same_run_to_rounding():
    path = run(GradientDescent(0.3), hyperbola(), 3.0, 50)
    other = run(GradientDescent(theory.rescaled_step(0.3, 10, 3)), hyperbola().scaled(10).stretched(3), 1.0, 50)
    np.testing.assert_allclose(3 * other.x, path.x, atol=1e-13)


def test_exponents_are_those_of_the_law():
    rng = np.random.default_rng(0)
    a, b = rng.uniform(0.1, 9, 30), rng.uniform(0.1, 9, (20, 1))
    np.testing.assert_allclose(theory.exponents(7 * a**-1.0 * b**2.5, a, b), [-1.0, 2.5], atol=1e-12)
    with pytest.raises(ValueError, match="y must be positive"):
        theory.exponents([1.0, -1.0], [1.0, 2.0])


# Quadratics in many directions

KAPPAS = np.array([1.5, 3.0, 10.0, 77.0, 400.0])


def valley(kappa):
    return quadratic(np.diag([1.0, kappa]))


def steps_to(rule, f, ratio=1e-6):
    n = f.point_shape[0]
    return run(rule, f, np.ones(n), 30_000, until=distance_below(ratio * np.sqrt(n)), keep="last").steps


def test_the_condition_number_is_a_ratio_of_eigenvalues():
    rng = np.random.default_rng(3)
    b = rng.normal(size=(4, 5, 5))
    hess = b @ np.swapaxes(b, -1, -2)
    np.testing.assert_allclose(theory.condition_number(hess), np.linalg.cond(hess), rtol=1e-6)
    np.testing.assert_allclose(theory.condition_number(1e-300 * hess[0]), theory.condition_number(hess[0]))


@pytest.mark.parametrize("kappa", KAPPAS)
def test_no_step_size_is_faster_than_the_best_one(kappa):
    best = steps_to(GradientDescent(theory.best_step(1.0, kappa)), valley(kappa))
    assert best == theory.steps_to_shrink(theory.descent_rate(kappa), 1e-6)
    shares = np.array([0.9, 0.98, 1.0, 1.02])
    left = np.abs(run(GradientDescent(shares * theory.best_step(1.0, kappa)), valley(kappa), np.ones((4, 2)), 10).last).max(-1)
    assert left[2] == pytest.approx(theory.descent_rate(kappa) ** 10) and np.all(left[[0, 1, 3]] > left[2])


def test_the_middle_curvatures_do_not_set_the_rate():
    hess = np.diag([1.0, 4.0, 5.5, 9.0, 10.0])
    counted = steps_to(GradientDescent(theory.best_step(1.0, 10.0)), quadratic(hess))
    assert abs(counted - theory.steps_to_shrink(theory.descent_rate(10.0), 1e-6)) <= 3


@pytest.mark.parametrize("kappa", KAPPAS)
def test_exact_line_search_keeps_its_worst_rate_from_the_worst_start(kappa):
    value = run(ExactLineSearch(), valley(kappa), [kappa, 1.0], 20).value
    np.testing.assert_allclose(value[1:] / value[:-1], theory.descent_rate(kappa) ** 2, rtol=1e-12)
    starts = np.random.default_rng(1).normal(size=(200, 2))
    value = run(ExactLineSearch(), valley(kappa), starts, 5).value
    assert np.all(value[1:] <= theory.descent_rate(kappa) ** 2 * value[:-1] * (1 + 1e-12))


def test_exact_line_search_ends_each_step_where_the_new_gradient_is_square_to_the_old():
    hess = np.array([[4.0, 1.0, 0.0], [1.0, 3.0, 0.5], [0.0, 0.5, 1.0]])
    path = run(ExactLineSearch(), quadratic(hess, minimizer=[1.0, 2.0, 3.0]), np.zeros((4, 3)) + [[0], [1], [5], [-2]], 6)
    grad = quadratic(hess, minimizer=[1.0, 2.0, 3.0]).grad(path.x)
    assert np.all(np.abs(np.vecdot(grad[1:], grad[:-1])) <= 1e-12 * np.vecdot(grad[:-1], grad[:-1]))


def test_exact_line_search_has_no_step_size_to_rescale():
    hess, start = np.diag([1.0, 7.0]), np.array([2.0, 1.0])
    path = run(ExactLineSearch(), quadratic(hess), start, 15)
    other = run(ExactLineSearch(), quadratic(hess).scaled(8.0).stretched(4.0), start / 4.0, 15)
    assert np.array_equal(4.0 * other.x, path.x)


def test_exact_line_search_lands_at_once_in_one_variable_and_rests_at_the_minimum():
    path = run(ExactLineSearch(), parabola(3.0), [5.0, 0.0, -1.0], 3)
    assert np.all(np.abs(path.x[1:]) <= 1e-15) and np.all(path.status == Status.OUT_OF_STEPS)


def test_exact_line_search_diverges_where_the_line_has_no_lowest_point():
    path = run(ExactLineSearch(), quadratic(np.diag([1.0, -1.0])), [[0.1, 1.0], [1.0, 0.0], [1.0, 1.0]], 5)
    assert list(path.status) == [Status.DIVERGED, Status.OUT_OF_STEPS, Status.DIVERGED]


@pytest.mark.parametrize("decay", [0.0, 0.3, 0.81])
def test_the_momentum_factor_is_what_each_step_leaves_in_the_end(decay):
    curvature = np.array([0.002, 0.5, 1.3])
    path = run(Momentum(1.0, decay), parabola(curvature), 1.0, 400)
    size = np.hypot(path.x[200:], np.diff(path.x, axis=0)[199:])
    measured = (size[-20:].max(0) / size[:20].max(0)) ** (1 / 181)
    resting = size[-20:].max(0) < 1e-200
    np.testing.assert_allclose(measured[~resting], theory.momentum_factor(1.0, decay, curvature)[~resting], rtol=5e-3)


def test_without_decay_the_momentum_factor_is_the_error_factor():
    np.testing.assert_allclose(theory.momentum_factor(PRODUCTS, 0.0, 1.0), np.abs(theory.error_factor(PRODUCTS, 1.0)), atol=1e-12)


@pytest.mark.parametrize("kappa", KAPPAS)
def test_no_other_momentum_has_a_better_rate(kappa):
    eps, decay = theory.best_momentum(2.0, 2.0 * kappa)
    worst = lambda eps, decay: np.max(theory.momentum_factor(eps, decay, [2.0, np.sqrt(kappa) * 2, 2.0 * kappa]))
    assert worst(eps, decay) == pytest.approx(theory.momentum_rate(kappa), rel=1e-6)
    for other in ((1.05 * eps, decay), (0.95 * eps, decay), (eps, 0.9 * decay), (eps, 1 - 0.9 * (1 - decay))):
        assert worst(*other) > theory.momentum_rate(kappa) * (1 + 1e-4)


def test_the_error_of_momentum_is_predicted_at_every_step():
    for kappa in KAPPAS:
        path = run(Momentum(*theory.best_momentum(1.0, kappa)), valley(kappa), np.ones(2), 60)
        measured = np.linalg.norm(path.x, axis=-1) / np.sqrt(2)
        np.testing.assert_allclose(measured, theory.momentum_error(kappa, np.arange(61)), rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize("ratio", [0.5, 1e-3, 1e-6])
def test_the_predicted_steps_of_momentum_are_the_counted_ones(ratio):
    counted = [steps_to(Momentum(*theory.best_momentum(1.0, kappa)), valley(kappa), ratio) for kappa in KAPPAS]
    np.testing.assert_array_equal(theory.momentum_steps(KAPPAS, ratio), counted)


@pytest.mark.parametrize("call, message", [
    (lambda: theory.rescaled_step(0.1, c=-1), "c must be positive, got -1"),
    (lambda: theory.rescaled_step(0.1, k=0), "k must be positive, got 0"),
    (lambda: theory.condition_number([1.0, 2.0]), r"square matrix, \(\.\.\., n, n\), got shape \(2,\)"),
    (lambda: theory.condition_number(np.ones((2, 3))), r"got shape \(2, 3\)"),
    (lambda: theory.condition_number([[1.0, 2.0], [0.0, 1.0]]), "hess must be symmetric"),
    (lambda: theory.condition_number(np.diag([1.0, 0.0])), "positive definite.*smallest eigenvalue is 0"),
    (lambda: theory.condition_number(np.diag([1.0, -3.0])), "smallest eigenvalue is -3"),
    (lambda: theory.best_step(0.0, 1.0), "smallest must be positive"),
    (lambda: theory.descent_rate(0.5), "at least 1, got 0.5"),
    (lambda: theory.momentum_rate(np.nan), "at least 1, got nan"),
    (lambda: theory.momentum_steps(4.0, 2.0), "ratio must lie between 0 and 1"),
])
def test_bad_input_says_what_was_given_and_what_is_wanted(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_the_gap_on_a_quadratic_is_what_runs_measure():
    hess = np.array([[4.0, 1.0, 0.0], [1.0, 3.0, 0.5], [0.0, 0.5, 0.2]])
    minimizer, eps = np.array([1.0, -2.0, 0.5]), 0.3
    value = run(GradientDescent(eps), quadratic(hess, minimizer), np.zeros(3), 80).value
    np.testing.assert_allclose(theory.quadratic_gap(hess, -minimizer, eps, np.arange(81)), value, rtol=1e-9)


@pytest.mark.parametrize("ratio", [0.5, 1e-3, 1e-8])
def test_the_steps_to_a_gap_are_the_counted_ones(ratio):
    hess, start = np.diag([1.0, 7.0, 30.0]), np.array([3.0, -1.0, 2.0])
    f, eps = quadratic(hess), 2 / 31
    near = lambda at: at.value <= ratio * f.value(start)
    assert theory.steps_to_gap(hess, start, eps, ratio) == run(GradientDescent(eps), f, start, 2000, until=near).steps


def test_a_step_size_that_does_not_converge_has_no_count():
    with pytest.raises(ValueError, match="does not converge: take one below"):
        theory.steps_to_gap(np.diag([1.0, 10.0]), np.ones(2), 0.21, 1e-3)
    with pytest.raises(ValueError, match="ratio must lie between 0 and 1"):
        theory.steps_to_gap(np.diag([1.0, 10.0]), np.ones(2), 0.1, 2.0)


@pytest.mark.parametrize("n", [1, 2, 4, 10, 37])
def test_the_least_number_of_steps_is_the_least(n):
    """Where the ratio is a power of the factor, rounding must not add a step."""
    assert theory.steps_to_shrink(0.9, 0.9**n) == n
