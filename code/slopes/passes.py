"""The passes through a network over one batch: forward, backward, and both differentiated along v.

`slopes.network` is what to call; here is how it gets its speed. The arrays are made once and filled
again by every pass. Inside, a unit is a row and an example a column, so that a layer is one block of
memory, and a row of ones below a layer's inputs multiplies its biases. A sum of two products is made
as one, with its factors stacked: W'R + V'a is (W; V)'(R; a).
"""

import numpy as np


class Layer:
    """The arrays of one layer, units x examples: its signals and (names with r_) their change along v.

    inputs: what comes in, ones last. z and a: pre-activations and activations. back and delta: the
    loss's gradient by a and by z. slope: da/dz. bend: d(delta)/dz. core: the weights without biases.
    below: core above v, to meet r_inputs above inputs. beside: core left of v, to meet r_delta above delta.
    """

    def __init__(self, n, w, w_grad, v, product):
        *lead, rows, fan_out = w.shape
        units = lambda count: np.ones((*lead, count, n), w.dtype)
        self.w_t, self.w_grad, self.v, self.product = w.mT, w_grad, v, product
        self.core, self.v_core = w[..., :-1, :], v[..., :-1, :]
        self.z, self.a, self.slope, self.back, self.bend, self.r_z = (units(fan_out) for _ in range(6))
        self.both_inputs, self.both_deltas = units(2 * rows - 1), units(2 * fan_out)
        self.r_inputs, self.inputs = np.split(self.both_inputs, [rows - 1], axis=-2)
        self.r_delta, self.delta = np.split(self.both_deltas, 2, axis=-2)
        self.r_delta_t, self.delta_t = self.r_delta.mT, self.delta.mT
        self.below = np.empty((*lead, 2 * rows - 1, fan_out), w.dtype)
        self.beside = np.empty((*lead, rows - 1, 2 * fan_out), w.dtype)


class Passes:
    """The passes for parameters of the shape and dtype of theta.

    weights: splits a flat vector into the weights of each layer. x: (N, features). y: (N, outputs).
    """

    def __init__(self, weights, activation, loss, x, y, theta):
        self.activation, self.loss = activation, loss
        self.theta, self.grad, self.v, self.hvp = vectors = [np.empty(theta.shape, theta.dtype) for _ in range(4)]
        self.layers = [Layer(len(x), *views) for views in zip(*map(weights, vectors))]
        self.first, self.last = self.layers[0], self.layers[-1]
        self.up = list(zip(self.layers, self.layers[1:]))
        self.down = self.up[::-1]
        for under, layer in self.up:
            under.a, under.activate = layer.inputs[..., :-1, :], _filling(activation.value)
        self.last.activate = _filling(loss.activate)
        self.first.inputs[..., :-1, :] = x.T
        self.y = np.ascontiguousarray(y.T, theta.dtype)
        self.matmul = np.matmul if theta.ndim > 1 else np.ndarray.dot  # the same product, called faster
        self.has_deltas = self.is_linear = False

    def forward(self, theta):
        """Fill z and a of every layer."""
        np.copyto(self.theta, theta)
        self.has_deltas = self.is_linear = False
        for layer in self.layers:
            self.matmul(layer.w_t, layer.inputs, layer.z)
            layer.activate(layer.z, layer.a)

    def value(self, theta):
        """The loss at theta, with delta of the last layer filled."""
        self.forward(theta)
        return self.loss.value_and_delta(self.last.z, self.last.a, self.y, self.last.delta)

    def deltas(self, theta):
        """The loss at theta, with delta of every layer filled."""
        value = self.value(theta)
        for under, layer in self.down:
            self.matmul(layer.core, layer.delta, under.back)
            under.slope = self.activation.slope(under.z, under.a, under.slope)
            np.multiply(under.slope, under.back, under.delta)
        self.has_deltas = True
        return value

    def value_and_grad(self, theta):
        """The loss at theta and its gradient."""
        value = self.deltas(theta)
        for layer in self.layers:
            self.matmul(layer.inputs, layer.delta_t, layer.w_grad)
        return value, self.grad.copy()

    def at(self, theta):
        """These passes, with delta of every layer filled for theta."""
        if not (self.has_deltas and np.array_equal(self.theta, theta)):
            self.deltas(theta)
        return self

    def product(self, v):
        """The Hessian times v where `deltas` was last taken: both passes differentiated along v.

        Source: B. A. Pearlmutter, Fast exact multiplication by the Hessian, Neural Computation 6 (1994) 147-160.
        """
        self._forward_along(v)
        self.last.r_delta[...] = self.curvature(self.last.r_z)
        for under, layer in self.down:
            layer.beside[..., layer.v.shape[-1] :] = layer.v_core
            self.matmul(layer.beside, layer.both_deltas, under.r_delta)
            under.r_delta *= under.slope
            under.r_delta += np.multiply(under.bend, under.r_z, under.r_z)
        for layer in self.layers:
            self.matmul(layer.inputs, layer.r_delta_t, layer.product)
            if layer is not self.first:
                layer.product[..., :-1, :] += layer.r_inputs @ layer.delta_t
        return self.hvp.copy()

    def gauss_newton_product(self, v):
        """J^T B J v where `deltas` was last taken: J is the derivative of the last pre-activations by the
        parameters, B the loss's curvature by them without that of an output activation.

        Source: N. N. Schraudolph, Fast curvature matrix-vector products, Neural Computation 14 (2002) 1723-1738.
        """
        self._forward_along(v)
        self.last.r_delta[...] = self.loss.gauss_newton(self.last.z, self.last.a, self.y)(self.last.r_z)
        for under, layer in self.down:
            self.matmul(layer.core, layer.r_delta, under.r_delta)
            under.r_delta *= under.slope
        for layer in self.layers:
            self.matmul(layer.inputs, layer.r_delta_t, layer.product)
        return self.hvp.copy()

    def _forward_along(self, v):
        """Fill the change of every pre-activation along v."""
        if not self.is_linear:
            self._linearise()
        np.copyto(self.v, v)
        self.matmul(self.first.v.mT, self.first.inputs, self.first.r_z)
        for under, layer in self.up:
            layer.below[..., -layer.v.shape[-2] :, :] = layer.v
            np.multiply(under.slope, under.r_z, layer.r_inputs)
            self.matmul(layer.below.mT, layer.both_inputs, layer.r_z)

    def _linearise(self):
        """Fill what products at one theta have in common."""
        for layer in self.layers[1:]:
            layer.below[..., : layer.core.shape[-2], :] = layer.core
            layer.beside[..., : layer.core.shape[-1]] = layer.core
        for layer in self.layers[:-1]:
            layer.bend = self.activation.bend(layer.z, layer.a, layer.slope, layer.bend)
            layer.bend *= layer.back
        self.curvature = self.loss.curvature(self.last.z, self.last.a, self.y)
        self.is_linear = True


def _filling(function):
    """The function as one that fills its second argument; numpy's own do so as they are."""
    if isinstance(function, np.ufunc):
        return function

    def fill(z, out):
        out[...] = function(z)

    return fill
