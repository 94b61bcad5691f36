"""Conjugate gradients and what is built on products: exactness, bounds, curvature, units, and bad input."""

import warnings

import numpy as np
import pytest

from slopes.conjugate import Ending, conjugate_gradients
from slopes.curvature import hessian_from_products
from slopes.invariance import bowl
from slopes.network import Network
from slopes.newton import Backtracking
from slopes.newton_cg import NewtonCG
from slopes.objectives import Objective, hyperbola, quadratic, rosenbrock
from slopes.optimizers import Newton, Status, grad_below, run
from slopes.quasi_newton import BFGS, LBFGS, _product

START = np.array([2.0, -1.5, 1.0])


@pytest.fixture(autouse=True)
def warnings_are_errors():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def spd(eigenvalues, seed=0):
    q, _ = np.linalg.qr(np.random.default_rng(seed).standard_normal((len(eigenvalues),) * 2))
    h = q @ np.diag(eigenvalues) @ q.T
    return 0.5 * (h + h.T)


# Conjugate gradients ----------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 2, 7, 40])
def test_it_solves_the_system(n):
    h, b = spd(np.geomspace(1, 50, n)), np.random.default_rng(1).standard_normal(n)
    found = conjugate_gradients(lambda v: h @ v, b, tolerance=1e-10, max_products=3 * n)
    assert found.converged and found.products <= 1.25 * n  # rounding makes some of them needless
    np.testing.assert_allclose(found.x, np.linalg.solve(h, b), rtol=1e-7)
    assert found.residuals[-1] == pytest.approx(np.linalg.norm(b - h @ found.x), abs=1e-9)


def test_it_takes_as_many_products_as_there_are_different_eigenvalues():
    h = spd(np.repeat([1.0, 5.0, 20.0], 10))
    assert conjugate_gradients(lambda v: h @ v, np.ones(30)).products == 3


@pytest.mark.parametrize("kappa", [10.0, 1000.0])
def test_the_error_stays_under_chebyshevs_bound(kappa):
    h, b = spd(np.geomspace(1, kappa, 60)), np.random.default_rng(2).standard_normal(60)
    exact = np.linalg.solve(h, b)
    energy = lambda e: np.sqrt(e @ h @ e)
    rate = (np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)
    for j in range(1, 30, 4):
        x = conjugate_gradients(lambda v: h @ v, b, tolerance=0, max_products=j).x
        assert energy(x - exact) <= 2 * rate**j * energy(exact) * (1 + 1e-9)


def test_negative_curvature_is_a_result_with_the_direction_that_shows_it():
    h, b = np.diag([3.0, 1.0, -2.0]), np.ones(3)
    found = conjugate_gradients(lambda v: h @ v, b)
    v = found.direction
    assert found.ending == Ending.NEGATIVE_CURVATURE and v @ h @ v <= 0 < b @ v
    assert conjugate_gradients(lambda v: 0 * v, b).ending.words == "negative curvature"


def test_it_says_when_it_runs_out_of_products():
    h = spd(np.geomspace(1, 1e4, 30))
    found = conjugate_gradients(lambda v: h @ v, np.ones(30), max_products=4)
    assert found.ending == Ending.OUT_OF_PRODUCTS and found.products == 4 and len(found.residuals) == 5


@pytest.mark.parametrize("size", [1e-200, 1e-30, 1e30, 1e200])
def test_the_size_of_the_right_side_does_not_matter(size):
    h, b = spd([1.0, 3.0, 9.0, 27.0]), np.array([1.0, -2.0, 0.5, 3.0])
    found, other = (conjugate_gradients(lambda v: h @ v, c * b) for c in (1.0, size))
    assert other.converged and other.products == found.products
    np.testing.assert_allclose(other.x / size, found.x, rtol=1e-9)
    np.testing.assert_allclose(other.residuals[0] / size, np.linalg.norm(b), rtol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("kappa", [1e4, 1e10, 1e13])
def test_rounding_is_not_taken_for_an_operator_that_is_not_symmetric(kappa, dtype):
    for seed in range(5):
        h = spd(np.r_[np.linspace(1, 2, 45), np.geomspace(kappa / 10, kappa, 5)], seed).astype(dtype)
        b = np.random.default_rng(seed).standard_normal(50)
        assert conjugate_gradients(lambda v: h @ v.astype(dtype), b, max_products=150).products > 5


@pytest.mark.parametrize("h", [[[0, -1], [1, 0]], [[2, 1e-3], [0, 1]], [[1, 4], [-4, 1]]], ids=["a rotation", "nearly", "by far"])
def test_an_operator_that_is_not_symmetric_is_refused_and_not_solved(h):
    with pytest.raises(ValueError, match="not symmetric"):
        conjugate_gradients(lambda v: np.array(h) @ v, np.array([1.0, 1.5]), max_products=10)


def test_nothing_is_solved_at_once():
    assert np.array_equal(conjugate_gradients(lambda v: v, np.zeros(3)).x, np.zeros(3))


# The Gauss-Newton matrix ------------------------------------------------------------------------

NETWORKS = [Network([3, 4, 4, 2], "tanh"), Network([3, 5, 2], "sigmoid", output="sigmoid"), Network([3, 4, 3], "tanh", loss="cross_entropy"),
            Network([3, 4, 2], "leaky_relu", loss="cross_entropy", output="sigmoid"), Network([3, 4, 1], "tanh", output="tanh")]


def problem(net):
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((7, 3)), rng.uniform(0, 1, (7, net.sizes[-1]))
    return net.init(rng, scale=2.0, bias_scale=0.3), x, y / y.sum(axis=1, keepdims=True) if "softmax" in net.loss.name else y


@pytest.mark.parametrize("net", NETWORKS, ids=repr)
def test_the_gauss_newton_matrix_is_its_definition(net):
    """J' B J with J, the derivative of the last pre-activations, from differences, and B by hand."""
    theta, x, y = problem(net)
    matrix = hessian_from_products(lambda v: net.gnvp(theta, x, y, v), net.n_params)
    last = lambda t: net.forward(t, x).z[-1]
    jac = np.stack([(last(theta + 1e-6 * e) - last(theta - 1e-6 * e)) / 2e-6 for e in np.eye(net.n_params)], axis=-1)
    a = net.forward(theta, x).a[-1]
    if "softmax" in net.loss.name:
        inner = np.stack([np.diag(p) - np.outer(p, p) for p in a])
    else:
        slope = {"identity": np.ones_like(a), "sigmoid": a * (1 - a), "tanh": 1 - a * a}[net.loss.name.split(" outputs")[0].split()[-1]]
        inner = np.stack([np.diag(d) for d in (slope if "entropy" in net.loss.name else slope**2)])
    np.testing.assert_allclose(matrix, np.einsum("nip,nij,njq->pq", jac, inner, jac) / 7, rtol=1e-5, atol=1e-8)
    assert np.linalg.eigvalsh(matrix)[0] > -1e-12


def test_where_the_model_is_linear_it_is_the_hessian():
    net = Network([3, 2], "identity", loss="cross_entropy")
    theta, x, y = problem(net)
    v = np.arange(net.n_params, dtype=float)
    np.testing.assert_allclose(net.gnvp(theta, x, y, v), net.hvp(theta, x, y, v), rtol=1e-12)


def test_products_of_both_kinds_may_be_mixed():
    net = NETWORKS[0]
    theta, x, y = problem(net)
    f, v = net.objective(x, y), np.linspace(-1, 1, net.n_params)
    first = f.hvp(theta, v), f.gnvp(theta, v)
    assert np.array_equal(f.hvp(theta, v), first[0]) and np.array_equal(f.gnvp(theta, v), first[1])


def test_a_change_of_variable_changes_the_gauss_newton_matrix_with_it():
    net = Network([2, 1], "tanh")
    rng = np.random.default_rng(0)
    f = net.objective(rng.standard_normal((5, 2)), rng.standard_normal((5, 1)))
    a, x, v = rng.standard_normal((3, 3)), rng.standard_normal(3), rng.standard_normal(3)
    np.testing.assert_allclose((2.0 * f).transformed(a).gnvp(x, v), 2 * a.T @ f.gnvp(a @ x, a @ v), rtol=1e-12)


# The rules --------------------------------------------------------------------------------------


def test_newton_cg_with_many_products_is_newton():
    f = bowl()
    tight = run(NewtonCG(), f, START, 8)
    assert tight.grad_norm[-1] < 1e-10
    one = quadratic(spd([1.0, 4.0, 9.0]))
    assert run(NewtonCG(), one, START, 12, until=grad_below(1e-10)).converged


@pytest.mark.parametrize("rule", [NewtonCG(), NewtonCG(curvature="hessian", damping=0.1), BFGS(1e-3), LBFGS(1e-3), LBFGS(1e-3, memory=3)], ids=repr)
def test_with_a_line_search_each_comes_through_rosenbrocks_valley(rule):
    path = run(Backtracking(rule), rosenbrock(), [-1.2, 1.0], 500, until=grad_below(1e-6))
    assert path.converged and path.steps < 120 and np.all(np.diff(path.value) <= 0)


def test_newton_cg_converges_faster_than_linearly():
    """The share of |g| that a step leaves goes to 0 with it, where a fixed share would stay."""
    path = run(NewtonCG(), bowl(), START, 30, until=grad_below(1e-13))
    left = path.grad_norm[1:] / path.grad_norm[:-1]
    assert path.converged and left[-1] < 1e-3 and left[-2] < 0.1


def test_newton_cg_leaves_a_hill_and_does_not_climb_it():
    saddle = quadratic(np.diag([1.0, -1.0]))
    path = run(NewtonCG(), saddle, [1e-3, 1.0], 3)
    assert np.all(np.diff(path.value) < 0)
    hill = Objective("hill", lambda x: -np.vecdot(x, x), lambda x: -2 * x, lambda x: np.broadcast_to(-2 * np.eye(2), x.shape + (2,)), point_shape=(2,))
    assert run(NewtonCG(), hill, [1.0, 1.0], 1).last == pytest.approx([2.0, 2.0])


def test_newton_cg_with_gauss_newton_trains_a_network():
    net = NETWORKS[2]
    theta, x, y = problem(net)
    f = net.objective(x, np.argmax(y, axis=1))
    path = run(Backtracking(NewtonCG(curvature="gauss_newton", damping=1e-3)), f, theta, 40)
    assert path.value[-1] < 0.05 * path.value[0]


def test_newton_cg_has_no_units_and_neither_has_bfgs_after_its_first_step():
    f, c, k = bowl(), 64.0, 8.0
    g = f.scaled(c).stretched(k)
    for here, there in ((NewtonCG(), NewtonCG()), (BFGS(0.1), BFGS(0.1 / (c * k * k))), (LBFGS(0.1), LBFGS(0.1 / (c * k * k)))):
        np.testing.assert_allclose(k * run(there, g, START / k, 8).x, run(here, f, START, 8).x, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("memory", [1, 3, 20])
def test_the_two_loops_are_the_matrix_that_the_pairs_make(memory):
    f, rule = bowl(), LBFGS(0.1, memory)
    at, state = f.at(START), ()
    for _ in range(6):
        step, state = rule.step(at, state)
        _, _, pairs, scale = state
        b = scale * np.eye(3)
        for s, y, inverse in pairs:
            left = np.eye(3) - inverse * np.outer(s, y)
            b = left @ b @ left.T + inverse * np.outer(s, s)
        np.testing.assert_allclose(step, -b @ at.grad, rtol=1e-9, atol=1e-14)
        at = f.at(at.x + 0.7 * step)
    assert len(state[2]) == min(memory, 5)


def test_with_memory_for_every_step_lbfgs_has_the_matrix_of_bfgs():
    """The same pairs from the same first matrix; LBFGS in use takes a fresh multiple of I at every step."""
    f = bowl()
    points = run(BFGS(0.1), f, START, 7).x
    many, full = LBFGS(0.1, memory=20), BFGS(0.1)
    states = (), None
    for x in points:
        at = f.at(x)
        states = many.step(at, states[0])[1], full.step(at, states[1])[1]
    (_, _, pairs, _), matrix = states[0], states[1][0]
    s, y, _ = pairs[0]
    g = np.array([1.0, -2.0, 0.5])
    np.testing.assert_allclose(_product(pairs, s @ y / (y @ y), g), matrix @ g, rtol=1e-9)


def test_lbfgs_stays_where_no_number_is_small_enough_to_go_on():
    path = run(LBFGS(0.1), bowl(), START, 200)
    assert path.status == Status.OUT_OF_STEPS and path.grad_norm[-1] < 1e-150


def test_a_quasi_newton_rule_learns_from_the_step_that_was_taken():
    """A search that halves each step would teach it a curvature that is wrong by a factor of two."""
    h = spd([1.0, 30.0, 100.0])
    for rule in (BFGS(10.0), LBFGS(10.0)):
        path = run(Backtracking(rule), quadratic(h), START, 60, until=grad_below(1e-8))
        assert path.converged and path.steps < 30


def test_a_batch_of_lbfgs_runs_is_its_runs_one_at_a_time():
    starts = np.random.default_rng(0).normal(size=(4, 3))
    whole = run(LBFGS(0.1), bowl(), starts, 8)
    for i, start in enumerate(starts):
        np.testing.assert_allclose(whole.x[:, i], run(LBFGS(0.1), bowl(), start, 8).x, rtol=1e-7, atol=1e-12)


def test_lbfgs_on_a_hill_keeps_the_last_scale():
    hill = Objective("hill", lambda x: -np.vecdot(x, x), lambda x: -2 * x, point_shape=(2,))
    np.testing.assert_allclose(run(LBFGS(0.1), hill, [1.0, 1.0], 3).x[:, 0], 1.2 ** np.arange(4))


@pytest.mark.parametrize("call, error, message", [
    (lambda: conjugate_gradients(lambda v: np.array([[1.0, 2.0], [-2.0, 3.0]]) @ v, np.array([1.0, 2.0])), ValueError, "not symmetric.*H\\^T H"),
    (lambda: conjugate_gradients(lambda v: v[:1], np.ones(2)), ValueError, r"shape \(1,\): it must keep"),
    (lambda: conjugate_gradients(lambda v: np.nan * v, np.ones(2)), ValueError, "not finite"),
    (lambda: conjugate_gradients(lambda v: v, np.ones((2, 2))), ValueError, r"one vector.*shape \(2, 2\)"),
    (lambda: conjugate_gradients(lambda v: v, np.ones(2), tolerance=2.0), ValueError, "a share of"),
    (lambda: conjugate_gradients(lambda v: v, np.ones(2), max_products=0), ValueError, "at least 1, got 0"),
    (lambda: NewtonCG(curvature="fisher"), ValueError, "'hessian' or 'gauss_newton', got 'fisher'"),
    (lambda: NewtonCG(damping=-1), ValueError, "at least 0, got -1"),
    (lambda: NewtonCG(max_products=0), ValueError, "at least 1"),
    (lambda: run(NewtonCG(), bowl(), np.ones((2, 3)), 1), TypeError, "one start"),
    (lambda: run(NewtonCG(), hyperbola(), 1.0, 1), TypeError, "one start"),
    (lambda: run(NewtonCG(curvature="gauss_newton"), bowl(), START, 1), TypeError, "no Gauss–Newton matrix"),
    (lambda: conjugate_gradients(lambda v: v, np.ones(2), max_products=np.inf), ValueError, "at least 1, got inf"),
    (lambda: LBFGS(0.1, memory="ten"), ValueError, "got 'ten'"),
    (lambda: LBFGS(0.1, memory=0), ValueError, "memory must be a whole number"),
    (lambda: run(LBFGS(0.1), hyperbola(), 1.0, 1), TypeError, "several variables"),
])
def test_bad_input_says_what_was_given_and_what_to_do(call, error, message):
    with pytest.raises(error, match=message):
        call()
