"""A long run, with the sharpness of the objective measured on the way."""

from typing import NamedTuple

import numpy as np

from slopes.curvature import largest_eigenvalue
from slopes.optimizers import run


class Sharpness(NamedTuple):
    """steps: (t,), how many steps had been taken. sharpness: (t,), the largest eigenvalue of the
    Hessian there, in units of [f]/[x]^2. value: (t,), of the objective."""

    steps: np.ndarray
    sharpness: np.ndarray
    value: np.ndarray


def sharpness_along(rule, objective, x0, steps, every, *, rng=None):
    """The sharpness at x0 and after every `every` steps of a rule without memory, such as gradient descent.

    x0: one point, (n,). The objective must know its Hessian, or its products. Raises ValueError where a
    run leaves the finite numbers, because a sharpness there means nothing.
    """
    if not (every >= 1 and steps >= every and steps % every == 0):
        raise ValueError(f"steps must be a multiple of every, got steps={steps} and every={every}")
    x = objective.points(x0)
    if rule.start(objective.at(x)) is not None:
        raise TypeError(f"{rule} has a memory that would be lost at every measurement: give a rule without one")
    vector = (rng or np.random.default_rng(0)).standard_normal(x.shape)
    taken, rows = np.arange(0, steps + 1, every), []
    for n in taken:
        if n:
            path = run(rule, objective, x, every, keep="last")
            x = path.last
            if path.diverged:
                raise ValueError(f"the run diverges within {n} steps: take a smaller step size")
        top = largest_eigenvalue(lambda v: objective.hvp(x, v), vector)
        if not top.converged:
            raise ValueError(f"the sharpness after {n} steps did not settle in {top.products} products; its residual "
                             f"is {top.residual:.1e}: measure it with curvature.largest_eigenvalue and more products")
        vector = top.vector
        rows.append((top.value, objective.value(x)))
    return Sharpness(taken, *np.transpose(rows))
