"""Every rule and the loop that runs them: against theory, one run against a batch, and at the edges."""

import warnings

import numpy as np
import pytest

from slopes.objectives import Objective, hyperbola, parabola, quadratic, quartic, rosenbrock
from slopes.optimizers import (
    GradientDescent, Momentum, Newton, Status, distance_below, grad_below, run,
)

RULES = {"gradient descent": GradientDescent(1e-3), "momentum": Momentum(1e-3, 0.8), "newton": Newton()}
OBJECTIVES = {
    "parabola": (parabola(3.0, minimizer=0.5), [2.0, -1.0, 0.3]),
    "hyperbola": (hyperbola(), [0.5, -0.2, 0.9]),
    "quartic": (quartic(), [1.0, -0.5, 0.1]),
    "quadratic": (quadratic([[4.0, 1.0], [1.0, 2.0]]), [[1.0, 1.0], [-3.0, 0.5]]),
    "rosenbrock": (rosenbrock(), [[-1.2, 1.0], [0.5, 0.2], [1.1, 1.3]]),
}
PAIRS = [pytest.param(r, o, id=f"{r} on {o}") for r in RULES for o in OBJECTIVES]


@pytest.fixture(autouse=True)
def warnings_are_errors():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.mark.parametrize("rule, objective", PAIRS)
def test_a_batch_gives_what_its_runs_give_one_at_a_time(rule, objective):
    f, starts = OBJECTIVES[objective]
    whole = run(RULES[rule], f, starts, 30, until=grad_below(1e-8))
    for i, start in enumerate(starts):
        one = run(RULES[rule], f, start, 30, until=grad_below(1e-8))
        assert one.status == whole.status[i] and one.steps == whole.steps[i]
        np.testing.assert_allclose(whole.x[: len(one.x), i], one.x, rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(whole.value[: len(one.x), i], one.value, rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("rule, objective", PAIRS)
def test_a_path_is_what_the_rule_says_step_by_step(rule, objective):
    f, starts = OBJECTIVES[objective]
    path = run(RULES[rule], f, starts, 5)
    assert np.array_equal(path.x[0], starts)
    state = RULES[rule].start(f.at(starts))
    for now, then in zip(path.x, path.x[1:]):
        step, state = RULES[rule].step(f.at(now), state)
        assert np.array_equal(now + step, then)
    np.testing.assert_allclose(path.value, f.value(path.x))
    assert path.value.shape == path.grad_norm.shape == (6, len(starts))


@pytest.mark.parametrize("rule, objective", PAIRS)
def test_the_last_of_a_run_is_the_end_of_its_path(rule, objective):
    f, starts = OBJECTIVES[objective]
    whole, last = (run(RULES[rule], f, starts, 9, keep=keep) for keep in ("all", "last"))
    assert last.x.shape == (1, *whole.x.shape[1:])
    assert np.array_equal(whole.last, last.last) and np.array_equal(whole.steps, last.steps)


@pytest.mark.parametrize("c, k", [(2.0**12, 1.0), (2.0**-12, 1.0), (1.0, 2.0**6), (2.0**-3, 2.0**-6)])
@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("rule", [GradientDescent, Momentum])
def test_the_step_size_has_units(rule, objective, c, k):
    """With eps / (c k^2) the run on c f(k x) is the run on f in other units, to the last bit."""
    f, starts = OBJECTIVES[objective]
    plain = run(rule(2.0**-9), f, starts, 40)
    other = run(rule(2.0**-9 / (c * k * k)), f.scaled(c).stretched(k), np.asarray(starts) / k, 40)
    assert np.array_equal(k * other.x, plain.x)


@pytest.mark.parametrize("eps, end", [(0.05, 3.486784401), (0.2, 0.0604661760), (1.1, 61.91736422)])
def test_ten_steps_on_the_parabola(eps, end):
    assert run(GradientDescent(eps), parabola(2.0), 10, 10).last == pytest.approx(end, rel=1e-9)


def test_newton_lands_on_a_quadratic_in_one_step():
    path = run(Newton(), quadratic([[4.0, 1.0], [1.0, 2.0]], minimizer=[3.0, -1.0]), [50.0, 7.0], 5, until=grad_below(1e-9))
    assert path.steps == 1 and path.converged


def test_newton_on_rosenbrock_takes_the_published_path():
    path = run(Newton(), rosenbrock(), [-1.2, 1.0], 6)
    np.testing.assert_allclose(path.value[:5], [24.2, 4.731884, 1411.845, 0.0559655, 0.313189], rtol=1e-5)
    assert path.value[6] < 1e-18


def test_newton_maps_x_to_minus_its_cube_on_the_hyperbola():
    x = np.array([0.5, 0.9, 1.1])
    np.testing.assert_allclose(run(Newton(), hyperbola(), x, 1).last, -x**3)


def test_divergence_is_a_result_and_warns_nobody():
    path = run(GradientDescent(0.21), parabola(10.0), 1.0, 5000)
    assert path.diverged and path.steps == 290 and np.all(np.isfinite(path.x))
    assert run(GradientDescent(0.21), parabola(10.0), 1.0, 5000, bound=np.inf).steps > 3700
    assert run(GradientDescent(1.0), quartic(), 1e100, 50).diverged


def test_a_run_that_leaves_the_domain_says_so():
    log = Objective("x - ln x", lambda x: x - np.log(x), lambda x: 1 - 1 / x, minimizer=1.0)
    path = run(GradientDescent(8.0), log, 4.0, 50)
    assert path.status == Status.LEFT_DOMAIN and path.last < 0


def test_a_singular_hessian_ends_the_run_and_spares_its_neighbours():
    flat_at_zero = Objective("x1^4 + x2^2", lambda x: x[..., 0] ** 4 + x[..., 1] ** 2,
                             lambda x: np.stack([4 * x[..., 0] ** 3, 2 * x[..., 1]], -1),
                             lambda x: np.stack([12 * x[..., 0] ** 2, 0 * x[..., 0], 0 * x[..., 0], 2 + 0 * x[..., 0]], -1).reshape(x.shape + (2,)),
                             point_shape=(2,))
    path = run(Newton(), flat_at_zero, [[0.0, 1.0], [1.0, 1.0]], 60, until=grad_below(1e-9))
    assert list(path.status) == [Status.DIVERGED, Status.CONVERGED]


def test_a_stopped_run_stays_where_it_stopped():
    path = run(GradientDescent([0.5, 0.001, 1.2]), parabola(2.0), 10.0, 300, until=distance_below(1e-3))
    assert [Status(s).words for s in path.status] == ["converged", "out of steps", "diverged"]
    assert path.steps[0] == 1 and np.all(path.x[1:, 0] == 0.0)
    assert np.all(path.x[path.steps[2] :, 2] == path.last[2]) and abs(path.last[2]) > 1e12


def test_no_step_is_taken_from_a_start_that_has_converged():
    path = run(GradientDescent(0.1), parabola(), 0.0, 10, until=grad_below(0.0))
    assert path.steps == 0 and path.x.shape == (1,) and repr(path) == "<Path: converged after 0 steps>"


def test_a_map_of_runs_is_one_call_a_step():
    calls, f = [], parabola(2.0)
    counted = Objective(f.name, f.value, lambda x: calls.append(x.shape) or f.grad(x))
    eps, start = np.geomspace(0.01, 0.9, 200), np.linspace(-5, 5, 200)[:, None]
    path = run(GradientDescent(eps), counted, start, 200, keep="last")
    assert len(calls) <= 201 and set(calls[1:]) == {(200, 200)}
    for i in range(5):
        assert run(GradientDescent(eps[i]), f, start[i, 0], 200, keep="last").last == path.last[i, i]


def test_momentum_without_decay_is_gradient_descent():
    f, starts = OBJECTIVES["rosenbrock"]
    assert np.array_equal(run(Momentum(1e-3, 0.0), f, starts, 20).x, run(GradientDescent(1e-3), f, starts, 20).x)


@pytest.mark.parametrize("call, error, message", [
    (lambda: GradientDescent(-0.1), ValueError, "step_size must be positive, got -0.1"),
    (lambda: GradientDescent(np.nan), ValueError, "step_size must be positive, got nan"),
    (lambda: GradientDescent([0.1, 0.0]), ValueError, "step_size must be positive"),
    (lambda: GradientDescent("big"), TypeError, "step_size must be a positive number, got 'big'"),
    (lambda: Momentum(0.1, 1.0), ValueError, "decay must be at least 0 and below 1, got 1.0"),
    (lambda: run(GradientDescent(0.1), rosenbrock(), [1.0, 2.0, 3.0], 5), ValueError, r"shape \(3,\).*\(\.\.\., 2\)"),
    (lambda: run(GradientDescent(0.1), parabola(), np.nan, 5), ValueError, "x0 must be finite"),
    (lambda: run(Newton(), Objective("mine", np.abs, np.sign), 1.0, 5), TypeError, "needs the Hessian of mine"),
    (lambda: run(GradientDescent(0.1), Objective("mine", np.abs), 1.0, 5), TypeError, "needs the gradient of mine"),
    (lambda: run("descent", parabola(), 1.0, 5), TypeError, "rule must be a value such as GradientDescent"),
    (lambda: run(GradientDescent, parabola(), 1.0, 5), TypeError, "rule must be a value such as GradientDescent"),
    (lambda: run(GradientDescent(0.1), np.cos, 1.0, 5), TypeError, "objective must be an Objective"),
    (lambda: run(GradientDescent(0.1), parabola(), 1.0, 5, until=1e-6), TypeError, r"until must be a function of At, such as grad_below"),
    (lambda: run(GradientDescent([0.1, 0.2, 0.3]), parabola(), [1.0, 2.0], 5), ValueError, r"step_size has shape \(3,\).*shape \(2,\).*x0\[:, None\]"),
    (lambda: Momentum(0.1, "high"), ValueError, "decay must be at least 0 and below 1, got high"),
    (lambda: grad_below(-1.0), ValueError, "tolerance must be at least 0, got -1.0"),
    (lambda: distance_below("near"), ValueError, "tolerance must be at least 0, got near"),
    (lambda: run(GradientDescent(0.1), parabola(), 1.0, -1), ValueError, "steps must be an int, at least 0"),
    (lambda: run(GradientDescent(0.1), parabola(), 1.0, 2.5), ValueError, "steps must be an int, at least 0"),
    (lambda: run(GradientDescent(0.1), parabola(), 1.0, 5, bound=0), ValueError, "bound must be positive"),
    (lambda: run(GradientDescent(0.1), parabola(), 1.0, 5, keep="some"), ValueError, '"all" or "last"'),
    (lambda: run(GradientDescent(0.1), Objective("mine", np.abs, np.sign), 1.0, 5, until=distance_below(1)), TypeError, "no known minimizer"),
])
def test_bad_input_says_what_was_given_and_what_to_do(call, error, message):
    with pytest.raises(error, match=message):
        call()
