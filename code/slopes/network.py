"""A multilayer perceptron whose parameters are one flat vector and whose signals are plain arrays.

Layer l turns its input a[l] into the pre-activation z[l] = (a[l], 1) W[l] and passes on
a[l + 1] = phi(z[l]); a[0] is x. The last row of W[l], of shape (fan_in + 1, fan_out), is the bias.
All arithmetic is in the dtype of the parameters.
"""

import math
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from slopes import activations
from slopes.checks import generator
from slopes.losses import SigmoidEntropy, SoftmaxEntropy, SquaredError
from slopes.objectives import Objective
from slopes.passes import Passes

# The standard deviation of a weight, from the units on either side, and the law it is drawn from.
# "uniform" is U(-1/sqrt(fan_in), 1/sqrt(fan_in)), with a third of the variance of "normal". Sources:
# "uniform" and "glorot", X. Glorot and Y. Bengio, AISTATS 2010, eqs 1 and 16; "he", K. He et al., ICCV
# 2015, eq. 10.
SCHEMES = {
    "uniform": (lambda fan_in, fan_out: math.sqrt(1.0 / (3.0 * fan_in)), "uniform"),
    "normal": (lambda fan_in, fan_out: math.sqrt(1.0 / fan_in), "normal"),
    "glorot": (lambda fan_in, fan_out: math.sqrt(2.0 / (fan_in + fan_out)), "uniform"),
    "he": (lambda fan_in, fan_out: math.sqrt(2.0 / fan_in), "normal"),
}


@dataclass(frozen=True)
class Signals:
    """What a batch of N examples leaves in each layer of a network.

    z: pre-activations, (..., N, units) a layer. a: x, then the activations. After a backward pass
    also value, the loss (...), and its gradient by everything: delta[l], of the shape of z[l], by
    the pre-activations; weight_grad[l], of the shape of W[l]; grad, (..., n), by the flat vector.
    """

    z: tuple
    a: tuple
    value: np.ndarray | None = None
    delta: tuple | None = None
    weight_grad: tuple | None = None
    grad: np.ndarray | None = None


class Network:
    """Layers of the given sizes, x first, with one activation inside and another at the output.

    loss: "squared", half the squared error summed over the outputs; or "cross_entropy", in nats, of a
    "softmax" output (one class an example) or of "sigmoid" outputs (each a yes or a no); either way a
    mean over the examples. output: unless given, "identity" for the first and "softmax" for the second.
    """

    def __init__(self, sizes, activation="tanh", output=None, loss="squared"):
        self.sizes = _sizes(sizes)
        self.activation = activations.get(activation)
        self.loss = _loss(loss, output)
        self.shapes = tuple((fan_in + 1, fan_out) for fan_in, fan_out in pairwise(self.sizes))
        self.n_params = sum(rows * columns for rows, columns in self.shapes)

    def __repr__(self):
        return f"<Network {'-'.join(map(str, self.sizes))}, {self.activation.name}, {self.loss.name}>"

    def init(self, rng, scheme="uniform", scale=1.0, *, bias_scale=0.0, dtype=np.float64):
        """Random parameters, shape (n,): weights by one of `SCHEMES`, biases N(0, bias_scale^2).

        scale multiplies every weight.
        """
        generator(rng)
        if scheme not in SCHEMES:
            raise ValueError(f"there is no initialisation {scheme!r}: the known ones are {', '.join(SCHEMES)}")
        deviation, law = SCHEMES[scheme]
        theta = np.empty(self.n_params, dtype)
        for w in self.weights(theta):
            shape = fan_in, fan_out = len(w) - 1, w.shape[1]
            draws = rng.standard_normal(shape) if law == "normal" else math.sqrt(3.0) * rng.uniform(-1, 1, shape)
            w[:-1] = scale * deviation(fan_in, fan_out) * draws
            w[-1] = bias_scale * rng.standard_normal(fan_out)
        return theta

    def weights(self, theta):
        """Views of theta (..., n), one a layer, each (..., fan_in + 1, fan_out) with the biases last."""
        if theta.shape[-1:] != (self.n_params,):
            raise ValueError(f"the parameters have shape {theta.shape}, but {self} takes (..., {self.n_params})")
        views, end = [], 0
        for rows, columns in self.shapes:
            start, end = end, end + rows * columns
            views.append(theta[..., start:end].reshape(*theta.shape[:-1], rows, columns))
        return views

    def forward(self, theta, x):
        """Each layer's pre-activations and activations. theta: (..., n), x: (N, features)."""
        theta, x = self._theta(theta), self._x(x)
        passes = self._passes(theta, x, np.zeros((len(x), self.sizes[-1])))  # no targets yet
        passes.forward(theta)
        return _signals(passes)

    def backward(self, theta, x, y):
        """The forward pass, the loss, and its gradient by every pre-activation and every weight.

        y: (N, outputs) targets, or N class labels from 0, which stand for rows of the unit matrix.
        """
        theta, (x, y) = self._theta(theta), self._batch(x, y)
        passes = self._passes(theta, x, y)
        value, grad = passes.value_and_grad(theta)
        delta = tuple(layer.delta.mT for layer in passes.layers)
        return replace(_signals(passes), value=value, delta=delta, weight_grad=tuple(self.weights(grad)), grad=grad)

    def value(self, theta, x, y):
        """The loss, shape (...)."""
        return self.objective(x, y).value(self._theta(theta))

    def grad(self, theta, x, y):
        """The gradient of the loss, shape (..., n)."""
        return self.objective(x, y).grad(self._theta(theta))

    def hvp(self, theta, x, y, v):
        """The Hessian of the loss times v, shape (..., n), exact, for the price of about two gradients."""
        return self.objective(x, y).hvp(self._theta(theta), self._theta(v, "v"))

    def gnvp(self, theta, x, y, v):
        """The Gauss–Newton matrix of the loss times v, shape (..., n): like the Hessian's, and never indefinite."""
        return self.objective(x, y).gnvp(self._theta(theta), self._theta(v, "v"))

    def objective(self, x, y):
        """The loss on one batch, as an `Objective` of the flat vector.

        It keeps the arrays of its last pass: products with the Hessian at one theta share their passes,
        with each other and with the gradient there.
        """
        x, y = self._batch(x, y)
        kept = None

        def passes(theta):
            nonlocal kept
            if kept is None or kept.theta.shape != theta.shape or kept.theta.dtype != theta.dtype:
                kept = self._passes(theta, x, y)
            return kept

        def along(product):
            def times(theta, v):
                theta, v = np.broadcast_arrays(theta, v)
                return product(passes(theta).at(theta), v.astype(theta.dtype, copy=False))

            return times

        return Objective(
            f"the loss of {self} on {len(x)} examples",
            lambda theta: passes(theta).value(theta),
            lambda theta: passes(theta).value_and_grad(theta)[1],
            hvp=along(Passes.product),
            gnvp=along(Passes.gauss_newton_product),
            value_and_grad=lambda theta: passes(theta).value_and_grad(theta),
            point_shape=(self.n_params,),
        )

    def _column(self):
        """What a single output wants in place of labels."""
        if isinstance(self.loss, SquaredError):
            return "give numbers as a column, y[:, None]"
        sigmoid = ' with output="sigmoid"' if isinstance(self.loss, SoftmaxEntropy) else ""
        return f"give a single yes or no{sigmoid} as a column of zeros and ones, y[:, None]"

    def _passes(self, theta, x, y):
        return Passes(self.weights, self.activation, self.loss, x, y, theta)

    def _theta(self, theta, name="theta"):
        theta = np.asarray(theta)
        theta = theta if np.issubdtype(theta.dtype, np.floating) else theta.astype(float)
        for number, w in enumerate(self.weights(theta)):
            if not np.isfinite(w).all():
                raise ValueError(f"{name} is not finite in W[{number}], the weights of layer {number + 1} of "
                                 f"{len(self.shapes)}: look for a step that diverged or an overflow")
        return theta

    def _x(self, x):
        x = np.asarray(x, float)
        if x.ndim != 2 or x.shape[1] != self.sizes[0] or len(x) == 0:
            raise ValueError(f"x has shape {x.shape}, but {self} takes (N, {self.sizes[0]}) for N examples")
        if not np.isfinite(x).all():
            raise ValueError("x must be finite: replace or drop its NaN and infinite entries")
        return x

    def _batch(self, x, y):
        x, y, outputs = self._x(x), np.asarray(y), self.sizes[-1]
        if y.ndim == 1 and y.dtype.kind in "iu" and len(y) == len(x):
            if y.min() < 0 or y.max() >= outputs:
                raise ValueError(f"labels run from {y.min()} to {y.max()}, but {outputs} outputs take labels "
                                 f"from 0 to {outputs - 1}{f': {self._column()}' if outputs == 1 else ''}")
            y = np.eye(outputs)[y]
        if y.shape != (len(x), outputs):
            raise ValueError(f"y has shape {y.shape}, but {len(x)} examples and {outputs} outputs take targets of "
                             f"shape ({len(x)}, {outputs}), or {len(x)} whole-number labels")
        y = np.asarray(y, float)
        self.loss.check(y)
        return x, y


def _signals(passes):
    first, layers = passes.first, passes.layers
    a = (first.inputs[..., :-1, :].mT, *(layer.a.mT for layer in layers))
    return Signals(tuple(layer.z.mT for layer in layers), a)


def _loss(loss, output):
    if loss == "squared":
        return SquaredError(activations.get(output or "identity"))
    if loss != "cross_entropy":
        raise ValueError(f'loss must be "squared" or "cross_entropy", got {loss!r}')
    if output not in (None, "softmax", "sigmoid"):
        raise ValueError(f'cross-entropy wants output="softmax" or "sigmoid", got {output!r}: '
                         "it measures probabilities")
    return SigmoidEntropy(activations.sigmoid) if output == "sigmoid" else SoftmaxEntropy()


def _sizes(sizes):
    sizes = tuple(sizes)
    if len(sizes) < 2 or not all(isinstance(n, int | np.integer) and n > 0 for n in sizes):
        raise ValueError(f"sizes must be two or more positive whole numbers, features first and outputs last, "
                         f"got {sizes}")
    return sizes
