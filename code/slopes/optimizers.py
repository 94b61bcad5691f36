"""Update rules, and the one loop that runs them and keeps the whole path.

A rule is a value. `rule.start(at)` makes its state and `rule.step(at, state)` gives the step to
take from the points `at.x`, with the next state. `at` holds the objective's value and derivatives
at those points (`objectives.At`), and the last line of each `step` is the textbook equation.
"""

from dataclasses import dataclass, fields, is_dataclass
from enum import IntEnum

import numpy as np

from slopes import symmetric
from slopes.checks import positive
from slopes.objectives import Objective


# An array of this size, freed before it is touched, makes glibc keep the memory of the temporaries that
# follow in place of giving it back after every operation: a map of 200 x 200 runs is three times faster.
_ROOM = 1 << 21


class Status(IntEnum):
    """Why a run stopped. It is stuck where the rule has no step to offer, and says so by a step that is not a number."""

    OUT_OF_STEPS = 0
    CONVERGED = 1
    DIVERGED = 2
    LEFT_DOMAIN = 3
    STUCK = 4

    @property
    def words(self):
        return self.name.lower().replace("_", " ")


@dataclass(frozen=True)
class GradientDescent:
    """x <- x - eps grad f(x). step_size: eps > 0, in units of [x]^2/[f]; a number or a batch of them."""

    step_size: float

    def __post_init__(self):
        positive("step_size", self.step_size)

    def start(self, at):
        return None

    def step(self, at, state):
        eps = at.per_point(self.step_size)
        return -eps * at.grad, None


@dataclass(frozen=True)
class Momentum:
    """v <- decay v - eps grad f(x), x <- x + v: gradient descent with a heavy ball.

    step_size: eps > 0, in units of [x]^2/[f]. decay: from 0 (gradient descent) to below 1.
    Source: B. T. Polyak, USSR Comput. Math. Math. Phys. 4(5) (1964) 1-17.
    """

    step_size: float
    decay: float = 0.9

    def __post_init__(self):
        positive("step_size", self.step_size)
        decay = np.asarray(self.decay)
        if decay.dtype.kind not in "fiu" or not np.all((decay >= 0) & (decay < 1)):
            raise ValueError(f"decay must be at least 0 and below 1, got {self.decay}")

    def start(self, at):
        return np.zeros_like(at.x)

    def step(self, at, velocity):
        eps, decay = at.per_point(self.step_size), at.per_point(self.decay)
        velocity = decay * velocity - eps * at.grad
        return velocity, velocity


@dataclass(frozen=True)
class ExactLineSearch:
    """x <- x - eps grad f(x) with eps = g·g / g·Hg, the lowest point along the gradient g of a quadratic.

    It takes one product of the Hessian with g. Where the curvature along g is not positive there is
    no lowest point: the step is not finite, and the run ends as diverged.
    Source: A. Cauchy, Comptes rendus de l'Académie des sciences 25 (1847) 536-538.
    """

    def start(self, at):
        return None

    def step(self, at, state):
        curvature = _dot(at, at.grad, at.objective.hvp(at.x, at.grad))
        best = at.grad_norm**2 / np.where(curvature > 0, curvature, 0.0)
        eps = at.per_point(np.where(at.grad_norm == 0, 0.0, best))
        return np.where(at.grad == 0, 0.0, -eps * at.grad), None


@dataclass(frozen=True)
class Newton:
    """x <- x - H(x)^-1 grad f(x): the step to the stationary point of the local quadratic.

    Where the Hessian is singular the step is not finite, and the run ends as diverged.
    """

    def start(self, at):
        return None

    def step(self, at, state):
        return newton_step(at.hess, at.grad), None


def _dot(at, a, b):
    return np.vecdot(a, b) if at.objective.point_shape else a * b


def newton_step(hess, grad):
    """-H^-1 g, infinite where H is singular. grad: (...) with hess: (...), or (..., n) with (..., n, n)."""
    return -(grad / hess if hess.ndim == grad.ndim else symmetric.solve(hess, grad))


@dataclass(frozen=True)
class Path:
    """Every iterate of a run, or of a batch of runs, and why each one stopped.

    x: (1 + steps taken, ..., *point_shape), its first entry the start. value and grad_norm:
    (1 + steps taken, ...). steps: (...), how many steps each run took. status: (...), a `Status`
    each. A run that has stopped stays where it stopped. With keep="last" only the last entry is kept.
    """

    x: np.ndarray
    value: np.ndarray
    grad_norm: np.ndarray
    steps: np.ndarray
    status: np.ndarray

    @property
    def last(self):
        """Where each run stopped, shape (..., *point_shape)."""
        return self.x[-1]

    @property
    def converged(self):
        return self.status == Status.CONVERGED

    @property
    def diverged(self):
        return self.status == Status.DIVERGED

    def __repr__(self):
        if self.status.ndim == 0:
            return f"<Path: {Status(int(self.status)).words} after {self.steps} steps>"
        ends = ", ".join(f"{np.sum(self.status == s)} {s.words}" for s in Status if np.any(self.status == s))
        return f"<Path of {self.status.size} runs: {ends}>"


def run(rule, objective, x0, steps, *, until=None, bound=1e12, keep="all"):
    """Follow a rule from x0 for at most `steps` steps.

    x0: (..., *point_shape); the rule's and the objective's parameters broadcast against (...).
    until: a function of `At` that says, point by point, whether a run has converged, such as
    `grad_below(1e-6)`. A run diverges when a coordinate passes `bound` in magnitude or the value is
    infinite, leaves the domain when the objective is not a number at a finite point, and is stuck
    when the rule gives a step that is not a number; it then stays at the point before that step.
    keep: "all" iterates, or only the "last". Returns a `Path`; divergence is a result, not an error.
    """
    _check_run(rule, objective, steps, until, bound, keep)
    at = objective.at(x0)
    if not np.all(np.isfinite(at.x)):
        raise ValueError(f"x0 must be finite, got {x0}: replace the NaN or infinite start")
    _check_batch(rule, at.x.shape[: at.x.ndim - len(objective.point_shape)])
    np.empty(_ROOM)
    with np.errstate(all="ignore"):
        return _follow(rule, objective, at, steps, until, bound, keep)


def _follow(rule, objective, at, steps, until, bound, keep):
    state, kept = rule.start(at), [at]
    status, running = _judge(at, until, bound)
    taken = np.zeros(status.shape, int)
    for _ in range(steps):
        if not running.any():
            break
        step, state = rule.step(at, state)
        stuck = status == int(Status.STUCK)
        if np.isnan(step.sum()):  # one quick look, before a closer one
            stuck = stuck | running & _not_a_number(at, step)
        going = running & ~stuck
        moved = at.x + step
        at = objective.at(moved if going.all() else np.where(at.per_point(going), moved, at.x))
        taken = np.add(taken, going, out=taken if taken.shape == going.shape else None)
        status, running = _judge(at, until, bound)
        if stuck.any():
            status[stuck], running = Status.STUCK, running & ~stuck
        if keep == "all":
            kept.append(at)
        else:
            kept = [at]
    return _path(kept, taken, status)


def _not_a_number(at, step):
    lost = np.isnan(step)
    return lost.any(axis=-1) if at.objective.point_shape else lost


def _path(kept, taken, status):
    gather = lambda arrays, shape: np.stack([np.broadcast_to(a, shape) for a in arrays])
    return Path(
        gather((at.x for at in kept), kept[-1].x.shape),
        gather((at.value for at in kept), status.shape),
        gather((at.grad_norm for at in kept), status.shape),
        taken,
        status,
    )


def _judge(at, until, bound):
    """The status of each run, and which of them go on."""
    grad_norm, value = at.grad_norm, at.value
    size = np.abs(at.x)
    size = symmetric.largest(size) if at.objective.point_shape else size
    status = np.zeros(grad_norm.shape, np.int8)
    if until is not None:
        status[np.broadcast_to(until(at), status.shape)] = Status.CONVERGED
    fine = (size <= bound) & np.isfinite(value) & (grad_norm >= 0)
    if not fine.all():
        nowhere = np.isnan(value) | np.isnan(grad_norm)
        status[np.broadcast_to(~fine, status.shape)] = Status.DIVERGED
        status[np.broadcast_to(nowhere & (size <= bound), status.shape)] = Status.LEFT_DOMAIN
    return status, status == int(Status.OUT_OF_STEPS)


def grad_below(tolerance):
    """Converged where the norm of the gradient is at most `tolerance`, in units of [f]/[x]."""
    _check_tolerance(tolerance)
    return lambda at: at.grad_norm <= tolerance


def distance_below(tolerance, target=None):
    """Converged where the distance to `target` (the objective's minimizer if not given) is at most `tolerance`."""
    _check_tolerance(tolerance)

    def near(at):
        goal = at.objective.minimizer if target is None else target
        if goal is None:
            raise TypeError(f"{at.objective.name} has no known minimizer: say distance_below(tolerance, target)")
        gap = at.x - goal
        return (np.linalg.norm(gap, axis=-1) if at.objective.point_shape else np.abs(gap)) <= tolerance

    return near


def _check_tolerance(tolerance):
    a = np.asarray(tolerance)
    if a.dtype.kind not in "fiu" or not np.all(a >= 0):
        raise ValueError(f"tolerance must be at least 0, got {tolerance}")


def _check_run(rule, objective, steps, until, bound, keep):
    if isinstance(rule, type) or not (hasattr(rule, "start") and hasattr(rule, "step")):
        raise TypeError(f"rule must be a value such as GradientDescent(0.1), got {rule!r}")
    if not isinstance(objective, Objective):
        raise TypeError(f"objective must be an Objective, such as parabola(), got {objective!r}")
    if until is not None and not callable(until):
        raise TypeError(f"until must be a function of At, such as grad_below(1e-6), got {until!r}")
    if isinstance(steps, bool) or not isinstance(steps, int | np.integer) or steps < 0:
        raise ValueError(f"steps must be an int, at least 0, got {steps!r}")
    if not bound > 0:
        raise ValueError(f"bound must be positive, got {bound}")
    if keep not in ("all", "last"):
        raise ValueError(f'keep must be "all" or "last", got {keep!r}')


def _check_batch(rule, batch):
    numbers = [field for field in fields(rule) if field.type is float] if is_dataclass(rule) else []
    for field in numbers:
        shape = np.shape(getattr(rule, field.name))
        try:
            np.broadcast_shapes(shape, batch)
        except ValueError:
            raise ValueError(f"{field.name} has shape {shape} and the starts are a batch of shape {batch}, which do not "
                             f"broadcast: for all pairs, give the starts an axis more, as in x0[:, None]") from None
