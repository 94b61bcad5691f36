"""Activation functions: value, derivatives, logarithm of the slope, and the law of each tail.

Every function here takes an array of any shape, works in the precision of that array, and stays
finite and silent however large its argument is. At the kink of a rectifier the derivative is the
left one.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Tail:
    """How the derivative behaves far out, as |x| grows.

    law: "exponential", scale * exp(-rate |x|); "polynomial", scale * |x|**-rate; "constant", scale;
    or "zero". rate: per unit of x, or the power; 0 for the last two.
    """

    law: str
    rate: float = 0.0
    scale: float = 0.0


@dataclass(frozen=True)
class Activation:
    """A function of one real variable, applied unit by unit.

    value, deriv, second: the function and its first two derivatives. log_deriv: the logarithm of
    the derivative, right where the derivative itself underflows, and -inf where it is 0.
    left, right: the law of each tail. Where it is much faster, deriv_from_output(value, out) and
    second_from_output(value, derivative, out) also give the derivatives, to the rounding of 1 (so not to
    their own size in a tail); a number then stands for a constant.
    """

    name: str
    value: Callable
    deriv: Callable
    second: Callable
    log_deriv: Callable
    left: Tail
    right: Tail
    deriv_from_output: Callable | None = None
    second_from_output: Callable | None = None

    def slope(self, z, a, out=None):
        """The derivative at z, where the value is a, by the faster way; written into out if that saves time."""
        return self.deriv(z) if self.deriv_from_output is None else self.deriv_from_output(a, out)

    def bend(self, z, a, slope, out=None):
        """The second derivative at z, where the value is a and the derivative slope, by the faster way."""
        return self.second(z) if self.second_from_output is None else self.second_from_output(a, slope, out)


def _step(below, above):
    """A function that is `below` for x <= 0 and `above` for x > 0, in the precision of x."""
    return lambda x: np.where(np.greater(x, 0), above, below).astype(np.result_type(np.asarray(x), np.float32))[()]


identity = Activation(
    "identity",
    value=np.positive,
    deriv=_step(1.0, 1.0),
    second=_step(0.0, 0.0),
    log_deriv=_step(0.0, 0.0),
    left=Tail("constant", scale=1.0),
    right=Tail("constant", scale=1.0),
    deriv_from_output=lambda a, out=None: 1.0,
    second_from_output=lambda a, slope, out=None: 0.0,
)


# e = exp(-|x|) is at most 1, so nothing below can overflow, and neither tail cancels.


def _sigmoid(x):
    e = np.exp(-np.abs(x))
    return np.where(np.less(x, 0), e, 1.0) / (1.0 + e)


def _sigmoid_deriv(x):
    e = np.exp(-np.abs(x))
    return e / ((1.0 + e) * (1.0 + e))  # sigma(x) sigma(-x)


def _sigmoid_log_deriv(x):
    r = np.abs(x)
    return -r - 2.0 * np.log1p(np.exp(-r))


sigmoid = Activation(
    "sigmoid",
    value=_sigmoid,
    deriv=_sigmoid_deriv,
    second=lambda x: -np.tanh(0.5 * x) * _sigmoid_deriv(x),
    log_deriv=_sigmoid_log_deriv,
    left=Tail("exponential", rate=1.0, scale=1.0),
    right=Tail("exponential", rate=1.0, scale=1.0),
)

# tanh x = 2 sigma(2x) - 1


def _tanh_second(a, slope, out=None):
    out = np.multiply(a, slope, out)
    out *= -2.0
    return out


tanh = Activation(
    "tanh",
    value=np.tanh,
    deriv=lambda x: 4.0 * _sigmoid_deriv(2.0 * x),
    second=lambda x: -8.0 * np.tanh(x) * _sigmoid_deriv(2.0 * x),
    log_deriv=lambda x: math.log(4.0) + _sigmoid_log_deriv(2.0 * x),
    left=Tail("exponential", rate=2.0, scale=4.0),
    right=Tail("exponential", rate=2.0, scale=4.0),
    deriv_from_output=lambda a, out=None: np.subtract(1.0, np.multiply(a, a, out), out),
    second_from_output=_tanh_second,
)


def _rectifier(name, value, slope):
    return Activation(
        name,
        value,
        deriv=_step(slope, 1.0),
        second=_step(0.0, 0.0),
        log_deriv=_step(math.log(slope) if slope else -math.inf, 0.0),
        left=Tail("constant", scale=slope) if slope else Tail("zero"),
        right=Tail("constant", scale=1.0),
    )


relu = _rectifier("relu", lambda x: np.maximum(x, 0.0), 0.0)


def leaky_relu(slope=0.01):
    """x above 0 and slope * x below, for a slope between 0 and 1.

    Source: A. L. Maas, A. Y. Hannun, A. Y. Ng, ICML workshop on deep learning for audio, speech and
    language processing, 2013.
    """
    if not 0.0 < slope < 1.0:
        raise ValueError(f"slope must lie between 0 and 1, got {slope}: for 0 take relu, for 1 identity")
    return _rectifier(f"leaky_relu({slope:g})", lambda x: np.maximum(x, slope * x), slope)


ACTIVATIONS = {f.name: f for f in (identity, sigmoid, tanh, relu)} | {"leaky_relu": leaky_relu()}


def get(activation):
    """The activation of that name in `ACTIVATIONS`; an `Activation` is given back as it is."""
    if isinstance(activation, Activation):
        return activation
    if not isinstance(activation, str):
        raise TypeError(f"an activation is a name or an Activation, got {activation!r}: "
                        f"the names are {', '.join(ACTIVATIONS)}")
    if activation not in ACTIVATIONS:
        raise ValueError(f"there is no activation {activation!r}: the known ones are {', '.join(ACTIVATIONS)}; "
                         "give an Activation for any other")
    return ACTIVATIONS[activation]
