"""K-FAC: the curvature of each layer as a Kronecker product of two small matrices."""

from copy import deepcopy
from dataclasses import dataclass

import numpy as np

from slopes.checks import positive, whole
from slopes.network import Network

_MEMORY = 0.95  # of the running means, which even out the drawn labels


@dataclass(frozen=True, eq=False)
class KFAC:
    """x <- x - alpha F^-1 g, where F holds for each layer A ⊗ G, and alpha is the best length along the step.

    A = mean (a, 1)(a, 1)' over the examples, of what comes into the layer, and G = mean d d', of the
    gradient by its pre-activations for labels *drawn* from the network's own outputs, as in the Fisher
    matrix. Both are damped in the proportion of their sizes, so that mu is added to their product.
    network, x: what the objective was made from; its labels are not used. damping: mu > 0, in units of [f]/[x]^2. renew: how
    many steps the factors are kept before new ones are made. seed: of the draws. alpha is g·p / p·(B + mu)p for the Gauss-Newton matrix B, one product a step.
    Source: J. Martens, R. Grosse, ICML 2015, doi:10.48550/arXiv.1503.05671, sections 2, 6.3 and 6.4.
    """

    network: Network
    x: np.ndarray
    damping: float = 1e-2
    renew: int = 1
    seed: int = 0

    def __post_init__(self):
        if positive("damping", self.damping).ndim:
            raise ValueError(f"damping must be one number, got shape {np.shape(self.damping)}: KFAC draws its labels and takes none")
        whole("renew", self.renew)
        if not isinstance(self.network, Network):
            raise TypeError(f"network must be a Network, got {self.network!r}")
        self.network._x(self.x)

    def start(self, at):
        if at.x.shape != (self.network.n_params,):
            raise ValueError(f"KFAC follows one start of shape ({self.network.n_params},), got shape {at.x.shape}")
        return np.random.default_rng(self.seed), None, 0

    def step(self, at, state):
        rng, means, taken = deepcopy(state[0]), *state[1:]  # so that one state gives one step, however often it is asked
        if taken % self.renew == 0:
            means = _mixed(means, self.factors(at.x, rng))
        step = -np.concatenate([self._solved(*factors, grad).ravel() for factors, grad in zip(means, self.network.weights(at.grad))])
        if not step.any():
            return step, (rng, means, taken + 1)
        curvature = step @ at.objective.gnvp(at.x, step) + self.damping * (step @ step)
        return -(at.grad @ step) / curvature * step, (rng, means, taken + 1)

    def factors(self, theta, rng):
        """(A, G) of each layer at theta, for labels drawn with rng. A: (fan_in + 1,)*2, G: (fan_out,)*2."""
        drawn = self.network.loss.draw(self.network.forward(theta, self.x).a[-1], rng)
        signals, n = self.network.backward(theta, self.x, drawn), len(self.x)
        inputs = [np.hstack([a, np.ones((n, 1))]) for a in signals.a[:-1]]
        return [(a.T @ a / n, n * d.T @ d) for a, d in zip(inputs, signals.delta)]

    def _solved(self, a, g, grad):
        root = np.sqrt(self.damping)
        pi = np.sqrt((np.trace(a) / len(a)) / max(np.trace(g) / len(g), 1e-30))
        left, right = a + pi * root * np.eye(len(a)), g + root / pi * np.eye(len(g))
        return np.linalg.solve(left, np.linalg.solve(right, grad.T).T)


def _mixed(means, fresh):
    if means is None:
        return fresh
    return [tuple(_MEMORY * old + (1 - _MEMORY) * new for old, new in zip(*pair)) for pair in zip(means, fresh)]
