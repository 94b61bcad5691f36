"""How long it takes to leave a tail: closed forms, counted steps, and what bounds a gap by a gradient."""

import numpy as np
import pytest

from slopes.escape import entropy, flow_time, gradient_domination, raising, squared, steps_to_leave
from slopes.landscapes import himmelblau
from slopes.objectives import Objective, hyperbola, parabola, quadratic

CLOSED = {  # the integral of 1/slope from 0 to r
    "sigmoid": lambda r: np.exp(r) - np.exp(-r) + 2 * r,
    "tanh": lambda r: r / 2 + np.sinh(2 * r) / 4,
    "arctan": lambda r: r + r**3 / 3,
    "softsign": lambda r: ((1 + r) ** 3 - 1) / 3,
    "leaky_relu": lambda r: 100 * r,
    "elu": lambda r: np.exp(r) - 1,
    "softplus": lambda r: r + np.exp(r) - 1,
    "identity": lambda r: r,
}


@pytest.mark.parametrize("r", [0.5, 5.0, 30.0])
@pytest.mark.parametrize("name", CLOSED)
def test_the_time_of_gradient_flow_is_the_closed_form(name, r):
    assert flow_time(raising(name), r) == pytest.approx(CLOSED[name](r), rel=1e-10)


def test_the_numbers_of_the_course():
    assert flow_time(squared(), 10) == pytest.approx(22058.9657, abs=1e-4)
    assert steps_to_leave(squared(), 10) == 22063
    assert steps_to_leave(entropy(), 10) == 11
    for name, time in (("sigmoid", 158.406), ("tanh", 2755.808), ("arctan", 46.667)):
        assert flow_time(raising(name), 5) == pytest.approx(time, abs=1e-3)


@pytest.mark.parametrize("name", ["relu", "gelu", "silu"])
def test_some_never_come_back(name):
    assert flow_time(raising(name), 5) == np.inf and steps_to_leave(raising(name), 5, most=2000) is None


def test_a_unit_so_far_out_that_its_slope_underflows_never_comes_back():
    assert flow_time(raising("tanh"), 400) == np.inf


@pytest.mark.parametrize("name", CLOSED)
def test_gradient_descent_with_short_steps_takes_the_time_of_the_flow(name):
    steps = steps_to_leave(raising(name), 3, step_size=0.01)
    assert 0.01 * steps == pytest.approx(flow_time(raising(name), 3), rel=0.02)


@pytest.mark.parametrize("f", [raising("tanh"), raising("gelu"), squared(), entropy()], ids=lambda f: f.name)
def test_derivatives(f):
    z, h = np.linspace(-3, 3, 13), 1e-5
    np.testing.assert_allclose(f.grad(z), (f.value(z + h) - f.value(z - h)) / (2 * h), atol=1e-8)
    np.testing.assert_allclose(f.hess(z), (f.grad(z + h) - f.grad(z - h)) / (2 * h), atol=1e-8)


def test_domination_of_a_quadratic_is_its_least_curvature():
    line = np.linspace(-3, 3, 61)
    grid = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
    assert gradient_domination(quadratic(np.diag([0.5, 8.0])), grid) == pytest.approx(0.5)
    assert gradient_domination(parabola(3.0), line) == pytest.approx(3.0)


def test_a_function_may_be_dominated_without_being_convex():
    f = Objective("x² + 3 sin² x", lambda x: x * x + 3 * np.sin(x) ** 2, lambda x: 2 * x + 3 * np.sin(2 * x), lambda x: 2 + 6 * np.cos(2 * x))
    x = np.linspace(-20, 20, 40001)
    assert f.hess(x).min() < 0 and gradient_domination(f, x) >= 1 / 32


def test_a_tail_is_not_dominated():
    bound = [gradient_domination(squared(), np.linspace(-r, r, 2001)) for r in (5, 10, 20)]
    assert bound[0] > bound[1] > bound[2] and bound[2] < 1e-16
    assert gradient_domination(hyperbola(), np.linspace(-100, 100, 2001)) < 0.01


@pytest.mark.parametrize("call, message", [
    (lambda: flow_time(squared(), 0, 5), "start > end, got .* 0 and 5"),
    (lambda: flow_time(himmelblau(), 5), "one variable"),
    (lambda: steps_to_leave(squared(), 5, step_size=0.0), "step_size must be positive"),
    (lambda: raising("swoosh"), "no activation 'swoosh'"),
    (lambda: gradient_domination(raising("identity"), [np.inf, 0.0]), "not finite"),
])
def test_bad_input_says_what_was_given(call, message):
    with pytest.raises(ValueError, match=message):
        call()
