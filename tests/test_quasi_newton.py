"""BFGS: the secant equation, exactness on a quadratic, and what it leaves out."""

import numpy as np
import pytest

from slopes.invariance import bowl
from slopes.objectives import Objective, parabola, quadratic
from slopes.optimizers import GradientDescent, Status, grad_below, run
from slopes.quasi_newton import BFGS, LBFGS

HESS = np.array([[4.0, 1.0, 0.0], [1.0, 3.0, 0.5], [0.0, 0.5, 2.0]])


def test_the_first_step_is_one_of_gradient_descent():
    first = run(BFGS(0.1), quadratic(HESS), np.ones(3), 1).last
    np.testing.assert_allclose(first, run(GradientDescent(0.1), quadratic(HESS), np.ones(3), 1).last, rtol=1e-15)


def test_each_correction_maps_the_change_of_gradient_to_the_change_of_point():
    f, rule = bowl(), BFGS(0.1)
    at, state = f.at(np.array([2.0, -1.5, 1.0])), None
    for _ in range(6):
        step, state = rule.step(at, state)
        after = f.at(at.x + step)
        matrix = rule.step(after, state)[1][0]
        np.testing.assert_allclose(matrix @ (after.grad - at.grad), step, rtol=1e-9, atol=1e-14)
        np.testing.assert_allclose(matrix, matrix.T, rtol=1e-9)
        assert np.linalg.eigvalsh(matrix)[0] > 0
        at = after


def test_it_arrives_faster_than_any_fixed_step():
    path = run(BFGS(0.1), bowl(), [2.0, -1.5, 1.0], 60, until=grad_below(1e-10))
    assert path.converged and path.steps < 20
    assert not run(GradientDescent(0.2), bowl(), [2.0, -1.5, 1.0], 20, until=grad_below(1e-10)).converged


def test_a_batch_gives_what_its_runs_give_one_at_a_time():
    starts = np.random.default_rng(0).normal(size=(4, 3))
    whole = run(BFGS(0.1), bowl(), starts, 10)
    for i, start in enumerate(starts):
        np.testing.assert_allclose(whole.x[:, i], run(BFGS(0.1), bowl(), start, 10).x, rtol=1e-6, atol=1e-12)


def test_a_step_of_no_length_leaves_the_matrix_alone():
    path = run(BFGS(0.1), quadratic(HESS), np.zeros(3), 4)
    assert path.status == Status.OUT_OF_STEPS and np.all(path.x == 0)


@pytest.mark.parametrize("call, error, message", [
    (lambda: BFGS(0.0), ValueError, "step_size must be positive, got 0.0"),
    (lambda: run(BFGS(0.1), parabola(), 1.0, 3), TypeError, "has one variable: use Newton"),
])
def test_bad_input_says_what_was_given_and_what_to_do(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_lbfgs_takes_what_its_pairs_do_not_know_at_the_scale_of_the_last_curvature():
    """s·y / y·y of the last pair, on a direction orthogonal to it."""
    f = quadratic(4.0 * np.eye(2))
    rule, at = LBFGS(0.01), f.at([1.0, 0.0])
    step, state = rule.step(at, rule.start(at))
    np.testing.assert_allclose(rule.step(f.at(at.x + step), state)[1][3], 0.25)


def test_bfgs_leaves_out_a_pair_of_negative_curvature():
    f = Objective("a hill", lambda x: -0.5 * np.vecdot(x, x), lambda x: -x, point_shape=(2,))
    rule = BFGS(0.1)
    at = f.at([1.0, 2.0])
    step, state = rule.step(at, rule.start(at))
    step, state = rule.step(f.at(at.x + step), state)
    assert np.linalg.eigvalsh(state[0]).min() > 0
