"""Bisection: on one interval and on many, and what it says when there is nothing to find."""

import numpy as np
import pytest

from slopes.objectives import parabola, quartic
from slopes.optimizers import GradientDescent, run
from slopes.search import bisect


def test_it_finds_the_threshold_from_below():
    found = bisect(lambda x: x * x < 2.0, 0.0, 10.0, tolerance=1e-12)
    assert 0.0 <= np.sqrt(2.0) - found <= 1e-12


def test_log_spacing_keeps_a_share_and_not_a_difference():
    threshold = np.array([3e-9, 1.0, 7e8])
    found = bisect(lambda x: x < threshold, 1e-12, 1e12, tolerance=1e-6, spacing="log")
    assert np.all(found < threshold) and np.all(np.log(threshold / found) <= 1e-6)


def test_ends_and_answers_broadcast():
    rows, columns = np.array([[1.0], [2.0]]), np.array([3.0, 4.0, 5.0])
    found = bisect(lambda x: x < rows * columns, 0.0, 100.0 * columns)
    np.testing.assert_allclose(found, rows * columns, atol=1e-6)


def test_the_test_is_asked_as_often_as_the_tolerance_needs():
    asked = []
    bisect(lambda x: asked.append(x) or x < 0.3, 0.0, 1.0, tolerance=2.0**-10)
    assert len(asked) == 2 + 10


def test_an_interval_within_the_tolerance_is_its_own_answer():
    assert bisect(lambda x: x < 0.5, 0.0, 1.0, tolerance=2.0) == 0.0


def test_the_largest_stable_step_size_of_a_batch():
    curvature = np.geomspace(1e-3, 1e3, 7)
    stable = lambda eps: np.abs(run(GradientDescent(eps), parabola(curvature), 1.0, 40, keep="last").last) <= 1.0
    np.testing.assert_allclose(bisect(stable, 1e-6, 1e6, spacing="log", tolerance=1e-9) * curvature, 2.0, rtol=1e-8)


def test_a_start_can_be_searched_for_as_well():
    stays = lambda x0: ~run(GradientDescent(0.125), quartic(), x0, 200, keep="last").diverged
    assert bisect(stays, 0.1, 10.0, tolerance=1e-10) == pytest.approx(2.0, abs=1e-9)


@pytest.mark.parametrize("call, message", [
    (lambda: bisect(lambda x: x < 2, 3, 4), "the test fails at low = 3.*smaller low"),
    (lambda: bisect(lambda x: x < 2, 0, 1), "the test holds at high = 1.*larger high"),
    (lambda: bisect(lambda x: x < np.array([2.0, 9.0]), 0, 5), "holds at high"),
    (lambda: bisect(lambda x: x < 2, 4, 3), "low must be below high"),
    (lambda: bisect(lambda x: x < 2, 0, np.inf), "both finite"),
    (lambda: bisect(lambda x: x < 2, np.nan, 3), "low must be below high"),
    (lambda: bisect(lambda x: x < 2, -1, 3, spacing="log"), 'spacing "log" wants low above 0'),
    (lambda: bisect(lambda x: x < 2, 0, 3, spacing="cubic"), 'spacing must be "linear" or "log", got \'cubic\''),
    (lambda: bisect(lambda x: x < 2, 0, 3, tolerance=0), "tolerance must be positive, got 0"),
])
def test_bad_input_says_what_was_given_and_what_to_do(call, message):
    with pytest.raises(ValueError, match=message):
        call()
