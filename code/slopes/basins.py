"""Where the starts of a run lead: the kind of point that each of many reaches, and the start beyond which one fails."""

from dataclasses import dataclass

import numpy as np

from slopes.checks import whole
from slopes.landscapes import kind_of
from slopes.optimizers import grad_below, run
from slopes.search import bisect

_STRETCH = 10  # steps between two looks at which runs have stopped


@dataclass(frozen=True)
class Basins:
    """Where each start leads. last: (..., *point_shape). kind, steps, status: (...), see `Kind` and `Status`."""

    last: np.ndarray
    kind: np.ndarray
    steps: np.ndarray
    status: np.ndarray

    def share(self, kind):
        """The share of the starts that lead to a point of this kind."""
        return float(np.mean(self.kind == kind))


def basins(rule, objective, starts, steps=100, *, tolerance=1e-6):
    """Follow a rule from every start, and say to what kind of point each run comes.

    starts: (..., *point_shape). tolerance: the gradient norm at which a run has arrived, in units of
    [f]/[x]. The rule's and the objective's parameters are numbers, one for all starts. Returns `Basins`.
    """
    steps, starts = whole("steps", steps), objective.points(starts)
    shape = starts.shape[: starts.ndim - len(objective.point_shape)]
    last = starts.reshape(-1, *objective.point_shape).copy()
    taken, status = np.zeros(len(last), int), np.zeros(len(last), np.int8)
    if rule.start(objective.at(last)) is None:
        _in_stretches(rule, objective, last, taken, status, steps, tolerance)
    else:
        path = run(rule, objective, last, steps, until=grad_below(tolerance), keep="last")
        last, taken, status = path.last, path.steps, path.status
    kind = kind_of(objective, last, tolerance)
    return Basins(last.reshape(starts.shape), *(a.reshape(shape) for a in (kind, taken, status)))


def _in_stretches(rule, objective, last, taken, status, steps, tolerance):
    """The runs of a rule without memory, of which those that have stopped are left out every few steps."""
    left = np.arange(len(last))
    for done in range(0, steps, _STRETCH):
        path = run(rule, objective, last[left], min(_STRETCH, steps - done), until=grad_below(tolerance), keep="last")
        last[left], status[left] = path.last, path.status
        taken[left] += path.steps
        left = left[path.status == 0]


def threshold(rule, objective, low, high, *, steps=200, tolerance=1e-12):
    """The start nearest to `high` from which a rule still comes to where it comes from `low`, by bisection.

    objective: of one real variable. low: a start from which the rule converges; high: one from which it
    does not come to the same point, on either side of low. The answer is known to `tolerance`. Where the
    fate of a start changes more than once in between, one of these changes is found.
    """
    low, high = float(low), float(high)
    if low == high:
        raise ValueError(f"low and high must differ, got {low:g} twice: take a high from which the rule does not come to the same point")
    target = _target(rule, objective, low, steps)
    width = abs(high - low)

    def arrives(share):
        end = run(rule, objective, low + share * (high - low), steps, keep="last").last
        return np.abs(end - target) <= 1e-6 * abs(low - target)

    if arrives(1.0):
        raise ValueError(f"from high = {high:g} the rule comes to the same point as from low = {low:g}: take a high from which it does not")
    return low + (high - low) * float(bisect(arrives, 0.0, 1.0, tolerance=tolerance / width))


def _target(rule, objective, low, steps):
    if objective.point_shape:
        raise ValueError(f"{objective.name} has {objective.point_shape[0]} variables, and a threshold is for one: "
                         "draw its basins")
    x = run(rule, objective, low, steps + 1).x
    if abs(x[-1] - x[-2]) > 1e-9 * abs(x[0] - x[-1]) or x[0] == x[-1]:
        raise ValueError(f"the run from low = {low:g} does not converge, or does not move: take a low from which it does")
    return x[-1]
