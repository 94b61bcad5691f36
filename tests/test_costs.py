"""What things cost: counts against the passes that are made, the race, K-FAC against the matrix it stands for, spectra."""

import numpy as np
import pytest

from slopes import costs, kronecker
from slopes.adaptive import Adam
from slopes.curvature import hessian_from_products, spectral_density
from slopes.datasets import digits
from slopes.kronecker import KFAC
from slopes.network import Network
from slopes.newton import Backtracking
from slopes.newton_cg import NewtonCG
from slopes.optimizers import GradientDescent, Status, run
from slopes.quasi_newton import LBFGS
from slopes.race import Lap, counted, race


# Counts -----------------------------------------------------------------------------------------


def test_the_counts_of_the_course():
    assert costs.parameters([784, 30, 10]) == 23_860
    assert costs.hessian_bytes(23_860) == 4_554_396_800
    assert costs.in_bytes(costs.hessian_bytes(23_860)) == "4.55 GB"
    assert costs.in_bytes(costs.hessian_bytes(124_439_808, 4)) == "61.9 PB"
    assert costs.in_bytes(costs.hessian_bytes(10**12)) == "8 YB"
    assert [costs.in_bytes(n) for n in (8, 999, 1000, 5_000_000)] == ["8 bytes", "999 bytes", "1 kB", "5 MB"]
    assert [costs.in_bytes(n) for n in (999_499, 999_500, 10**35)] == ["999 kB", "1 MB", "1e+05 QB"]


@pytest.mark.parametrize("n", [1, 2, 5, 30])
def test_the_flops_of_cholesky_are_those_of_its_loops(n):
    """Column j takes a root, n - j divisions, and a multiplication and a subtraction for each pair below."""
    made = sum(1 + (n - j) + (n - j) * (n - j + 1) for j in range(1, n + 1))
    assert costs.cholesky_flops(n) == made


def test_a_network_has_as_many_parameters_as_are_counted():
    assert costs.parameters([7, 5, 3]) == Network([7, 5, 3]).n_params


@pytest.mark.parametrize("sizes", [(4, 3), (4, 5, 3), (6, 5, 4, 3, 2)])
def test_the_flops_are_those_of_the_products_that_are_made(sizes):
    made = 0

    def counting(a, b, out):
        nonlocal made
        made += 2 * out.size * a.shape[-1]
        return np.matmul(a, b, out=out)

    n, rng = 11, np.random.default_rng(0)
    net = Network(sizes)
    theta = net.init(rng)
    passes = net._passes(theta, rng.standard_normal((n, sizes[0])), rng.standard_normal((n, sizes[-1])))
    passes.matmul = counting
    counts = []
    for make in (lambda: passes.forward(theta), lambda: passes.value_and_grad(theta), lambda: passes.product(theta), lambda: passes.gauss_newton_product(theta)):
        made = 0
        make()
        counts.append(made)
    beside = sum(2 * i * o * n for i, o in list(zip(sizes, sizes[1:]))[1:])  # one product of each upper layer is made by @
    counts[2] += beside
    assert counts == [count(sizes, n) for count in (costs.forward_flops, costs.gradient_flops, *PRODUCTS)]


PRODUCTS = costs.hessian_product_flops, costs.gauss_newton_product_flops


@pytest.mark.parametrize("count", [costs.forward_flops, costs.gradient_flops, *PRODUCTS, costs.kronecker_flops], ids=lambda c: c.__name__)
def test_counts_of_any_size_are_whole_and_exact(count):
    sizes = [50_000, 50_000, 50_000]
    made = count(sizes, 1000)
    assert type(made) is int and made == count(np.array(sizes, np.int32), np.int32(1000)) == count(tuple(sizes), 1000.0)
    with pytest.raises(ValueError, match="sizes must be a list of two or more"):
        count((size for size in sizes), 1000)


def test_a_product_costs_at_most_two_gradients_and_gauss_newton_less():
    for depth in (1, 2, 5, 30):
        hessian, gauss_newton = (count([20] * (depth + 1), 100) for count in PRODUCTS)
        assert gauss_newton <= hessian <= 2 * costs.gradient_flops([20] * (depth + 1), 100)


def test_what_each_method_keeps():
    kept = {method: costs.numbers_kept(method, 10**6) for method in costs.METHODS}
    assert kept["Adam"] == kept["Kronecker factors"] == 2 * 10**6 and kept["L-BFGS"] == 20 * 10**6 and kept["Newton"] == 10**12
    d = 1000
    assert kept["Kronecker factors"] == d * d + d * d  # one square layer of width 1000 has 10^6 weights


# Spectra ----------------------------------------------------------------------------------------


def test_a_spectral_density_has_the_moments_of_the_eigenvalues():
    eigenvalues = np.concatenate([np.random.default_rng(0).uniform(-1, 1, 197), [30.0, 50.0, -9.0]])
    nodes, weights = spectral_density(lambda v: eigenvalues * v, 200, np.random.default_rng(1), probes=40, products=30)
    assert weights.sum() == pytest.approx(1.0)
    assert weights @ nodes == pytest.approx(eigenvalues.mean(), abs=0.15)
    assert weights @ nodes**2 == pytest.approx(np.mean(eigenvalues**2), rel=0.35)  # three of them are most of it
    for outlier in (50.0, 30.0, -9.0):
        assert np.abs(nodes - outlier).min() < 1e-6
        assert weights[np.abs(nodes - outlier) < 0.1].sum() == pytest.approx(1 / 200, rel=0.6)
    assert weights[np.abs(nodes) < 1.01].sum() == pytest.approx(197 / 200, abs=0.01)


@pytest.mark.parametrize("seed", range(3))
def test_the_quadrature_has_every_moment_that_its_vector_has(seed):
    """k products give v·H^p v exactly for p up to 2k - 1, for the vector that was drawn."""
    rng = np.random.default_rng(seed)
    h = rng.standard_normal((30, 30))
    h = 0.1 * (h + h.T)
    v = np.random.default_rng(seed + 100).standard_normal(30)
    v /= np.linalg.norm(v)
    nodes, weights = spectral_density(lambda u: h @ u, 30, np.random.default_rng(seed + 100), probes=1, products=5)
    for p in range(10):
        assert weights @ nodes**p == pytest.approx(v @ np.linalg.matrix_power(h, p) @ v, rel=1e-9, abs=1e-12)
    assert abs(weights @ nodes**10 - v @ np.linalg.matrix_power(h, 10) @ v) > 1e-6


def test_the_density_of_a_network_is_that_of_its_whole_hessian():
    data = digits(100, ink=1)
    net = Network([64, 3, 10], loss="cross_entropy")
    theta = net.init(np.random.default_rng(0))
    for dtype in (np.float64, np.float32):
        f, at = net.objective(data.x, data.y), theta.astype(dtype)
        product = lambda v: f.hvp(at, v.astype(dtype))
        exact = np.linalg.eigvalsh(hessian_from_products(lambda v: f.hvp(theta, v), net.n_params))
        nodes, weights = spectral_density(product, net.n_params, np.random.default_rng(0), probes=30, products=40)
        assert nodes.max() == pytest.approx(exact[-1], rel=1e-4) and nodes.min() == pytest.approx(exact[0], rel=1e-4)
        for p in (1, 2, 3):  # the mean over probes of v·Av has a variance of 2 |A|² / (probes n²), for A = H^p
            assert weights @ nodes**p == pytest.approx(np.mean(exact**p), abs=3 * np.sqrt(2 * np.mean(exact ** (2 * p)) / 30 / len(exact)))
        for edge in (-0.05, 0.05, 0.5):
            assert weights[nodes < edge].sum() == pytest.approx(np.mean(exact < edge), abs=0.03)


def test_a_small_operator_is_exhausted():
    nodes, weights = spectral_density(lambda v: np.array([1.0, 2.0, 2.0]) * v, 3, np.random.default_rng(0), probes=1)
    np.testing.assert_allclose(np.sort(nodes), [1.0, 2.0], rtol=1e-12)


# K-FAC ------------------------------------------------------------------------------------------


def linear():
    rng = np.random.default_rng(0)
    net, x, y = Network([3, 2], "identity"), rng.standard_normal((9, 3)), rng.standard_normal((9, 2))
    return net, x, y, net.init(rng)


def test_for_one_linear_layer_the_kronecker_product_is_the_fisher_matrix():
    """A ⊗ I is the Gauss-Newton matrix of squared error; G is I up to the drawing of the targets."""
    net, x, y, theta = linear()
    matrix = hessian_from_products(lambda v: net.gnvp(theta, x, y, v), net.n_params)
    rule = KFAC(net, x)
    draws = [rule.factors(theta, np.random.default_rng(seed))[0] for seed in range(3000)]
    a, g = draws[0][0], np.mean([g for _, g in draws], axis=0)
    np.testing.assert_allclose(np.kron(a, np.eye(2)), matrix, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(g, np.eye(2), atol=0.03)


def test_a_step_solves_with_its_factors_and_takes_the_best_length():
    net, x, y, theta = linear()
    f, rule = net.objective(x, y), KFAC(net, x, damping=1e-12)
    at = f.at(theta)
    step, (_, [(a, g)], _) = rule.step(at, rule.start(at))
    direction = -np.linalg.solve(np.kron(a, g), at.grad)
    assert step @ direction / np.linalg.norm(step) / np.linalg.norm(direction) == pytest.approx(1.0, abs=1e-4)
    for other in (0.99, 1.01):
        assert f.value(theta + step) < f.value(theta + other * step)


@pytest.mark.parametrize("mu", [1e-3, 0.5, 20.0])
def test_the_length_of_a_step_is_where_the_damped_quadratic_is_lowest(mu):
    net, x, y, theta = linear()
    f, rule = net.objective(x, y), KFAC(net, x, damping=mu)
    at = f.at(theta)
    p, _ = rule.step(at, rule.start(at))
    assert at.grad @ p + p @ f.gnvp(theta, p) + mu * p @ p == pytest.approx(0.0, abs=1e-12)


def test_the_damping_is_shared_in_the_proportion_of_the_factors_and_adds_mu_to_their_product():
    net, x, y, theta = linear()
    rule, rng = KFAC(net, x, damping=0.3), np.random.default_rng(0)
    a, g = rule.factors(theta, rng)[0]
    grad = rng.standard_normal((4, 2))
    np.testing.assert_allclose(rule._solved(100 * a, g / 100, grad), rule._solved(a, g, grad), rtol=1e-12)
    np.testing.assert_allclose(rule._solved(1e-12 * a, 1e-12 * g, grad), grad / 0.3, rtol=1e-9)


def test_one_state_gives_one_step():
    net, x, y, theta = linear()
    at, rule = net.objective(x, y).at(theta), KFAC(net, x)
    state = rule.step(at, rule.start(at))[1]
    first, second = (rule.step(at, state)[0] for _ in range(2))
    assert np.array_equal(first, second) and not np.array_equal(first, rule.step(at, rule.step(at, state)[1])[0])


def test_where_the_gradient_is_zero_kfac_stays():
    net, x, y, theta = linear()
    path = run(KFAC(net, np.zeros_like(x)), net.objective(0 * x, 0 * y), 0 * theta, 3)
    assert path.status == Status.OUT_OF_STEPS and not path.x.any()


def test_the_drawn_gradients_have_the_fisher_matrix_of_a_softmax_as_their_mean():
    """G against its expectation over the classes, the mean of diag(p) - p p' for the last layer."""
    data = digits(60, ink=1)
    net = Network([64, 5, 10], loss="cross_entropy")
    theta, rule = net.init(np.random.default_rng(0), scale=2.0), KFAC(net, data.x)
    p = net.forward(theta, data.x).a[-1]
    expected = np.diag(p.mean(axis=0)) - p.T @ p / len(p)
    drawn = np.mean([rule.factors(theta, np.random.default_rng(seed))[-1][1] for seed in range(400)], axis=0)
    np.testing.assert_allclose(drawn, expected, atol=0.004)


@pytest.mark.parametrize("loss, output", [("squared", None), ("cross_entropy", "softmax"), ("cross_entropy", "sigmoid")])
def test_drawn_targets_have_the_outputs_as_their_mean(loss, output):
    net = Network([2, 3], "tanh", output=output, loss=loss)
    rng = np.random.default_rng(0)
    a = np.array([[0.2, 0.5, 0.3], [0.1, 0.1, 0.8]])
    drawn = net.loss.draw(np.repeat(a, 20_000, axis=0), rng).reshape(2, 20_000, 3)
    np.testing.assert_allclose(drawn.mean(axis=1), a, atol=0.02)
    if loss == "cross_entropy":
        net.loss.check(drawn[0])


@pytest.mark.parametrize("loss", ["squared", "cross_entropy"])
def test_kfac_trains_a_network(loss):
    data = digits(200, ink=1)
    net = Network([64, 12, 10], loss=loss)
    theta = net.init(np.random.default_rng(0))
    path = run(Backtracking(KFAC(net, data.x)), net.objective(data.x, data.y), theta, 25)
    assert path.value[-1] < 0.2 * path.value[0] and np.all(np.diff(path.value) <= 0)


# The race ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def laps():
    data = digits(200, ink=1)
    net = Network([64, 12, 10], loss="cross_entropy")
    theta = net.init(np.random.default_rng(0))
    rules = {"descent": GradientDescent(1.0), "Adam": Adam(0.03), "L-BFGS": Backtracking(LBFGS(0.3)),
             "Newton-CG": Backtracking(NewtonCG(curvature="gauss_newton", damping=1e-3)),
             "K-FAC": (Backtracking(KFAC(net, data.x)), costs.kronecker_flops(net.sizes, 200))}
    return race(net, data.x, data.y, theta, rules, 60)


def test_a_first_order_method_spends_one_gradient_a_step(laps):
    for name in ("descent", "Adam"):
        np.testing.assert_allclose(laps[name].cost, np.arange(1, len(laps[name].cost) + 1))


def test_all_race_from_the_same_start_and_to_the_same_budget(laps):
    assert len({lap.value[0] for lap in laps.values()}) == 1
    for lap in laps.values():
        assert lap.cost[-2] < 60 <= lap.cost[-1] + 1e-9 and np.all(np.diff(lap.cost) > 0)
        assert lap.at(60) <= lap.at(20) <= lap.value[0]


def test_what_a_rule_spends_beside_the_objective_is_charged_once_a_step():
    one = costs.gradient_flops(NET.sizes, len(X))
    rules = {"alone": GradientDescent(0.1), "with more": (GradientDescent(0.1), 3 * one)}
    race_of = race(NET, X, Y, THETA, rules, 20)
    np.testing.assert_allclose(race_of["alone"].cost, np.arange(1, 21))
    np.testing.assert_allclose(race_of["with more"].cost, [1, 5, 9, 13, 17, 21])


def test_products_and_line_searches_are_charged(laps):
    for name in ("Newton-CG", "K-FAC"):
        assert np.diff(laps[name].cost).min() > 2.0
    assert 1.3 < np.diff(laps["L-BFGS"].cost).min() < 1.6


def test_what_is_counted_is_the_objective_itself():
    data = digits(50, ink=1)
    net = Network([64, 5, 10])
    theta, v = net.init(np.random.default_rng(0)), np.ones(net.n_params)
    f, plain = counted(net, data.x, data.y), net.objective(data.x, data.y)
    assert f.value(theta) == plain.value(theta) and np.array_equal(f.hvp(theta, v), plain.hvp(theta, v))
    assert np.array_equal(f.grad(theta), plain.grad(theta)) and np.array_equal(f.gnvp(theta, v), plain.gnvp(theta, v))
    one = costs.gradient_flops(net.sizes, 50)
    spent = sum(c(net.sizes, 50) for c in (costs.forward_flops, costs.gradient_flops, costs.hessian_product_flops, costs.gauss_newton_product_flops))
    assert f.spent == pytest.approx(spent / one)


def test_a_lap_that_diverges_ends_and_keeps_what_it_reached():
    lap = race(NET, X, Y, THETA, {"far too long": GradientDescent(1e9)}, 30)["far too long"]
    assert len(lap.cost) < 10 and lap.at(30) == lap.value[0]


NET, X, Y, THETA = linear()
LAP = race(NET, X, Y, THETA, {"descent": GradientDescent(0.1)}, 3)["descent"]


@pytest.mark.parametrize("call, error, message", [
    (lambda: costs.parameters([3]), ValueError, "two or more"),
    (lambda: costs.parameters([3, 0]), ValueError, "a layer's size must be a whole number, at least 1, got 0"),
    (lambda: costs.hessian_bytes(2.5), ValueError, "n must be a whole number"),
    (lambda: costs.numbers_kept("magic", 10), ValueError, "no count for 'magic'"),
    (lambda: costs.parameters(784), ValueError, "two or more whole numbers, features first.*got 784"),
    (lambda: costs.hessian_bytes(float("nan")), ValueError, "n must be a whole number, at least 1, got nan"),
    (lambda: costs.cholesky_flops("1000"), ValueError, "n must be a whole number, at least 1, got '1000'"),
    (lambda: race(NET, X, Y, THETA, {}, 0), ValueError, "budget must be"),
    (lambda: race([3, 2], X, Y, THETA, {}, 1), TypeError, "network must be a Network"),
    (lambda: race(NET, X, Y, np.ones((2, 8)), {}, 1), ValueError, r"one start of shape \(8,\), got shape \(2, 8\)"),
    (lambda: LAP.at(0.5), ValueError, "nothing was reached for 0.5 gradients: the start alone took 1"),
    (lambda: spectral_density(lambda v: np.triu(np.ones((9, 9))) @ v, 9, np.random.default_rng(0)), ValueError, "not a product with a symmetric"),
    (lambda: spectral_density(lambda v: v, 9, 0), TypeError, "rng must be a generator"),
    (lambda: spectral_density(lambda v: v, 2.5, np.random.default_rng(0)), ValueError, "n must be a whole number"),
    (lambda: KFAC(NET, X, damping=0.0), ValueError, "damping must be positive"),
    (lambda: KFAC(NET, X[:, :1]), ValueError, "x has shape"),
    (lambda: KFAC([3, 2], X), TypeError, "network must be a Network"),
    (lambda: run(KFAC(NET, X), NET.objective(X, Y), np.ones((2, 8)), 1), ValueError, r"one start of shape \(8,\)"),
    (lambda: spectral_density(lambda v: v, 3, np.random.default_rng(0), probes=0), ValueError, "probes must be"),
])
def test_bad_input_says_what_was_given_and_what_to_do(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_a_lap_that_ends_at_no_number_keeps_what_it_had_reached():
    lap = race(NET, X, Y, THETA, {"too long": GradientDescent(1e160)}, 10)["too long"]
    assert not np.isfinite(lap.value[-1]) and lap.at(10) == lap.value[0]


@pytest.mark.parametrize("rules, budget, message", [
    ({"a": (GradientDescent(0.1), -5)}, 10, "the flops that 'a' spends beside the objective must be a number, at least 0, got -5"),
    ({"a": GradientDescent(0.1)}, np.inf, "budget must be positive"),
])
def test_a_race_refuses_costs_that_are_none(rules, budget, message):
    with pytest.raises(ValueError, match=message):
        race(NET, X, Y, THETA, rules, budget)


def test_factors_are_kept_between_renewals_and_shared_in_the_price():
    net, x, y, theta = linear()
    at, rule = net.objective(x, y).at(theta), KFAC(net, x, renew=3)
    states = [rule.start(at)]
    for _ in range(4):
        states.append(rule.step(at, states[-1])[1])
    same = [np.array_equal(a[1][0][0], b[1][0][0]) and np.array_equal(a[1][0][1], b[1][0][1]) for a, b in zip(states[1:], states[2:])]
    assert same == [True, True, False]
    dear, cheap = (costs.kronecker_flops([64, 20, 10], 1000, renew) for renew in (1, 5))
    assert costs.gradient_flops([64, 20, 10], 1000) < dear - cheap < 0.8 * dear


def test_the_means_of_kfac_are_long():
    fresh, old = [(np.ones((1, 1)), np.ones((1, 1)))], [(np.zeros((1, 1)), np.zeros((1, 1)))]
    assert kronecker._mixed(old, fresh)[0][0].item() == pytest.approx(0.05)
    with pytest.raises(ValueError, match="renew must be a whole number"):
        KFAC(Network([2, 1]), np.ones((3, 2)), renew=0)
    with pytest.raises(ValueError, match="damping must be one number.*KFAC draws its labels"):
        KFAC(Network([2, 1]), np.ones((3, 2)), np.ones(3))


def test_a_lap_that_ends_at_no_number_keeps_its_best():
    assert Lap(np.array([1.0, 2.0, 3.0]), np.array([5.0, 4.0, np.nan])).at(3) == 4.0


def test_what_a_renewal_costs_is_shared_and_rounded_up():
    every, seldom = costs.kronecker_flops([3, 2], 5), costs.kronecker_flops([3, 2], 5, 10**9)
    fresh = every - seldom + 1  # what is shared by so many steps that a flop is left
    assert fresh % 7 and costs.kronecker_flops([3, 2], 5, 7) == seldom - 1 + -(-fresh // 7)
