"""Which rule does not feel which change of units: the table of chapter 1.4, as promises."""

import numpy as np
import pytest

from slopes.adaptive import AdaGrad, Adam, NormalizedGradient, RMSProp
from slopes.invariance import CHANGES, bowl, draw, gap, table, written
from slopes.objectives import parabola, quadratic
from slopes.optimizers import GradientDescent, Momentum, Newton
from slopes.quasi_newton import BFGS

START = np.array([2.0, -1.5, 1.0])
C, K, D, Q, A = CHANGES
RULES = {
    "gradient descent": (GradientDescent(0.1), {Q}),
    "momentum": (Momentum(0.05, 0.8), {Q}),
    "normalised gradient": (NormalizedGradient(0.1), {C, Q}),
    "AdaGrad": (AdaGrad(0.3), {C}),
    "RMSProp": (RMSProp(0.1), {C}),
    "Adam": (Adam(0.1), {C}),
    "Newton": (Newton(), set(CHANGES)),
    "BFGS": (BFGS(0.1), {Q}),
}


@pytest.fixture(scope="module")
def gaps():
    return table({name: rule for name, (rule, _) in RULES.items()}, bowl(), START, 25, draws=4)


@pytest.mark.parametrize("name", RULES)
def test_a_rule_feels_the_changes_that_the_units_of_its_step_size_name(gaps, name):
    row = dict(zip(CHANGES, gaps[list(RULES).index(name)]))
    for change in CHANGES:
        assert (row[change] < 1e-5) if change in RULES[name][1] else (row[change] > 0.1), change


def test_the_bowl_has_the_derivatives_it_says():
    f, rng = bowl(), np.random.default_rng(0)
    x, v = rng.normal(size=(5, 3)), rng.normal(size=(5, 3))
    np.testing.assert_allclose(np.vecdot(f.grad(x), v), (f.value(x + 1e-5 * v) - f.value(x - 1e-5 * v)) / 2e-5, rtol=1e-7)
    np.testing.assert_allclose(f.hvp(x, v), (f.grad(x + 1e-5 * v) - f.grad(x - 1e-5 * v)) / 2e-5, rtol=1e-7)
    assert np.all(np.linalg.eigvalsh(f.hess(x)) > 0)


@pytest.mark.parametrize("change", CHANGES)
def test_a_drawn_change_is_of_its_kind(change):
    c, a = draw(change, np.random.default_rng(1), 4)
    diagonal, orthogonal = np.allclose(a, np.diag(np.diag(a))), np.allclose(a.T @ a, np.eye(4))
    assert (c != 1.0) == (change == C)
    assert {C: orthogonal and diagonal, K: diagonal and np.ptp(np.diag(a)) == 0 and not orthogonal,
            D: diagonal and np.ptp(np.diag(a)) > 0, Q: orthogonal and not diagonal, A: not (diagonal or orthogonal)}[change]


def test_no_change_leaves_no_gap_and_divergence_is_infinite():
    assert gap(GradientDescent(0.1), bowl(), START, 10, 1.0, np.eye(3)) == 0.0
    assert gap(GradientDescent(0.1), bowl(), START, 60, 1000.0, np.eye(3)) == np.inf


def test_a_gap_is_what_a_closer_look_finds():
    f = quadratic(np.eye(2))
    assert gap(GradientDescent(0.5), f, np.array([1.0, 0.0]), 1, 0.5, np.eye(2)) == pytest.approx(0.5)


@pytest.mark.parametrize("number, words", [(0.0, "0"), (3e-13, "0"), (2.3e-8, "1e-08"), (1.44, "1.4"), (21.0, "21"), (137.2, "137"), (np.inf, "diverges")])
def test_a_gap_is_written_in_a_few_letters(number, words):
    assert written(number) == words


def test_an_unknown_change_names_the_known_ones():
    with pytest.raises(ValueError, match="there is no change 'x → 2'.*f → c f"):
        draw("x → 2", np.random.default_rng(0), 3)


def test_a_table_takes_rules_with_arrays_and_refuses_functions_of_one_variable():
    assert table({"a": GradientDescent(np.array(0.1))}, bowl(), np.ones(3), 3, draws=1).shape == (1, 5)
    with pytest.raises(ValueError, match="a function of one variable, and has no D, Q or A"):
        table({"a": GradientDescent(0.1)}, parabola(), 1.0, 3)
