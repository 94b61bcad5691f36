"""Rules that scale each step by the gradients they have seen.

`stabilizer` is the small number that each source adds to a denominator. It is in units of a slope,
[f]/[x] (in AdaDelta see there), so it is not small in every system of units. All work coordinate by
coordinate, but for the normalised gradient.
"""

from dataclasses import dataclass

import numpy as np

from slopes.checks import positive


@dataclass(frozen=True)
class NormalizedGradient:
    """x <- x - eps g/|g|: a step of length eps against the gradient. At a gradient of 0 it stays.

    step_size: eps > 0, a length, in units of [x]; a number or a batch of them.
    Source: N. Z. Shor, Minimization Methods for Non-Differentiable Functions, Springer 1985.
    """

    step_size: float

    def __post_init__(self):
        positive("step_size", self.step_size)

    def start(self, at):
        return None

    def step(self, at, state):
        eps = at.per_point(self.step_size)
        norm = at.per_point(np.where(at.grad_norm == 0, 1.0, at.grad_norm))
        return -eps * at.grad / norm, None


@dataclass(frozen=True)
class AdaGrad:
    """s <- s + g^2, x <- x - eps g/(sqrt s + stabilizer).

    step_size: eps > 0, in units of [x]. Its steps shrink as the sum s grows.
    Source: J. Duchi, E. Hazan and Y. Singer, J. Mach. Learn. Res. 12 (2011) 2121-2159.
    """

    step_size: float
    stabilizer: float = 1e-10

    def __post_init__(self):
        _check(self)

    def start(self, at):
        return np.zeros_like(at.x)

    def step(self, at, s):
        eps, s = at.per_point(self.step_size), s + at.grad * at.grad
        return -eps * at.grad / (np.sqrt(s) + self.stabilizer), s


@dataclass(frozen=True)
class RMSProp:
    """s <- decay s + (1 - decay) g^2, x <- x - eps g/(sqrt s + stabilizer).

    step_size: eps > 0, in units of [x]. decay: at least 0 and below 1.
    Source: T. Tieleman and G. Hinton, lecture 6.5 of Neural Networks for Machine Learning, 2012.
    """

    step_size: float
    decay: float = 0.9
    stabilizer: float = 1e-8

    def __post_init__(self):
        _check(self, "decay")

    def start(self, at):
        return np.zeros_like(at.x)

    def step(self, at, s):
        eps, s = at.per_point(self.step_size), _mean(self.decay, s, at.grad * at.grad)
        return -eps * at.grad / (np.sqrt(s) + self.stabilizer), s


@dataclass(frozen=True)
class Adam:
    """m, s <- running means of g and of g^2, both divided by what they lack; x <- x - eps m/(sqrt s + stabilizer).

    step_size: eps > 0, in units of [x]. beta1, beta2: the decays of the two means, at least 0, below 1.
    Source: D. P. Kingma and J. Ba, ICLR 2015, arXiv:1412.6980, algorithm 1.
    """

    step_size: float
    beta1: float = 0.9
    beta2: float = 0.999
    stabilizer: float = 1e-8

    def __post_init__(self):
        _check(self, "beta1", "beta2")

    def start(self, at):
        return 0, np.zeros_like(at.x), np.zeros_like(at.x)

    def step(self, at, state):
        t, mean, square = state
        t, mean, square = t + 1, _mean(self.beta1, mean, at.grad), _mean(self.beta2, square, at.grad * at.grad)
        m, s = mean / (1.0 - self.beta1**t), square / (1.0 - self.beta2**t)
        eps = at.per_point(self.step_size)
        return -eps * m / (np.sqrt(s) + self.stabilizer), (t, mean, square)


@dataclass(frozen=True)
class AdaDelta:
    """x <- x - d with d = g sqrt(u + stabilizer)/sqrt(s + stabilizer), u and s running means of d^2 and g^2.

    It has no step size. Its stabilizer stands in two places, beside [x]^2 and beside ([f]/[x])^2, and
    the first step, about sqrt(stabilizer/(1 - decay)) in every coordinate, is made of nothing else.
    Source: M. D. Zeiler, arXiv:1212.5701 (2012), algorithm 1.
    """

    decay: float = 0.95
    stabilizer: float = 1e-6

    def __post_init__(self):
        _check(self, "decay")

    def start(self, at):
        return np.zeros_like(at.x), np.zeros_like(at.x)

    def step(self, at, state):
        u, s = state
        s = _mean(self.decay, s, at.grad * at.grad)
        d = np.sqrt(u + self.stabilizer) / np.sqrt(s + self.stabilizer) * at.grad
        return -d, (_mean(self.decay, u, d * d), s)


def _mean(decay, old, new):
    return decay * old + (1.0 - decay) * new


def _check(rule, *decays):
    if hasattr(rule, "step_size"):
        positive("step_size", rule.step_size)
    positive("stabilizer", rule.stabilizer)
    for name in decays:
        decay = getattr(rule, name)
        if not (np.ndim(decay) == 0 and 0 <= decay < 1):
            raise ValueError(f"{name} must be one number, at least 0 and below 1, got {decay}")
