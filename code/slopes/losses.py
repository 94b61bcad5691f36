"""What a network's outputs cost, with the gradient and the curvature by the last pre-activations.

Arrays are units x examples, (..., outputs, N); a loss is a sum over the outputs and a mean over the N
examples. `activate` turns the last pre-activations z into the outputs a, `value_and_delta` returns the
loss and fills delta with its gradient by z, and `curvature` gives the product with its Hessian by z;
`gauss_newton` leaves out of it what comes from the curvature of an output activation. `draw` takes
outputs (N, outputs) and draws targets from them.
"""

import numpy as np


class SquaredError:
    """|a - y|^2 / 2, for outputs of any activation."""

    def __init__(self, activation):
        self.activation, self.activate = activation, activation.value
        self.name = f"squared error of {activation.name} outputs"

    def check(self, y):
        if not np.isfinite(y).all():
            raise ValueError("y must be finite: replace or drop its NaN and infinite entries")

    def value_and_delta(self, z, a, y, delta):
        error, n = np.subtract(a, y, delta), y.shape[-1]
        flat = error.reshape(*error.shape[:-2], -1)
        value = np.vecdot(flat, flat) / (2 * n)
        delta *= self.activation.slope(z, a) / n
        return value

    def curvature(self, z, a, y):
        slope = self.activation.slope(z, a)
        second = (slope * slope + (a - y) * self.activation.bend(z, a, slope)) / y.shape[-1]
        return lambda r_z: second * r_z

    def gauss_newton(self, z, a, y):
        slope = self.activation.slope(z, a)
        first = slope * slope / y.shape[-1]
        return lambda r_z: first * r_z

    def draw(self, a, rng):
        """Targets (N, outputs) from the model that this loss is the negative log likelihood of, given its outputs a."""
        return a + rng.standard_normal(a.shape)


class SoftmaxEntropy:
    """-sum y log a, in nats, for a = softmax z and y the probabilities of the classes."""

    name = "cross-entropy of a softmax"

    def check(self, y):
        if not (np.all(y >= 0) and np.allclose(y.sum(axis=1), 1.0)):
            raise ValueError("a softmax wants class labels, or rows of y that are probabilities: at least 0, with sum 1")

    def activate(self, z):
        return np.exp(_log_softmax(z))

    def value_and_delta(self, z, a, y, delta):
        delta[...] = (a - y) / y.shape[-1]
        return -_total(y * _log_softmax(z)) / y.shape[-1]

    def curvature(self, z, a, y):
        share = a / y.shape[-1]
        return lambda r_z: share * (r_z - np.sum(a * r_z, axis=-2, keepdims=True))

    gauss_newton = curvature

    def draw(self, a, rng):
        """Targets (N, classes): one class drawn for each example with the probabilities a."""
        shares = a.cumsum(axis=1)
        chosen = np.sum(shares < shares[:, -1:] * rng.uniform(size=(len(a), 1)), axis=1)
        return np.eye(a.shape[1])[chosen]


class SigmoidEntropy:
    """-sum y log a + (1 - y) log(1 - a), in nats, for a = sigmoid z: each output is a yes or a no."""

    name = "cross-entropy of sigmoid outputs"

    def __init__(self, sigmoid):
        self.sigmoid, self.activate = sigmoid, sigmoid.value

    def check(self, y):
        if not np.all((y >= 0) & (y <= 1)):
            raise ValueError("sigmoid outputs with cross-entropy want targets from 0 to 1")

    def value_and_delta(self, z, a, y, delta):
        delta[...] = (a - y) / y.shape[-1]
        return _total(np.logaddexp(0.0, z) - y * z) / y.shape[-1]

    def curvature(self, z, a, y):
        second = self.sigmoid.deriv(z) / y.shape[-1]
        return lambda r_z: second * r_z

    gauss_newton = curvature

    def draw(self, a, rng):
        """Targets (N, outputs): a yes or a no drawn for each output with the probability a."""
        return (rng.uniform(size=a.shape) < a).astype(float)


def _log_softmax(z):
    shifted = z - z.max(axis=-2, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-2, keepdims=True))


def _total(a):
    return a.sum(axis=(-2, -1))
