"""The network's signals, gradients and Hessian products, against differences and each other."""

import numpy as np
import pytest

from slopes.adaptive import Adam
from slopes.curvature import hessian_from_products, largest_eigenvalue
from slopes.datasets import digits
from slopes.losses import SigmoidEntropy, SoftmaxEntropy, SquaredError
from slopes.network import SCHEMES, Network
from slopes.optimizers import GradientDescent, Momentum, run
from slopes.quasi_newton import LBFGS

LOSSES = [("squared", None), ("squared", "sigmoid"), ("squared", "tanh"), ("cross_entropy", None),
          ("cross_entropy", "sigmoid")]
ACTIVATIONS = ["tanh", "sigmoid", "relu", "leaky_relu", "identity", "gelu", "elu", "lecun_tanh"]
every_network = pytest.mark.parametrize(
    "net", [Network([4, 3, 5, 2], a, output, loss) for a in ACTIVATIONS for loss, output in LOSSES], ids=repr)


@pytest.fixture
def rng():
    return np.random.default_rng(3)


def batch(net, rng, n=6):
    """Examples, targets that every loss takes, and parameters with biases."""
    x = rng.standard_normal((n, net.sizes[0]))
    return x, rng.integers(0, net.sizes[-1], n), net.init(rng, "normal", bias_scale=0.5)


def difference(function, theta, v, h=1e-5):
    return (function(theta + h * v) - function(theta - h * v)) / (2 * h)


def plain_loss(net, theta, x, y):
    """The loss as its formula says, in one line a layer."""
    a, weights = x, net.weights(theta)
    for w in weights[:-1]:
        a = net.activation.value(a @ w[:-1] + w[-1])
    z, y = a @ weights[-1][:-1] + weights[-1][-1], np.eye(net.sizes[-1])[y]
    if "softmax" in net.loss.name:
        return -np.mean(np.sum(y * z, axis=1) - np.log(np.sum(np.exp(z), axis=1)))
    if "entropy" in net.loss.name:
        p = 1 / (1 + np.exp(-z))
        return -np.mean(np.sum(y * np.log(p) + (1 - y) * np.log(1 - p), axis=1))
    return np.mean(np.sum((net.loss.activation.value(z) - y) ** 2, axis=1)) / 2


@every_network
def test_value_is_the_formula(net, rng):
    x, y, theta = batch(net, rng)
    assert net.value(theta, x, y) == pytest.approx(plain_loss(net, theta, x, y), rel=1e-13)


@every_network
def test_gradient_and_hessian_product_agree_with_differences(net, rng):
    x, y, theta = batch(net, rng)
    f = net.objective(x, y)
    for v in rng.standard_normal((3, net.n_params)):
        assert f.grad(theta) @ v == pytest.approx(difference(f.value, theta, v), abs=1e-7)
        np.testing.assert_allclose(f.hvp(theta, v), difference(f.grad, theta, v), atol=1e-6)


@every_network
def test_hessian_from_products_is_symmetric_and_that_of_differences(net, rng):
    x, y, theta = batch(net, rng)
    f = net.objective(x, y)
    hess = hessian_from_products(lambda v: f.hvp(theta, v), net.n_params)
    np.testing.assert_allclose(hess, hess.T, atol=1e-13)
    by_differences = [difference(f.grad, theta, e) for e in np.eye(net.n_params)]
    np.testing.assert_allclose(hess, by_differences, atol=1e-6)


@every_network
def test_the_gauss_newton_matrix_is_the_fisher_matrix_of_the_outputs(net, rng):
    """With J from differences of the outputs a: the squares of J, each over the variance that the loss gives to a."""
    x, y, theta = batch(net, rng)
    matrix = hessian_from_products(lambda v: net.gnvp(theta, x, y, v), net.n_params)
    outputs = lambda t: net.forward(t, x).a[-1]
    jac = np.stack([(outputs(theta + 1e-6 * e) - outputs(theta - 1e-6 * e)) / 2e-6 for e in np.eye(net.n_params)], axis=-1)
    a = outputs(theta)
    variance = {SquaredError: 1.0 + 0.0 * a, SoftmaxEntropy: a, SigmoidEntropy: a * (1.0 - a)}[type(net.loss)]
    wanted = np.einsum("nip,ni,niq->pq", jac, 1.0 / variance, jac) / len(x)
    np.testing.assert_allclose(matrix, wanted, rtol=1e-5, atol=1e-7 * np.abs(wanted).max())
    np.testing.assert_allclose(matrix, matrix.T, rtol=1e-12, atol=1e-14)
    assert np.linalg.eigvalsh(matrix)[0] > -1e-12 * np.abs(wanted).max()


@every_network
def test_signals_are_those_of_the_definition(net, rng):
    x, y, theta = batch(net, rng)
    seen = net.backward(theta, x, y)
    np.testing.assert_array_equal(seen.a[0], x)
    for w, a, z, delta, grad in zip(net.weights(theta), seen.a[:-1], seen.z, seen.delta, seen.weight_grad, strict=True):
        with_ones = np.column_stack([a, np.ones(len(x))])
        np.testing.assert_allclose(z, with_ones @ w, atol=1e-14)
        np.testing.assert_allclose(grad, with_ones.T @ delta, atol=1e-14)
    for z, a in zip(seen.z[:-1], seen.a[1:-1], strict=True):
        np.testing.assert_array_equal(a, net.activation.value(z))
    np.testing.assert_array_equal(np.concatenate([g.ravel() for g in seen.weight_grad]), seen.grad)
    forward = net.forward(theta, x)
    for ours, theirs in zip((*forward.z, *forward.a), (*seen.z, *seen.a), strict=True):
        np.testing.assert_array_equal(ours, theirs)


@every_network
def test_delta_is_the_gradient_by_the_pre_activation(net, rng):
    """Moving z of one example and one unit is moving the bias of that unit for that example alone."""
    x, y, theta = batch(net, rng)
    seen = net.backward(theta, x, y)

    def loss_from(layer, z):
        a = net.activation.value(z)
        for w in net.weights(theta)[layer + 1 :]:
            z = a @ w[:-1] + w[-1]
            a = net.activation.value(z)
        return net.loss.value_and_delta(z.T, net.loss.activate(z.T), np.eye(2)[y].T, np.empty_like(z.T))

    for layer, (z, delta) in enumerate(zip(seen.z, seen.delta, strict=True)):
        v = rng.standard_normal(z.shape)
        assert np.sum(delta * v) == pytest.approx(difference(lambda z: loss_from(layer, z), z, v), abs=1e-7)


@every_network
def test_a_batch_of_parameters_is_one_at_a_time(net, rng):
    x, y, _ = batch(net, rng)
    f = net.objective(x, y)
    thetas, vs = rng.standard_normal((2, 2, 3, net.n_params))
    for batched, single in ((f.value, f.value), (f.grad, f.grad)):
        np.testing.assert_allclose(batched(thetas), [[single(t) for t in row] for row in thetas], atol=1e-13)
    for times in (f.hvp, f.gnvp):
        np.testing.assert_allclose(times(thetas, vs), [[times(*p) for p in zip(*r)] for r in zip(thetas, vs)], atol=1e-12)
    assert net.backward(thetas, x, y).delta[0].shape == (2, 3, 6, 3)


@every_network
def test_single_precision_stays_single(net, rng):
    x, y, theta = batch(net, rng)
    seen, exact = net.backward(theta.astype(np.float32), x, y), net.backward(theta, x, y)
    for array in (seen.value, seen.grad, *seen.z, *seen.a, *seen.delta, *seen.weight_grad):
        assert array.dtype == np.float32
    np.testing.assert_allclose(seen.grad, exact.grad, atol=1e-5)
    for times in (net.hvp, net.gnvp):
        product = times(theta.astype(np.float32), x, y, np.ones(net.n_params, np.float32))
        assert product.dtype == np.float32
        np.testing.assert_allclose(product, times(theta, x, y, np.ones(net.n_params)), atol=1e-4)


def test_what_the_objective_keeps_never_shows(rng):
    """Value, gradient and product in any order, at moving points, are those of a fresh objective."""
    net = Network([4, 3, 2])
    x, y, theta = batch(net, rng)
    f, v = net.objective(x, y), rng.standard_normal(net.n_params)
    here = f.at(theta)
    first = here.grad.copy()
    for other in (theta + 1, theta.astype(np.float32), np.stack([theta, v])):
        for given in (f.value(other), f.grad(other), f.hvp(other, other)):
            assert given.dtype == other.dtype
        np.testing.assert_array_equal(f.hvp(theta, v), net.objective(x, y).hvp(theta, v))
    f.value(theta + 1)
    np.testing.assert_array_equal(f.hvp(theta + 1, v), net.hvp(theta + 1, x, y, v))
    moved = theta.copy()
    f.grad(moved)
    moved += 1.0
    np.testing.assert_array_equal(f.hvp(moved, v), net.hvp(theta + 1, x, y, v))
    np.testing.assert_array_equal(here.grad, first)
    assert here.value == f.value(theta)


def test_weights_are_views_with_the_bias_last():
    net = Network([2, 3, 1])
    theta = np.arange(13.0)
    first, second = net.weights(theta)
    assert first.shape == (3, 3) and second.shape == (4, 1) and net.n_params == 13
    first[-1] = -1.0
    np.testing.assert_array_equal(theta[6:9], -1.0)


@pytest.mark.parametrize("scheme, variance", [("uniform", 1 / 600), ("normal", 1 / 200), ("glorot", 2 / 500), ("he", 2 / 200)])
def test_initial_weights_have_the_variance_of_their_scheme(rng, scheme, variance):
    net = Network([200, 300, 1])
    w = net.weights(net.init(rng, scheme, scale=2.0, bias_scale=0.3))[0]
    assert w[:-1].var() == pytest.approx(4 * variance, rel=0.03)
    assert abs(w[:-1].mean()) < 0.01
    assert w[-1].std() == pytest.approx(0.3, rel=0.15)
    if scheme == "uniform":
        assert np.abs(w[:-1]).max() <= 2 / np.sqrt(200)
    assert not net.weights(net.init(rng, scheme))[0][-1].any()
    assert net.init(rng, scheme, dtype=np.float32).dtype == np.float32


def test_far_out_pre_activations_give_finite_losses():
    for loss, output in LOSSES:
        net = Network([1, 2], output=output, loss=loss)
        theta = np.array([800.0, -800.0, 0.0, 0.0])
        seen = net.backward(theta, np.array([[1.0], [-1.0]]), np.array([1, 1]))
        assert np.isfinite(seen.value) and np.isfinite(seen.grad).all()


def test_labels_are_rows_of_the_unit_matrix(rng):
    net = Network([4, 3, 2])
    x, y, theta = batch(net, rng)
    assert net.value(theta, x, y) == net.value(theta, x, np.eye(2)[y])


def test_training_moves_the_sharpness_to_two_over_the_step_size():
    """J. M. Cohen et al., ICLR 2021, arXiv:2103.00065: here from above, where one step would climb."""
    data, step_size = digits(300, ink=1), 0.1
    net = Network([64, 50, 50, 10])
    f, rng = net.objective(data.x, data.y), np.random.default_rng(0)
    theta, v = net.init(rng, "glorot"), rng.standard_normal(net.n_params)
    before = largest_eigenvalue(lambda u: f.hvp(theta, u), v)
    theta = run(GradientDescent(step_size), f, theta, 400, keep="last").last
    after = largest_eigenvalue(lambda u: f.hvp(theta, u), before.vector)
    assert before.converged and before.value > 40
    assert after.converged and after.value == pytest.approx(2 / step_size, rel=0.15)


def test_bad_networks():
    for sizes in ([3], [3, 0], [3, 2.5], [], [3, -1, 2]):
        with pytest.raises(ValueError, match="sizes must be two or more positive whole numbers"):
            Network(sizes)
    with pytest.raises(ValueError, match="no activation 'swish2'"):
        Network([2, 2], "swish2")
    with pytest.raises(ValueError, match="no activation 'softmax'"):
        Network([2, 2], output="softmax")
    with pytest.raises(ValueError, match='loss must be "squared" or "cross_entropy", got \'hinge\''):
        Network([2, 2], loss="hinge")
    with pytest.raises(ValueError, match='output="softmax" or "sigmoid", got \'tanh\''):
        Network([2, 2], output="tanh", loss="cross_entropy")
    with pytest.raises(ValueError, match="no initialisation 'xavier': the known ones are uniform, normal, glorot, he"):
        Network([2, 2]).init(np.random.default_rng(0), "xavier")
    assert set(SCHEMES) == {"uniform", "normal", "glorot", "he"}


def test_bad_batches(rng):
    net = Network([4, 3, 2])
    x, y, theta = batch(net, rng)
    wrong = [
        (theta, x[:, :3], y, r"x has shape \(6, 3\), but <Network 4-3-2, tanh.*takes \(N, 4\)"),
        (theta, x[0], y, r"x has shape \(4,\)"),
        (theta, x[:0], y[:0], r"x has shape \(0, 4\)"),
        (theta, x * np.nan, y, "x must be finite"),
        (theta, x, y + 1, "labels run from 1 to 2, but 2 outputs take labels from 0 to 1"),
        (theta, x, y - 1, "labels run from -1"),
        (theta, x, y[:3], r"y has shape \(3,\), but 6 examples and 2 outputs"),
        (theta, x, y.astype(float), r"y has shape \(6,\)"),
        (theta, x, np.full((6, 2), np.inf), "y must be finite"),
        (theta[:-1], x, y, r"parameters have shape \(22,\), but .* takes \(..., 23\)"),
        (np.where(np.arange(23) == 20, np.nan, theta), x, y, r"theta is not finite in W\[1\], the weights of layer 2 of 2"),
    ]
    for *arguments, message in wrong:
        with pytest.raises(ValueError, match=message):
            net.backward(*arguments)
    with pytest.raises(ValueError, match="v is not finite"):
        net.hvp(theta, x, y, theta * np.inf)
    softmax, sigmoid = Network([4, 2], loss="cross_entropy"), Network([4, 2], output="sigmoid", loss="cross_entropy")
    with pytest.raises(ValueError, match="probabilities: at least 0, with sum 1"):
        softmax.objective(x, np.ones((6, 2)))
    with pytest.raises(ValueError, match="targets from 0 to 1"):
        sigmoid.objective(x, np.full((6, 2), 2.0))


def test_a_diverging_run_ends_quietly(rng, recwarn):
    net = Network([4, 3, 2], "relu")
    x, y, theta = batch(net, rng)
    path = run(GradientDescent(1e4), net.objective(x, y), theta, 100)
    assert path.diverged and not recwarn.list


@pytest.mark.parametrize("rule", [GradientDescent(0.1), Momentum(0.1), Adam(0.01), LBFGS(0.1)], ids=lambda rule: type(rule).__name__)
def test_a_run_in_single_precision_stays_there(rule):
    net, rng = Network([3, 4, 2]), np.random.default_rng(0)
    f = net.objective(rng.standard_normal((10, 3)), rng.standard_normal((10, 2)))
    assert run(rule, f, net.init(rng, dtype=np.float32), 3).x.dtype == np.float32
