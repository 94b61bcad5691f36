"""What a wide random network does to a signal and to a gradient, layer by layer, in the limit of infinite width.

Weights are N(0, sigma_w^2 / fan_in) and biases N(0, sigma_b^2). Then a pre-activation is normal with a
variance q that one layer maps to the next, and the mean square of a gradient is multiplied by chi on its
way back through a layer. Source: B. Poole et al., NeurIPS 2016, doi:10.48550/arXiv.1606.05340, and
S. S. Schoenholz et al., ICLR 2017, doi:10.48550/arXiv.1611.01232.
All functions broadcast over q, sigma_w and sigma_b.
"""

import numpy as np

from slopes.activations import get
from slopes.checks import whole
from slopes.search import bisect

_CELLS, _REACH = 800, 10.0
_GROWN, _GONE, _EXTRAPOLATED = 1e9, 1e-12, 200  # a variance without end, one of 0, and how often its limit is extrapolated
_FINE = 1e-3  # z = fine sinh(u) has small cells near 0, where sqrt(q) z of a large q turns a bounded unit over
_EDGES = np.linspace(-1.0, 1.0, _CELLS + 1) * np.arcsinh(_REACH / _FINE)
_MIDDLES = 0.5 * (_EDGES[1:] + _EDGES[:-1])  # no node at 0, where rectifiers have their kink
_NODES = _FINE * np.sinh(_MIDDLES)
_WEIGHTS = np.exp(-0.5 * _NODES**2) * np.cosh(_MIDDLES)
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
    layers, found = whole("layers", layers), [np.asarray(q, float)]
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(layers - 1):
            found.append(variance_map(activation, found[-1], sigma_w, sigma_b))
    return np.stack(np.broadcast_arrays(*found))


def fixed_point(activation, sigma_w, sigma_b=0.0, *, q=1.0, tolerance=1e-10, most=500):
    """The variance that no layer changes any more, reached from q; inf where it grows beyond 1e9, 0 where it vanishes.

    tolerance: the change by one layer at which it counts as reached, as a share of the variance. Where `most`
    layers do not reach it, as at the edge of chaos, it is extrapolated; raises ValueError where that fails.
    """
    q, going = _settled(activation, sigma_w, sigma_b, q, tolerance, most)
    if np.any(going):
        raise ValueError(f"the variance of {np.sum(going)} of {np.size(q)} networks has not settled after {most} layers: they are too near "
                         "the edge of chaos; take another sigma_w, or raise most")
    return q


def _settled(activation, sigma_w, sigma_b, q, tolerance, most):
    """The variance after layers enough, and whether it still changes."""
    shape = np.broadcast_shapes(np.shape(sigma_w), np.shape(sigma_b), np.shape(q))
    q, sigma_w, sigma_b = (np.broadcast_to(a, shape).astype(float).ravel() for a in (q, sigma_w, sigma_b))
    changing = np.ones(q.size, bool)
    for n in range(most + _EXTRAPOLATED):
        (going,) = np.nonzero(changing)
        if not going.size:
            break
        layer = lambda v: variance_map(activation, v, sigma_w[going], sigma_b[going])
        before, after = q[going], layer(q[going])
        still = np.abs(after - before) <= 1e-12 * after  # no more than rounding is left to extrapolate from
        found = after if n < most else np.where(still, after, _extrapolated(before, after, layer(after)))
        settled = still | (np.abs(found - before) <= tolerance * found)
        grown, gone = (found >= _GROWN) & (found > before), (found <= _GONE) & (found < before) & (sigma_b[going] == 0)
        q[going], changing[going] = np.where(grown, np.inf, np.where(gone, 0.0, found)), ~(settled | grown | gone)
    return q.reshape(shape)[()], changing.reshape(shape)[()]


def _extrapolated(first, second, third):
    """Aitken's limit of a sequence whose changes shrink by the same factor; twice its first member where they grow, and at least half of it."""
    change, next_change = second - first, third - second
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = next_change / change
        limit = np.where(factor < 1.0 - 1e-9, first + change / (1.0 - factor), np.where(change > 0, 2.0 * first, 0.0))
    return np.where(change == 0.0, first, np.maximum(limit, 0.5 * first))


def depth_scale(chi):
    """The number of layers over which the mean square of a gradient changes by a factor e, 1/|ln chi|; inf at chi = 1."""
    with np.errstate(divide="ignore"):
        return 1.0 / np.abs(np.log(chi))


def critical_sigma_w(activation, sigma_b=0.0, *, low=0.1, high=10.0):
    """The sigma_w at which chi = 1 at the fixed point, between low and high: the edge of chaos.

    There a gradient neither vanishes nor explodes. sigma_b: (...), at least 0. Returns (...).
    """
    def ordered(sigma_w):
        q = np.minimum(_settled(activation, sigma_w, sigma_b, 1.0, 1e-10, 500)[0], _GROWN)
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


def _scale(name, sigma):
    a = np.asarray(sigma, float)
    if not np.all((a >= 0) & np.isfinite(a)):
        raise ValueError(f"{name} is a standard deviation, at least 0 and finite, got {sigma}")
    return a
