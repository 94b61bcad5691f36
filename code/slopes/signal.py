"""Random deep networks of three kinds, sampled: what each layer does to a signal on its way up and to a gradient on its way down.

"plain": h <- phi(z) with z = W h + b. "residual": h <- h + branch phi(z). "normalised": h <- phi of z with the
mean 0 and the mean square 1 over its units. Weights are N(0, sigma_w^2 / width), biases N(0, sigma_b^2).
"""

from dataclasses import dataclass

import numpy as np

from slopes.activations import get
from slopes.checks import generator, positive, whole

KINDS = ("plain", "residual", "normalised")


@dataclass(frozen=True)
class Trace:
    """What is seen in each of the layers of one sampled network, (layers,).

    size: the mean square of h. alike: the mean correlation of h between pairs of examples (without
    centring). grad: the mean square of the gradient by h, where that by the last h is drawn from N(0, 1).
    """

    size: np.ndarray
    alike: np.ndarray
    grad: np.ndarray


def sampled(kind, activation, x, layers, rng, *, sigma_w=1.0, sigma_b=0.0, branch=1.0):
    """Send the examples x up through a random network and random gradients down. Returns a `Trace`.

    x: (N, width), two or more. sigma_w, sigma_b: at least 0. branch: see above, of "residual" alone.
    A signal of size 0 has no correlation: alike is not a number there.
    """
    layers = whole("layers", layers)
    generator(rng)
    for name, size in (("sigma_w", sigma_w), ("sigma_b", sigma_b)):
        if not (np.ndim(size) == 0 and 0 <= size < np.inf):
            raise ValueError(f"{name} is a standard deviation, at least 0 and finite, got {size}")
    if kind not in KINDS:
        raise ValueError(f"there is no network {kind!r}: the known kinds are {', '.join(KINDS)}")
    x = np.asarray(x, float)
    if x.ndim != 2 or len(x) < 2 or not np.isfinite(x).all():
        raise ValueError(f"x must be two or more examples of finite numbers, (N, width), got shape {x.shape}")
    f, width = get(activation), x.shape[1]
    h, up, kept = x, [x], []
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for _ in range(layers):
            w = sigma_w / np.sqrt(width) * rng.standard_normal((width, width))
            z = h @ w + sigma_b * rng.standard_normal(width)
            spread = np.sqrt(z.var(axis=1, keepdims=True)) if kind == "normalised" else 1.0
            z = (z - z.mean(axis=1, keepdims=True)) / spread if kind == "normalised" else z
            h = h + branch * f.value(z) if kind == "residual" else f.value(z)
            up.append(h)
            kept.append((w, z, spread))
        down = [rng.standard_normal(x.shape)]
        for w, z, spread in reversed(kept):
            down.append(_back(kind, f, down[-1], w, z, spread, branch))
        size = np.array([np.mean(h * h) for h in up[1:]])
        return Trace(size, np.array([_alike(h) for h in up[1:]]), np.array([np.mean(g * g) for g in down[-2::-1]]))


def _back(kind, f, g, w, z, spread, branch):
    by_z = g * f.deriv(z)
    if kind == "normalised":
        by_z = (by_z - by_z.mean(axis=1, keepdims=True) - z * np.mean(by_z * z, axis=1, keepdims=True)) / spread
    return g + branch * by_z @ w.T if kind == "residual" else by_z @ w.T


def _alike(h):
    unit = h / np.linalg.norm(h, axis=1, keepdims=True)
    n = len(h)
    return (np.sum(unit.sum(axis=0) ** 2) - n) / (n * (n - 1))


def dead_share(width, layers, networks, rng, *, slope=0.0):
    """The share of random ReLU networks without biases that are dead for a random input: one layer passes on nothing.

    slope: of a leaky ReLU below 0, from 0 to 1; then none is dead in the strict sense, and the share is of those in
    which every path has lost a factor `slope` in some layer. It does not depend on the slope: a leak is no cure.
    """
    width, layers, networks = whole("width", width), whole("layers", layers), whole("networks", networks)
    generator(rng)
    if not 0 <= slope < 1:
        raise ValueError(f"slope must be at least 0 and below 1, got {slope}: 0 is a ReLU")
    h = rng.standard_normal((networks, width))
    dead = np.zeros(networks, bool)
    for _ in range(layers):
        w = rng.standard_normal((networks, width, width))
        z = np.einsum("nij,nj->ni", w, h)
        dead |= ~np.any(z > 0, axis=1)
        h = np.maximum(z, slope * z)
        h = h / np.maximum(np.linalg.norm(h, axis=1, keepdims=True), 1e-300)
    return float(dead.mean())


def dead_probability(width, layers):
    """1 - (1 - 2^-width)^layers: each unit is below 0 with probability 1/2, and a layer is dead when all of them are.

    width, layers: positive, numbers or arrays. Exact for one random input and no biases; the probability of being
    dead for every input is at most that.
    Source: L. Lu, Y. Shin, Y. Su, G. E. Karniadakis, Commun. Comput. Phys. 28 (2020) 1671-1706,
    doi:10.4208/cicp.OA-2020-0165.
    """
    width, layers = positive("width", width), positive("layers", layers)
    return -np.expm1(layers * np.log1p(-(2.0**-width)))
