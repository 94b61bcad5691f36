"""Newton's method repaired: rules that use an indefinite Hessian, and a line search around any rule.

Each repair is written in the eigenvectors of the Hessian, where the step is a division of the
gradient's parts by repaired eigenvalues. All are batched over leading axes, for one real variable
and for n of them. Composition is by nesting: Backtracking(AbsoluteNewton()).
Where the repaired matrix is still singular, or not finite, a run ends as stuck.
"""

from dataclasses import dataclass

import numpy as np

from slopes import symmetric
from slopes.checks import positive

_MOST_CORRECTIONS = 30
_CLOSE = 1e-12


class _Stateless:
    """A rule without memory."""

    def start(self, at):
        return None


@dataclass(frozen=True)
class DampedNewton(_Stateless):
    """x <- x - (H + mu I)^-1 grad f(x): between Newton (mu = 0) and gradient descent with eps = 1/mu.

    damping: mu > 0, in units of [f]/[x]^2; a number or a batch of them. It turns the step downhill only
    where mu is above minus the least eigenvalue; take AbsoluteNewton where that is not known.
    Source: K. Levenberg, Quart. Appl. Math. 2 (1944) 164-168, doi:10.1090/qam/10666.
    """

    damping: float

    def __post_init__(self):
        positive("damping", self.damping)

    def step(self, at, state):
        eigenvalues, grad, back = _spectrum(at)
        mu = np.asarray(self.damping)[..., None]
        return -back(_divide(grad, eigenvalues + mu)), None


@dataclass(frozen=True)
class AbsoluteNewton(_Stateless):
    """x <- x - |H|^-1 grad f(x), where |H| has the eigenvectors of H and the sizes of its eigenvalues.

    It goes downhill wherever H is not singular, and has no parameter with units: a saddle repels it.
    least: every eigenvalue counts for at least this much, in units of [f]/[x]^2 (0: take them as they are).
    Source: Y. Dauphin et al., Advances in Neural Information Processing Systems 27 (2014),
    doi:10.48550/arXiv.1406.2572.
    """

    least: float = 0.0

    def __post_init__(self):
        if not np.all(np.asarray(self.least) >= 0):
            raise ValueError(f"least must be at least 0, got {self.least}")

    def step(self, at, state):
        eigenvalues, grad, back = _spectrum(at)
        least = np.asarray(self.least)[..., None]
        return -back(_divide(grad, np.maximum(np.abs(eigenvalues), least))), None


@dataclass(frozen=True)
class CubicNewton(_Stateless):
    """x <- x + p for the p that minimises g·p + p·Hp/2 + M |p|^3 / 6: Newton with a cubic price on length.

    cubic: M > 0, in units of [f]/[x]^3. Where M bounds the rate at which the Hessian changes, every step
    goes down. At a saddle it leaves along the eigenvector of the least eigenvalue.
    Source: Y. Nesterov, B. T. Polyak, Math. Program. 108 (2006) 177-205, doi:10.1007/s10107-006-0706-8.
    """

    cubic: float

    def __post_init__(self):
        positive("cubic", self.cubic)

    def step(self, at, state):
        eigenvalues, grad, back = _spectrum(at)
        m = np.broadcast_to(np.asarray(self.cubic, float), grad.shape[:-1])
        p = _with_length(eigenvalues, grad, _least_shift(eigenvalues, m[..., None] * np.abs(grad)), 0.0, 2.0 / m)
        return back(p), None


@dataclass(frozen=True)
class TrustRegion:
    """x <- x + p for the p that minimises g·p + p·Hp/2 with |p| at most a radius, which the run adapts.

    radius: the first one, in units of [x]. A step that gains less than a quarter of what the quadratic
    promised divides the radius by 4; one on the boundary that gains more than three quarters doubles it.
    A step that gains nothing is not taken, and counts as a step.
    Source: J. J. Moré, D. C. Sorensen, SIAM J. Sci. Stat. Comput. 4 (1983) 553-572, doi:10.1137/0904038;
    the update is algorithm 4.1 of J. Nocedal and S. J. Wright, Numerical Optimization, 2nd ed., 2006.
    """

    radius: float = 1.0

    def __post_init__(self):
        positive("radius", self.radius)

    def start(self, at):
        return np.asarray(self.radius, float) + np.zeros(at.grad_norm.shape)

    def step(self, at, radius):
        eigenvalues, grad, back = _spectrum(at)
        least = symmetric.largest(np.abs(grad) / radius[..., None] - eigenvalues)
        p = _with_length(eigenvalues, grad, np.maximum(least, 0.0), radius, 0.0)
        share, length = _gained_share(at, eigenvalues, grad, p, back(p)), _norm(p)
        wide = np.where((share > 0.75) & (length > 0.99 * radius), 2.0 * radius, radius)
        return back(p) * at.per_point(share > 1e-4), np.where(share >= 0.25, wide, 0.25 * radius)


@dataclass(frozen=True)
class Backtracking:
    """x <- x + t d for the direction d of another rule and the first t of 1, 1/2, 1/4, ... with
    f(x + t d) <= f(x) + share t g·d.

    rule: any rule. share: Armijo's constant, between 0 and 1, without units. halvings: how many are tried.
    Where d does not point downhill, or no t is short enough, the run ends as stuck, at the point where it
    is; there an indefinite Hessian wants AbsoluteNewton, CubicNewton or TrustRegion in place of Newton.
    Source: L. Armijo, Pacific J. Math. 16 (1966) 1-3, doi:10.2140/pjm.1966.16.1.
    """

    rule: object
    share: float = 1e-4
    halvings: int = 40

    def __post_init__(self):
        if not (hasattr(self.rule, "start") and hasattr(self.rule, "step")):
            raise TypeError(f"rule must be a rule to take directions from, such as Newton(), got {self.rule!r}")
        if not 0 < self.share < 1:
            raise ValueError(f"share must lie between 0 and 1, got {self.share}")
        if int(self.halvings) != self.halvings or self.halvings < 0:
            raise ValueError(f"halvings must be a whole number, at least 0, got {self.halvings}")

    def start(self, at):
        return self.rule.start(at)

    def step(self, at, state):
        d, state = self.rule.step(at, state)
        slope = np.vecdot(at.grad, d) if at.objective.point_shape else at.grad * d
        downhill, aim = slope < 0, self.share * slope
        t = np.where(downhill, 1.0, np.nan)
        for _ in range(self.halvings + 1):
            low = at.objective.at(at.x + at.per_point(t) * d).value <= at.value + t * aim
            if (low | ~downhill).all():
                break
            t = np.where(low, t, 0.5 * t)
        return at.per_point(np.where(low, t, np.nan)) * d, state


# In the eigenvectors of the Hessian -------------------------------------------------------------


def _spectrum(at):
    """The Hessian's eigenvalues (..., n), ascending, the gradient's parts along their eigenvectors
    (..., n), and the function that turns such parts into a step."""
    if not at.objective.point_shape:
        return at.hess[..., None], at.grad[..., None], lambda parts: parts[..., 0]
    eigenvalues, vectors = symmetric.eigh(at.hess)
    product = lambda matrix, v: np.einsum("...ij,...j->...i", matrix, v)
    return eigenvalues, product(vectors.mT, at.grad), lambda parts: product(vectors, parts)


def _divide(grad, eigenvalues):
    """grad / eigenvalues: 0 where the gradient has no part, and no number where only the eigenvalue is 0."""
    return np.where(grad == 0.0, 0.0, grad / np.where(eigenvalues == 0.0, np.nan, eigenvalues))


def _norm(p):
    return np.abs(p[..., 0]) if p.shape[-1] == 1 else np.sqrt(np.vecdot(p, p))


def _with_length(eigenvalues, grad, shift, length, growth):
    """p = -grad / (eigenvalues + s) with |p| = length + growth s, for a shift s that is not below `shift`.

    There p is too long, or s is 0 and p is short enough. 1/|p| - 1/(length + growth s) is concave and
    increases with s, so Newton's method for its zero goes up to it and not past it. Where the gradient
    has no part along the least eigenvalue ("the hard case") p gets the rest of its length in that direction.
    """
    for _ in range(_MOST_CORRECTIONS):
        p, denominator = _shifted(eigenvalues, grad, shift)
        size, wanted = _norm(p), length + growth * shift
        slope = np.vecdot(p, np.where(p == 0.0, 0.0, p / denominator)) / size**3 + growth / wanted**2
        excess = 1.0 / wanted - 1.0 / size
        far = excess * size > _CLOSE
        if not far.any():
            break
        shift = np.where(far, shift + excess / slope, shift)
    hard = (denominator[..., 0] <= 0.0) & (shift > 0.0)
    rest = np.sqrt(np.maximum(wanted**2 - size**2, 0.0))
    p[..., 0] = np.where(hard, rest, p[..., 0])
    return p


def _least_shift(eigenvalues, price):
    """The largest s with s (eigenvalue + s) = price / 2, over the eigenvalues: (H + M|p|/2) p = -g has no smaller M|p|/2."""
    root = np.hypot(eigenvalues, np.sqrt(2.0 * price))
    below = 0.5 * (root - eigenvalues)  # where this would cancel, the other form of the root of a quadratic
    return symmetric.largest(np.where(eigenvalues > 0, price / (root + eigenvalues), below))


def _shifted(eigenvalues, grad, shift):
    denominator = eigenvalues + shift[..., None]
    return np.where(denominator > 0.0, -grad / denominator, np.where(np.isnan(denominator), np.nan, 0.0)), denominator


def _gained_share(at, eigenvalues, grad, p, step):
    """What a step gains of f, as a share of what the quadratic promised; both are raised by the rounding of f."""
    promised = -np.vecdot(p, grad + 0.5 * eigenvalues * p)
    noise = 10.0 * np.finfo(float).eps * np.abs(at.value)
    return (at.value - at.objective.at(at.x + step).value + noise) / (promised + noise)
