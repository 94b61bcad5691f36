"""Activation functions: value, derivatives, logarithm of the slope, and the law of each tail.

Every function here takes an array of any shape, works in the precision of that array, and stays
finite and silent for arguments up to 1e150 (1e18 in single precision). At the kink of a rectifier the derivative is the
left one.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from slopes import errorfunction

LAWS = ("zero", "constant", "polynomial", "exponential", "gaussian")


@dataclass(frozen=True)
class Tail:
    """How the size of the derivative behaves far out, as r = |x| grows.

    law: "gaussian", scale r^power exp(-rate r^2); "exponential", scale r^power exp(-rate r); "polynomial",
    scale r^-rate; "constant", scale; or "zero". rate: per unit of x (or of x^2), or the power of a
    polynomial law; 0 for the last two.
    """

    law: str
    rate: float = 0.0
    scale: float = 0.0
    power: float = 0.0

    def log_slope(self, r):
        """The logarithm of the size of the derivative at distance r > 0, as the law says."""
        if self.law == "zero":
            return np.full_like(r, -np.inf, dtype=float)
        falls = {"gaussian": self.rate * r * r, "exponential": self.rate * r, "polynomial": self.rate * np.log(r), "constant": 0.0 * r}
        return math.log(self.scale) + self.power * np.log(r) - falls[self.law]


@dataclass(frozen=True)
class Activation:
    """A function of one real variable, applied unit by unit.

    value, deriv, second: the function and its first two derivatives. log_deriv: the logarithm of
    the size of the derivative, right where the derivative itself underflows, and -inf where it is 0.
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


def _arctan_log_deriv(x):
    """-ln(1 + x^2) without x^2, which overflows: 1 + r^2 is r^2 (1 + r^-2)."""
    far = np.maximum(np.abs(x), 1.0)
    near = np.minimum(np.abs(x), 1.0 / far)
    return -2.0 * np.log(far) - np.log1p(near * near)


arctan = Activation(
    "arctan",
    value=np.arctan,
    deriv=lambda x: 1.0 / (1.0 + x * x),
    second=lambda x: -2.0 * x / (1.0 + x * x) / (1.0 + x * x),
    log_deriv=_arctan_log_deriv,
    left=Tail("polynomial", rate=2.0, scale=1.0),
    right=Tail("polynomial", rate=2.0, scale=1.0),
)

softsign = Activation(
    "softsign",
    value=lambda x: x / (1.0 + np.abs(x)),
    deriv=lambda x: (1.0 + np.abs(x)) ** -2.0,
    second=lambda x: -2.0 * np.sign(x) * (1.0 + np.abs(x)) ** -3.0,
    log_deriv=lambda x: -2.0 * np.log1p(np.abs(x)),
    left=Tail("polynomial", rate=2.0, scale=1.0),
    right=Tail("polynomial", rate=2.0, scale=1.0),
)


def _log_sigmoid(x):
    return np.minimum(x, 0.0) - np.log1p(np.exp(-np.abs(x)))


softplus = Activation(
    "softplus",
    value=lambda x: np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x))),
    deriv=_sigmoid,
    second=_sigmoid_deriv,
    log_deriv=_log_sigmoid,
    left=Tail("exponential", rate=1.0, scale=1.0),
    right=Tail("constant", scale=1.0),
)


def elu(alpha=1.0):
    """x above 0 and alpha (exp(x) - 1) below, for alpha > 0.

    Source: D.-A. Clevert, T. Unterthiner, S. Hochreiter, ICLR 2016, doi:10.48550/arXiv.1511.07289.
    """
    if not 0.0 < alpha < math.inf:
        raise ValueError(f"alpha must be positive, got {alpha}: for 0 take relu")
    below = lambda x: np.exp(np.minimum(x, 0.0))
    side = _step(0.0, 1.0)
    return Activation(
        "elu" if alpha == 1.0 else f"elu({alpha:g})",
        value=lambda x: np.maximum(x, 0.0) + alpha * np.expm1(np.minimum(x, 0.0)),
        deriv=lambda x: np.where(np.greater(x, 0), side(x), alpha * below(x)),
        second=lambda x: np.where(np.greater(x, 0), 0.0 * side(x), alpha * below(x)),
        log_deriv=lambda x: np.where(np.greater(x, 0), 0.0 * side(x), math.log(alpha) + np.minimum(x, 0.0)),
        left=Tail("exponential", rate=1.0, scale=alpha),
        right=Tail("constant", scale=1.0),
    )


# Two that are not monotone: their derivative is negative far to the left, and 0 at one point.

silu = Activation(
    "silu",
    value=lambda x: x * _sigmoid(x),
    deriv=lambda x: _sigmoid(x) * (1.0 + x * _sigmoid(-x)),
    second=lambda x: _sigmoid_deriv(x) * (2.0 - x * np.tanh(0.5 * x)),
    log_deriv=lambda x: _log_sigmoid(x) + _log(np.abs(1.0 + x * _sigmoid(-x))),
    left=Tail("exponential", rate=1.0, scale=1.0, power=1.0),
    right=Tail("constant", scale=1.0),
)


def _log(x):
    return np.where(np.equal(x, 0), -np.inf, np.log(np.where(np.equal(x, 0), 1.0, x)))


def _gelu_log_deriv(x):
    """In the left tail the derivative is the density times (Mills' ratio - r), and only the density underflows."""
    r = np.abs(x)
    below = -0.5 * x * x - 0.5 * math.log(2.0 * math.pi) + _log(np.abs(errorfunction.mills(r) - r))
    above = errorfunction.distribution(r) + r * errorfunction.density(r)
    return np.where(np.less(x, 0), below, np.log(above))


def _in_its_precision(function):
    """The function in double precision, its result in the precision of its argument."""
    def precise(x):
        x = np.asarray(x)
        kind = np.result_type(x, np.float32)
        return np.asarray(function(x.astype(float)), kind)[()]

    return precise


gelu = Activation(
    "gelu",
    value=_in_its_precision(lambda x: x * errorfunction.distribution(x)),
    deriv=_in_its_precision(lambda x: errorfunction.distribution(x) + x * errorfunction.density(x)),
    second=_in_its_precision(lambda x: (2.0 - x * x) * errorfunction.density(x)),
    log_deriv=_in_its_precision(_gelu_log_deriv),
    left=Tail("gaussian", rate=0.5, scale=1.0 / math.sqrt(2.0 * math.pi), power=1.0),
    right=Tail("constant", scale=1.0),
)


def rescaled(activation, inside, outside, name=None):
    """The function outside * f(inside * x), for two positive factors: the same activation in other units."""
    if not (0 < inside < math.inf and 0 < outside < math.inf):
        raise ValueError(f"both factors must be positive and finite, got inside={inside} and outside={outside}")
    f, steep = get(activation), inside * outside

    def tail(law):
        per = {"gaussian": inside**2, "exponential": inside}.get(law.law, 1.0)
        size = inside ** (law.power - (law.rate if law.law == "polynomial" else 0.0))
        return Tail(law.law, law.rate * per, steep * size * law.scale, law.power)

    return Activation(
        name or f"{outside:g} {f.name}({inside:g} x)",
        value=lambda x: outside * f.value(inside * x),
        deriv=lambda x: steep * f.deriv(inside * x),
        second=lambda x: steep * inside * f.second(inside * x),
        log_deriv=lambda x: math.log(steep) + f.log_deriv(inside * x),
        left=tail(f.left),
        right=tail(f.right),
    )


ACTIVATIONS = {f.name: f for f in (identity, sigmoid, tanh, arctan, softsign, softplus, relu)}
ACTIVATIONS |= {"leaky_relu": leaky_relu(), "elu": elu(), "gelu": gelu, "silu": silu}


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


# 1.7159 tanh(2x/3) takes 1 to 1 and -1 to -1. Source: Y. LeCun, L. Bottou, G. Orr, K.-R. Müller, Efficient BackProp,
# in Neural Networks: Tricks of the Trade, Springer 1998, section 4.4.
lecun_tanh = ACTIVATIONS["lecun_tanh"] = rescaled(tanh, 2.0 / 3.0, 1.7159, "lecun_tanh")
