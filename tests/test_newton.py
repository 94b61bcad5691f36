"""Newton's method repaired: each repair against its definition, one run against a batch, and at the edges."""

import warnings

import numpy as np
import pytest

from slopes.landscapes import Kind, himmelblau, kind_of, wave
from slopes.newton import AbsoluteNewton, Backtracking, CubicNewton, DampedNewton, TrustRegion
from slopes.objectives import Objective, hyperbola, parabola, quadratic, quartic, rosenbrock
from slopes.optimizers import GradientDescent, Momentum, Newton, Status, grad_below, run

RULES = {
    "damped": DampedNewton(3.0),
    "absolute": AbsoluteNewton(least=1e-3),
    "cubic": CubicNewton(20.0),
    "trust region": TrustRegion(0.5),
    "backtracking newton": Backtracking(Newton()),
    "backtracking absolute": Backtracking(AbsoluteNewton()),
    "backtracking descent": Backtracking(GradientDescent(1.0)),
}
SPD = np.array([[3.0, 1.0, 0.0], [1.0, 2.0, 0.5], [0.0, 0.5, 1.0]])
OBJECTIVES = {
    "parabola": (parabola(3.0, minimizer=0.5), [2.0, -1.0, 0.3]),
    "hyperbola": (hyperbola(), [0.5, -2.0, 30.0]),
    "wave": (wave(), [10.0, -3.0, 1.0]),
    "rosenbrock": (rosenbrock(), [[-1.2, 1.0], [0.5, 0.2], [1.1, 1.3]]),
    "himmelblau": (himmelblau(), [[0.0, 0.0], [-4.0, 4.0], [1.0, 5.0]]),
    "three variables": (quadratic(SPD), [[1.0, 1.0, 1.0], [-3.0, 0.5, 0.0]]),
    "a saddle of three": (quadratic(np.diag([2.0, -1.0, 0.5])), [[1.0, 0.1, 1.0], [1.0, 0.0, 2.0]]),
}
PAIRS = [pytest.param(r, o, id=f"{r} on {o}") for r in RULES for o in OBJECTIVES]
SADDLE = quadratic(np.diag([2.0, -1.0]))


@pytest.fixture(autouse=True)
def warnings_are_errors():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def one_step(rule, f, x):
    return run(rule, f, x, 1, bound=np.inf).last - np.asarray(x, float)


@pytest.mark.parametrize("rule, objective", PAIRS)
def test_a_batch_gives_what_its_runs_give_one_at_a_time(rule, objective):
    f, starts = OBJECTIVES[objective]
    whole = run(RULES[rule], f, starts, 15, until=grad_below(1e-8))
    for i, start in enumerate(starts):
        one = run(RULES[rule], f, start, 15, until=grad_below(1e-8))
        assert one.status == whole.status[i] and one.steps == whole.steps[i]
        np.testing.assert_allclose(whole.x[: len(one.x), i], one.x, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("rule", [r for r in RULES if r not in ("damped", "absolute", "backtracking descent")])
@pytest.mark.parametrize("objective", [o for o in OBJECTIVES if o not in ("wave", "a saddle of three")])
def test_from_a_start_that_curves_upwards_a_repair_comes_to_a_minimum(rule, objective):
    f, starts = OBJECTIVES[objective]
    inside = f.at(starts)
    bowl = kind_of(f, inside.x, np.inf) == Kind.MINIMUM
    path = run(RULES[rule], f, inside.x[bowl], 20000, until=grad_below(1e-6), keep="last")
    assert bowl.any() and path.converged.all() and np.all(kind_of(f, path.last) == Kind.MINIMUM)


@pytest.mark.parametrize("rule", ["absolute", "cubic", "trust region", "backtracking absolute", "backtracking descent"])
@pytest.mark.parametrize("f, side", [(himmelblau(), 6.0), (wave(), 30.0)], ids=lambda p: getattr(p, "name", ""))
def test_from_anywhere_a_repair_of_the_direction_comes_to_a_minimum(rule, f, side):
    x = np.random.default_rng(0).uniform(-side, side, (300, *f.point_shape))
    path = run(RULES[rule], f, x, 3000, until=grad_below(1e-6), keep="last")
    assert path.converged.all() and np.all(kind_of(f, path.last) == Kind.MINIMUM)


@pytest.mark.parametrize("rule", ["trust region", "backtracking newton", "backtracking absolute", "backtracking descent"])
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_a_rule_that_looks_before_it_steps_never_goes_up(rule, objective):
    f, starts = OBJECTIVES[objective]
    assert np.all(np.diff(run(RULES[rule], f, starts, 30).value, axis=0) <= 0)


# Each repair, by its definition -----------------------------------------------------------------


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_damping_and_absolute_values_are_what_they_say(objective):
    f, starts = OBJECTIVES[objective]
    for x in np.asarray(starts):
        h, g = np.atleast_2d(f.hess(x)), np.atleast_1d(f.grad(x))
        values, q = np.linalg.eigh(h)
        absolute = (q * np.abs(values)) @ q.T
        np.testing.assert_allclose(one_step(DampedNewton(0.7), f, x).ravel(), -np.linalg.solve(h + 0.7 * np.eye(len(g)), g), rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(one_step(AbsoluteNewton(), f, x).ravel(), -np.linalg.solve(absolute, g), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("m", [0.1, 3.0, 100.0])
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_cubic_step_is_the_lowest_point_of_its_model(objective, m):
    """(H + M|p|/2 I) p = -g with a matrix that is not indefinite: Nesterov and Polyak, proposition 1."""
    f, starts = OBJECTIVES[objective]
    for x in np.asarray(starts):
        p, h, g = one_step(CubicNewton(m), f, x).ravel(), np.atleast_2d(f.hess(x)), np.atleast_1d(f.grad(x))
        shifted = h + 0.5 * m * np.linalg.norm(p) * np.eye(len(g))
        np.testing.assert_allclose(shifted @ p, -g, rtol=1e-7, atol=1e-7 * np.linalg.norm(g))
        assert np.linalg.eigvalsh(shifted)[0] >= -1e-9 * np.abs(h).max()


@pytest.mark.parametrize("radius", [1e-3, 0.1, 1.0, 50.0])
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_trust_region_step_is_the_lowest_point_in_its_ball(objective, radius):
    f, starts = OBJECTIVES[objective]
    rng = np.random.default_rng(1)
    for x in np.asarray(starts):
        p, h, g = one_step(TrustRegion(radius), f, x).ravel(), np.atleast_2d(f.hess(x)), np.atleast_1d(f.grad(x))
        if not p.any():
            continue  # the trial was turned down
        model = lambda p: p @ g + 0.5 * np.vecdot(p, p @ h)
        others = rng.normal(size=(2000, len(g)))
        others *= radius * rng.uniform(size=(2000, 1)) ** 0.5 / np.linalg.norm(others, axis=1, keepdims=True)
        assert np.linalg.norm(p) <= radius * (1 + 1e-9) and model(p) <= model(others).min() + 1e-12


def test_backtracking_takes_the_first_half_that_goes_down():
    """From 2 on the hyperbola Newton goes to -8, half of that to -3, a quarter to -1/2, which is lower."""
    assert run(Backtracking(Newton()), hyperbola(), 2.0, 1).last == pytest.approx(-0.5)


def test_backtracking_keeps_a_full_step_that_goes_down():
    f, x = rosenbrock(), [-1.2, 1.0]
    assert np.array_equal(run(Backtracking(Newton()), f, x, 1).x, run(Newton(), f, x, 1).x)


def test_the_rosenbrock_counts():
    starts, until = [-1.2, 1.0], grad_below(1e-6)
    newton = run(Backtracking(Newton()), rosenbrock(), starts, 100, until=until)
    descent = run(Backtracking(GradientDescent(1.0)), rosenbrock(), starts, 20000, until=until, keep="last")
    assert newton.converged and newton.steps == 21
    assert descent.converged and abs(descent.steps - 13756) <= 200  # one rounding changes the path


# At the edges -----------------------------------------------------------------------------------


def test_an_uphill_direction_is_stuck_where_it_is_and_an_absolute_hessian_is_not():
    f = wave()
    path = run(Backtracking(Newton()), f, [10.0, 2.0], 50, until=grad_below(1e-8))
    assert [Status(s).words for s in path.status] == ["converged", "stuck"] or path.status[1] == Status.STUCK
    assert np.array_equal(path.x[:, 1], np.full(len(path.x), 2.0)) and path.steps[1] == 0
    assert run(Backtracking(AbsoluteNewton()), f, 2.0, 50, until=grad_below(1e-8)).converged


def test_a_line_search_that_finds_no_decrease_is_stuck_and_spares_its_neighbours():
    wrong = Objective("a wrong slope", lambda x: x * x, lambda x: np.where(x > 5, -2 * x, 2 * x))
    path = run(Backtracking(GradientDescent(0.5), halvings=8), wrong, [9.0, 3.0], 5, until=grad_below(0.0))
    assert list(path.status) == [Status.STUCK, Status.CONVERGED] and path.last[0] == 9.0
    assert repr(run(Backtracking(GradientDescent(0.5)), wrong, 9.0, 5)) == "<Path: stuck after 0 steps>"


def test_backtracking_does_not_leave_the_domain():
    log = Objective("x - ln x", lambda x: x - np.log(x), lambda x: 1 - 1 / x, minimizer=1.0)
    assert run(GradientDescent(8.0), log, 4.0, 50).status == Status.LEFT_DOMAIN
    assert run(Backtracking(GradientDescent(8.0)), log, 4.0, 500, until=grad_below(1e-6)).converged


@pytest.mark.parametrize("rule", [Newton(), Backtracking(Newton()), AbsoluteNewton(), DampedNewton(2.0)])
def test_a_singular_matrix_ends_the_run_with_a_status(rule):
    flat = quadratic(np.diag([2.0, -2.0 if isinstance(rule, DampedNewton) else 0.0]))
    tilted = Objective("tilted", lambda x: flat.value(x) + x[..., 1], lambda x: flat.grad(x) + [0.0, 1.0], flat.hess, point_shape=(2,))
    path = run(rule, tilted, [[1.0, 1.0]], 5)
    assert path.status[0] == (Status.DIVERGED if rule == Newton() else Status.STUCK)


def test_an_absolute_hessian_may_be_given_a_least_eigenvalue():
    flat = Objective("x", lambda x: x, lambda x: 1.0 + 0.0 * x, lambda x: 0.0 * x)
    assert run(AbsoluteNewton(), flat, 1.0, 3).status == Status.STUCK
    assert run(AbsoluteNewton(least=0.1), flat, 1.0, 1).last == pytest.approx(-9.0)


@pytest.mark.parametrize("rule, length", [(CubicNewton(4.0), 0.5), (TrustRegion(0.3), 0.3)])
def test_a_saddle_is_left_even_where_the_gradient_is_zero(rule, length):
    """The hard case: no part of the gradient points along the direction of negative curvature."""
    for x in ([0.0, 0.0], [0.1, 0.0]):
        step = one_step(rule, SADDLE, x)
        assert np.linalg.norm(step) >= length * (1 - 1e-12) and SADDLE.value(x + step) < SADDLE.value(x)


@pytest.mark.parametrize("rule", [CubicNewton(1.0), CubicNewton(50.0), TrustRegion(1.0), AbsoluteNewton()], ids=repr)
@pytest.mark.parametrize("far", [0.0, 1e-150, 1e-20, 1e-9])
def test_at_the_minimum_and_next_to_it_a_repair_takes_newtons_step(rule, far):
    """Where the gradient is that small, squares and differences of it would underflow or cancel."""
    x = far * np.array([1.0, -2.0, 0.5])
    np.testing.assert_allclose(one_step(rule, quadratic(SPD), x), -x, rtol=1e-6, atol=0)


@pytest.mark.parametrize("rule", RULES)
def test_a_hessian_that_overflows_ends_the_run_with_a_status(rule):
    f = Objective("steep", lambda x: x[..., 0] + 0 * x[..., 1] + x[..., 2], lambda x: np.ones_like(x),
                  lambda x: np.full(x.shape + (3,), np.inf), point_shape=(3,))
    status = run(RULES[rule], f, np.zeros(3), 3).status
    assert status != Status.CONVERGED and (status != Status.OUT_OF_STEPS or rule == "backtracking descent")


def test_repairs_have_units_and_a_line_search_has_none():
    """On c f(k x) each parameter is converted by its units, and the path is the same."""
    f, c, k, x = rosenbrock(), 8.0, 4.0, np.array([-1.2, 1.0])
    g = f.scaled(c).stretched(k)
    for here, there in ((DampedNewton(3.0), DampedNewton(3.0 * c * k * k)), (CubicNewton(20.0), CubicNewton(20.0 * c * k**3)),
                        (TrustRegion(0.5), TrustRegion(0.5 / k)), (AbsoluteNewton(), AbsoluteNewton()),
                        (Backtracking(Newton()), Backtracking(Newton()))):
        np.testing.assert_allclose(k * run(there, g, x / k, 10).x, run(here, f, x, 10).x, rtol=1e-9)


def test_momentum_can_be_searched_along_too():
    assert run(Backtracking(Momentum(1.0, 0.0)), quartic(), 3.0, 200, until=grad_below(1e-3)).converged


def test_a_step_costs_what_it_says():
    counted = {"value": 0, "hess": 0}
    f = rosenbrock()

    def count(name, function):
        def counting(x):
            counted[name] += 1
            return function(x)
        return counting

    g = Objective("counted", count("value", f.value), f.grad, count("hess", f.hess), point_shape=(2,))
    run(TrustRegion(1.0), g, [-1.2, 1.0], 10)
    assert counted == {"value": 21, "hess": 10}


@pytest.mark.parametrize("call, error, message", [
    (lambda: DampedNewton(-1.0), ValueError, "damping must be positive, got -1.0"),
    (lambda: AbsoluteNewton(-1.0), ValueError, "least must be at least 0, got -1.0"),
    (lambda: CubicNewton(0), ValueError, "cubic must be positive, got 0"),
    (lambda: TrustRegion(np.nan), ValueError, "radius must be positive, got nan"),
    (lambda: Backtracking(0.1), TypeError, "a rule to take directions from.*got 0.1"),
    (lambda: Backtracking(Newton(), share=1.0), ValueError, "share must lie between 0 and 1, got 1.0"),
    (lambda: Backtracking(Newton(), halvings=2.5), ValueError, "halvings must be a whole number"),
    (lambda: run(AbsoluteNewton(), Objective("mine", np.abs, np.sign), 1.0, 5), TypeError, "needs the Hessian of mine"),
])
def test_bad_input_says_what_was_given_and_what_to_do(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_a_radius_grows_only_after_a_step_that_reached_it():
    f = parabola()
    rule, at = TrustRegion(8.0), f.at(1.0)
    assert rule.step(at, rule.start(at))[1] == 8.0 and rule.step(f.at(100.0), rule.start(at))[1] == 16.0
