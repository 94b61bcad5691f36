"""Newton's method without second derivatives: curvature from differences of slopes.

All are batched over leading axes. A difference that shows no curvature at all leads to an infinite
step, as in Newton's method, and the run ends as diverged.
"""

from dataclasses import dataclass

import numpy as np

from slopes.checks import positive
from slopes.optimizers import newton_step


@dataclass(frozen=True)
class FiniteDifferenceNewton:
    """x <- x - H^-1 g with the columns of H from differences of gradients at a fixed spacing.

    spacing: h > 0, in units of [x]. form: "central", (g(x + h) - g(x - h)) / 2h, two gradients more for each
    variable, or "forward", (g(x + h) - g(x)) / h, one more.
    """

    spacing: float
    form: str = "central"

    def __post_init__(self):
        positive("spacing", self.spacing)
        _one_of("form", self.form, ("central", "forward"))

    def start(self, at):
        return None

    def step(self, at, state):
        return newton_step(self.hess(at), at.grad), None

    def hess(self, at):
        """The second derivatives at the points, of the shape of `at.hess`, from differences."""
        f, x = at.objective, at.x
        h = at.per_point(self.spacing)
        back = self.form == "central"

        def along(unit):
            ahead, behind = (f.grad(x + h * unit), f.grad(x - h * unit)) if back else (f.grad(x + h * unit), at.grad)
            return (ahead - behind) / ((2.0 if back else 1.0) * h)

        if not f.point_shape:
            return along(1.0)
        columns = np.stack([along(unit) for unit in np.eye(*f.point_shape)], axis=-1)
        return 0.5 * (columns + columns.mT)


@dataclass(frozen=True)
class Secant:
    """x <- x - f'(x) (x - x_old) / (f'(x) - f'(x_old)): Newton with the slope of f' between the last two points.

    first_step: eps > 0 of the first step, one of gradient descent, in units of [x]^2/[f]. For one variable.
    """

    first_step: float

    def __post_init__(self):
        positive("first_step", self.first_step)

    def start(self, at):
        if at.objective.point_shape:
            raise TypeError(f"a secant is for one variable, and {at.objective.name} has {at.objective.point_shape[0]}: "
                            "use BarzilaiBorwein, or BFGS")
        return None

    def step(self, at, state):
        if state is None:
            step = -at.per_point(self.first_step) * at.grad
        else:
            x_old, grad_old = state
            curvature = (at.grad - grad_old) / (at.x - x_old)
            step = np.where(at.grad == 0.0, 0.0, -at.grad / curvature)
        return step, (at.x, at.grad)


@dataclass(frozen=True)
class BarzilaiBorwein:
    """x <- x - eps g, with eps the step size that would have fitted the last step s and its change y of g.

    first_step: eps > 0 of the first step, in units of [x]^2/[f]; the later ones have none to be chosen.
    form: "long", eps = s·s / s·y, or "short", eps = s·y / y·y. Where s·y is not positive no curvature
    was seen that a step could be made from, and eps stays as it was.
    Source: J. Barzilai, J. M. Borwein, IMA J. Numer. Anal. 8 (1988) 141-148, doi:10.1093/imanum/8.1.141.
    """

    first_step: float
    form: str = "long"

    def __post_init__(self):
        positive("first_step", self.first_step)
        _one_of("form", self.form, ("long", "short"))

    def start(self, at):
        return None

    def step(self, at, state):
        eps = self.first_step + np.zeros(at.grad_norm.shape) if state is None else self._fitted(at, *state)
        return -at.per_point(eps) * at.grad, (at.x, at.grad, eps)

    def _fitted(self, at, x_old, grad_old, eps):
        dot = np.vecdot if at.objective.point_shape else np.multiply
        s, y = at.x - x_old, at.grad - grad_old
        sy = dot(s, y)
        above, below = (dot(s, s), sy) if self.form == "long" else (sy, dot(y, y))
        return np.where(sy > 0, above / np.where(sy > 0, below, 1.0), eps)


def _one_of(name, given, known):
    if given not in known:
        raise ValueError(f"{name} must be {' or '.join(repr(k) for k in known)}, got {given!r}")
