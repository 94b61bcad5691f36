"""Long runs with something measured on the way: the sharpness, or the loss on all examples while steps see a few."""

from typing import NamedTuple

import numpy as np

from slopes.checks import generator
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


def on_batches(rule, network, x, y, theta, *, size, steps, every, rng):
    """The loss on all examples at theta and after every `every` steps, each step on `size` examples drawn anew.

    The rule carries its state from batch to batch. theta: (n,). Returns (1 + steps // every,); infinite from
    where the run leaves the finite numbers.
    """
    if not 1 <= size <= len(x):
        raise ValueError(f"size must be from 1 to the {len(x)} examples that there are, got {size}")
    if not (every >= 1 and steps >= every):
        raise ValueError(f"every must be from 1 to steps = {steps}, got {every}")
    generator(rng)
    (x, y), theta = network._batch(x, y), np.asarray(theta, float)
    if theta.shape != (network.n_params,):
        raise ValueError(f"theta must be one vector of parameters, ({network.n_params},), got shape {theta.shape}")
    whole, state = network.objective(x, y), None
    values = np.full(1 + steps // every, np.inf)
    values[0] = whole.value(theta)
    with np.errstate(all="ignore"):
        for n in range(steps):
            chosen = rng.choice(len(x), size, replace=False)
            at = network.objective(x[chosen], y[chosen]).at(theta)
            step, state = rule.step(at, rule.start(at) if n == 0 else state)
            theta = theta + step
            if not np.all(np.abs(theta) < 1e12):
                break
            if (n + 1) % every == 0:
                values[(n + 1) // every] = whole.value(theta)
    return values
