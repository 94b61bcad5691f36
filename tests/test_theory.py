"""What the theory predicts, against what runs measure."""

import numpy as np
import pytest

from slopes import theory
from slopes.objectives import hyperbola, parabola, quadratic, quartic
from slopes.optimizers import GradientDescent, distance_below, run

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
