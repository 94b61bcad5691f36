"""What a wide random network does to a signal and to a gradient, layer by layer, in the limit of infinite width.

Weights are N(0, sigma_w^2 / fan_in) and biases N(0, sigma_b^2). Then a pre-activation is normal with a
variance q that one layer maps to the next, and the mean square of a gradient is multiplied by chi on its
way back through a layer. Source: B. Poole et al., NeurIPS 2016, doi:10.48550/arXiv.1606.05340, and
S. S. Schoenholz et al., ICLR 2017, doi:10.48550/arXiv.1611.01232.
All functions broadcast over q, sigma_w and sigma_b.
"""

import numpy as np

from slopes.activations import get
from slopes.search import bisect

_CELLS, _REACH, _GROWN = 800, 10.0, 1e12
_EDGES = np.linspace(-_REACH, _REACH, _CELLS + 1)
_NODES = 0.5 * (_EDGES[1:] + _EDGES[:-1])  # no node at 0, where rectifiers have their kink
_WEIGHTS = np.exp(-0.5 * _NODES**2)
_WEIGHTS /= _WEIGHTS.sum()


def mean(function, q):
    """E f(sqrt(q) z) for a standard normal z, by the midpoint rule. q: (...), at least 0. Returns (...)."""
    q = np.asarray(q, float)
    if np.any(q < 0):
        raise ValueError(f"a variance is at least 0, got {q.min()}")
    return function(np.sqrt(q)[..., None] * _NODES) @ _WEIGHTS


def variance_map(activation, q, sigma_w, sigma_b=0.0):
    """sigma_w^2 E phi^2 + sigma_b^2, the variance of the next layer's pre-activations where this layer's is q."""
    f = get(activation)
    return np.square(_scale("sigma_w", sigma_w)) * mean(lambda z: np.square(f.value(z)), q) + np.square(_scale("sigma_b", sigma_b))


def chi(activation, q, sigma_w):
    """sigma_w^2 E phi'^2, by which the mean square of a gradient is multiplied on its way back through a layer."""
    f = get(activation)
    return np.square(_scale("sigma_w", sigma_w)) * mean(lambda z: np.square(f.deriv(z)), q)


def variances(activation, q, sigma_w, sigma_b=0.0, layers=20):
    """The variance of the pre-activations of each of `layers` layers, (layers, ...), the first being q."""
    found = [np.asarray(q, float)]
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(layers - 1):
            found.append(variance_map(activation, found[-1], sigma_w, sigma_b))
    return np.stack(np.broadcast_arrays(*found))


def fixed_point(activation, sigma_w, sigma_b=0.0, *, q=1.0, tolerance=1e-10, most=2000):
    """The variance that no layer changes any more, reached from q; inf where it grows without end.

    tolerance: the change by one layer at which it counts as reached, as a share of the variance.
    """
    shape = np.broadcast_shapes(np.shape(sigma_w), np.shape(sigma_b), np.shape(q))
    q, sigma_w, sigma_b = (np.broadcast_to(a, shape).astype(float).ravel() for a in (q, sigma_w, sigma_b))
    going = np.arange(q.size)
    for _ in range(most):
        after = variance_map(activation, q[going], sigma_w[going], sigma_b[going])
        change = np.abs(after - q[going])
        q[going] = after
        going = going[(change > tolerance * after) & (after < _GROWN) & (after > 1.0 / _GROWN)]
        if not going.size:
            break
    return np.where(q >= _GROWN, np.inf, q).reshape(shape)[()]


def depth_scale(chi):
    """The number of layers over which the mean square of a gradient changes by a factor e, 1/|ln chi|; inf at chi = 1."""
    with np.errstate(divide="ignore"):
        return 1.0 / np.abs(np.log(chi))


def critical_sigma_w(activation, sigma_b=0.0, *, low=0.1, high=10.0):
    """The sigma_w at which chi = 1 at the fixed point, between low and high: the edge of chaos.

    There a gradient neither vanishes nor explodes. sigma_b: (...), at least 0. Returns (...).
    """
    def ordered(sigma_w):
        q = np.minimum(fixed_point(activation, sigma_w, sigma_b), _GROWN)
        return chi(activation, q, sigma_w) < 1.0

    wide = np.zeros(np.shape(sigma_b))
    return bisect(ordered, low + wide, high + wide, tolerance=1e-9)[()]


def critical_line(activation, q):
    """The sigma_w and sigma_b for which q is a fixed point with chi = 1, the edge of chaos as a curve over q.

    q: (...), positive. Returns a pair of (...); sigma_b is not a number where no real one will do.
    """
    f = get(activation)
    square = 1.0 / mean(lambda z: np.square(f.deriv(z)), q)
    rest = q - square * mean(lambda z: np.square(f.value(z)), q)
    rest = np.where(np.abs(rest) < 1e-5 * np.asarray(q), 0.0, rest)  # the quadrature's own error
    return np.sqrt(square), np.sqrt(np.where(rest < 0, np.nan, rest))


def correlation_map(activation, c, q, sigma_w, sigma_b=0.0):
    """The correlation of the next layer's pre-activations for two inputs of equal variance q and correlation c."""
    f, c = get(activation), np.asarray(c, float)
    if np.any(np.abs(c) > 1):
        raise ValueError(f"a correlation lies between -1 and 1, got {c}")
    coarse = _NODES.reshape(-1, 4).mean(axis=1)
    weights = np.exp(-0.5 * coarse**2) / np.exp(-0.5 * coarse**2).sum()
    u = np.sqrt(q) * coarse
    v = np.sqrt(q) * (c[..., None, None] * coarse[:, None] + np.sqrt(1.0 - c * c)[..., None, None] * coarse)
    together = np.einsum("i,j,i,...ij->...", weights, weights, f.value(u), f.value(v))
    return (sigma_w**2 * together + sigma_b**2) / variance_map(activation, q, sigma_w, sigma_b)


def _scale(name, sigma):
    a = np.asarray(sigma, float)
    if not np.all((a >= 0) & np.isfinite(a)):
        raise ValueError(f"{name} is a standard deviation, at least 0 and finite, got {sigma}")
    return a
