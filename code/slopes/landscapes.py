"""Functions with more than one stationary point, and what kind of point each of them is."""

from enum import IntEnum

import numpy as np

from slopes import symmetric
from slopes.objectives import Objective


class Kind(IntEnum):
    """What a point is: a stationary point by the signs of its Hessian's eigenvalues, or not stationary."""

    MINIMUM = 0
    SADDLE = 1
    MAXIMUM = 2
    DEGENERATE = 3
    NOT_STATIONARY = 4

    @property
    def words(self):
        return self.name.lower().replace("_", " ")


def kind_of(objective, x, tolerance=1e-6):
    """The `Kind` of the points x, an array of integers of shape (...).

    tolerance: the largest gradient norm of a stationary point, in units of [f]/[x]; a number, or one for
    each point. A stationary point is degenerate where an eigenvalue is 0 up to its rounding.
    """
    at = objective.at(x)
    curvatures = symmetric.eigenvalues(at.hess) if objective.point_shape else at.hess[..., None]
    size = np.max(np.abs(curvatures), axis=-1, keepdims=True)
    flat = ~np.all(np.abs(curvatures) > 1e-12 * size, axis=-1)  # also where a curvature is no number
    down, up = np.all(curvatures < 0, axis=-1), np.all(curvatures > 0, axis=-1)
    named = np.select([flat, up, down], [Kind.DEGENERATE, Kind.MINIMUM, Kind.MAXIMUM], Kind.SADDLE)
    return np.where(at.grad_norm <= tolerance, named, Kind.NOT_STATIONARY)


def wave():
    """f(x) = x cos(0.15 pi x): minima and maxima in turn, the deeper the further out."""
    a = 0.15 * np.pi
    return Objective(
        "x cos(0.15πx)",
        lambda x: x * np.cos(a * x),
        lambda x: np.cos(a * x) - a * x * np.sin(a * x),
        lambda x: -2.0 * a * np.sin(a * x) - a * a * x * np.cos(a * x),
    )


def himmelblau():
    """f(x) = (x1^2 + x2 - 11)^2 + (x1 + x2^2 - 7)^2: four minima with f = 0, four saddles, one maximum.

    Source: D. M. Himmelblau, Applied Nonlinear Programming, McGraw-Hill 1972.
    """
    def parts(x):
        a, b = x[..., 0], x[..., 1]
        return a, b, a * a + b - 11.0, a + b * b - 7.0

    def value(x):
        _, _, u, v = parts(x)
        return u * u + v * v

    def grad(x):
        a, b, u, v = parts(x)
        return np.stack([4.0 * a * u + 2.0 * v, 2.0 * u + 4.0 * b * v], axis=-1)

    def hess(x):
        a, b, u, v = parts(x)
        cross = 4.0 * (a + b)
        return np.stack([8.0 * a * a + 4.0 * u + 2.0, cross, cross, 8.0 * b * b + 4.0 * v + 2.0],
                        axis=-1).reshape(x.shape + (2,))

    return Objective("Himmelblau's function", value, grad, hess, point_shape=(2,))
