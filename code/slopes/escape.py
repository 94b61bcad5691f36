"""How long it takes to leave a tail: a single unit, its cost, and the time to come back to the middle.

Distances r are from the middle, and every unit here starts at some r > 0 and has to come to 0.
"""

import numpy as np

from slopes.activations import get, sigmoid, softplus
from slopes.checks import positive
from slopes.objectives import Objective
from slopes.optimizers import GradientDescent, run

_PANELS, _NODES, _WEIGHTS = 400, *np.polynomial.legendre.leggauss(20)


def raising(activation):
    """f(r) = -phi(-r): a unit at distance r on its left, whose output is to be raised. Its slope is phi'(-r)."""
    phi = get(activation)
    return Objective(f"raising {phi.name}", lambda r: -phi.value(-r), lambda r: phi.deriv(-r), lambda r: -phi.second(-r))


def squared():
    """f(z) = sigma(z)^2 / 2, the squared error of a sigmoid that should be 0."""
    def hess(z):
        s, slope = sigmoid.value(z), sigmoid.deriv(z)
        return slope * slope + s * sigmoid.second(z)

    return Objective("σ²/2", lambda z: 0.5 * sigmoid.value(z) ** 2, lambda z: sigmoid.value(z) * sigmoid.deriv(z), hess)


def entropy():
    """f(z) = -ln(1 - sigma(z)) = ln(1 + e^z), the cross-entropy of a sigmoid that should be 0. Its slope is sigma(z)."""
    return Objective("−ln(1 − σ)", softplus.value, softplus.deriv, softplus.second)


def flow_time(objective, start, end=0.0):
    """The time in which dz/dt = -f'(z) leads from start down to end: the integral of 1/f' between them.

    objective: of one variable. start > end. Infinite where the slope is not positive all the way. In
    units of [x]^2/[f], those of a step size: gradient descent takes about flow_time / eps steps.
    """
    start, end = float(start), float(end)
    if objective.point_shape or not start > end:
        raise ValueError(f"flow_time wants a function of one variable and start > end, got {objective.name}, {start:g} and {end:g}")
    half = 0.5 * (start - end) / _PANELS
    middles = end + half * (2 * np.arange(_PANELS) + 1)
    slopes = objective.grad(middles[:, None] + half * _NODES)
    if not np.all(slopes > 0):
        return np.inf
    with np.errstate(over="ignore"):
        return float(half * np.sum(_WEIGHTS / slopes))


def steps_to_leave(objective, start, end=0.0, *, step_size=1.0, most=100_000):
    """How many steps gradient descent takes from start until it is at or below end; None if not within `most`."""
    positive("step_size", step_size)
    path = run(GradientDescent(step_size), objective, float(start), most, until=lambda at: at.x <= end, keep="last")
    return int(path.steps) if path.converged else None


def gradient_domination(objective, points):
    """The largest m with f - f* <= |grad f|^2 / 2m at all these points, f* being the least value among them.

    0 where no m > 0 will do. points: (k, *point_shape), with the minimum among them. In units of [f]/[x]^2. A
    function for which m > 0 on all points satisfies the Polyak-Lojasiewicz inequality.
    Source: H. Karimi, J. Nutini, M. Schmidt, ECML PKDD 2016, doi:10.1007/978-3-319-46128-1_50.
    """
    at = objective.at(points)
    gap = at.value - np.min(at.value)
    if not np.all(np.isfinite(gap)):
        raise ValueError(f"{objective.name} is not finite at all of the points: leave the others out")
    high = gap > 1e-12 * np.max(gap)
    return float(np.min(at.grad_norm[high] ** 2 / (2.0 * gap[high]))) if high.any() else np.inf
