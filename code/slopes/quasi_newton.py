"""Newton's method with a Hessian that is put together from the gradients seen on the way."""

from dataclasses import dataclass

import numpy as np

from slopes.checks import positive


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
        return step, (b, step, at.grad, state is None)


def _first(at, step_size):
    eps = np.asarray(step_size)[..., None, None]
    return eps * np.eye(at.x.shape[-1])


def _corrected(at, b, s, old_grad, was_first):
    y = at.grad - old_grad
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
