"""Newton's method with a Hessian that is put together from the gradients seen on the way.

Both rules learn from the step that was really taken, so they may stand inside Backtracking.
"""

from dataclasses import dataclass

import numpy as np

from slopes.checks import positive, whole


@dataclass(frozen=True)
class BFGS:
    """x <- x - B g, with B corrected after each step so that it maps the change of g to the change of x.

    step_size: eps > 0 of the first step, eps g, in units of [x]^2/[f]; the later steps have none.
    There is no line search, so it is for smooth convex functions, from a start that is not far off.
    A correction that would make B lose its positive eigenvalues is left out.
    Source: J. Nocedal and S. J. Wright, Numerical Optimization, 2nd ed., Springer 2006, eqs 6.17 and 6.20.
    """

    step_size: float

    def __post_init__(self):
        positive("step_size", self.step_size)

    def start(self, at):
        return None

    def step(self, at, state):
        if not at.objective.point_shape:
            raise TypeError(f"BFGS keeps a matrix, and {at.objective.name} has one variable: use Newton, or a secant")
        b = _first(at, self.step_size) if state is None else _corrected(at, *state)
        step = -_times(b, at.grad)
        return step, (b, at.x, at.grad, state is None)


@dataclass(frozen=True)
class LBFGS:
    """x <- x - B g, with the product B g made of the last `memory` pairs of a step and its change of g.

    step_size: eps > 0 of the first step, in units of [x]^2/[f]. memory: m pairs, 2 m n numbers in place of
    BFGS's n^2. A pair without positive curvature is left out. A step of no curvature yet is eps g.
    Source: J. Nocedal, Math. Comp. 35 (1980) 773-782, doi:10.1090/S0025-5718-1980-0572855-7; algorithm
    7.4 of J. Nocedal and S. J. Wright, Numerical Optimization, 2nd ed., 2006.
    """

    step_size: float
    memory: int = 10

    def __post_init__(self):
        positive("step_size", self.step_size)
        whole("memory", self.memory)

    def start(self, at):
        if not at.objective.point_shape:
            raise TypeError(f"LBFGS is for several variables, and {at.objective.name} has one: use Newton, or a secant")
        return ()

    def step(self, at, state):
        pairs, scale = (), at.per_point(self.step_size)
        if state:
            old_x, old_grad, pairs, scale = state
            s, y = at.x - old_x, at.grad - old_grad
            sy, yy = _dot(s, y), _dot(y, y)
            least = np.finfo(sy.dtype).tiny  # a curvature below this has no inverse
            seen = (sy > least) & (yy > least)
            pairs = (*pairs, (s, y, np.where(seen, 1.0 / np.where(seen, sy, 1.0), 0.0)))[-int(self.memory) :]
            scale = np.where(seen, sy / np.where(seen, yy, 1.0), scale)
        return -_product(pairs, scale, at.grad), (at.x, at.grad, pairs, scale)


def _product(pairs, scale, g):
    """B g by two loops over the pairs (s, y, 1/s·y), newest first and then oldest first."""
    shares = []
    for s, y, inverse in reversed(pairs):
        shares.append(inverse * _dot(s, g))
        g = g - shares[-1] * y
    g = scale * g
    for (s, y, inverse), share in zip(pairs, reversed(shares)):
        g = g + (share - inverse * _dot(y, g)) * s
    return g


def _dot(a, b):
    return np.vecdot(a, b)[..., None]


def _first(at, step_size):
    return at.per_point(step_size)[..., None] * np.eye(at.x.shape[-1], dtype=at.x.dtype)


def _corrected(at, b, old_x, old_grad, was_first):
    s, y = at.x - old_x, at.grad - old_grad  # the step that was taken: a line search may have cut it short
    sy, yy = np.vecdot(s, y)[..., None, None], np.vecdot(y, y)[..., None, None]
    n, useful = s.shape[-1], sy > 0
    sy = np.where(useful, sy, 1.0)
    if was_first:  # the first B was a guess at eps; now one curvature is known
        b = np.where(useful, sy / np.where(yy > 0, yy, 1.0) * np.eye(n), b)
    left = np.eye(n) - s[..., :, None] * y[..., None, :] / sy
    new = left @ b @ np.swapaxes(left, -1, -2) + s[..., :, None] * s[..., None, :] / sy
    return np.where(useful, new, b)


def _times(b, g):
    return (b @ g[..., None])[..., 0]
