"""What to expect before a run: rates, thresholds and times, to be held against what is measured."""

import numpy as np

from slopes.checks import positive, symmetric
from slopes.search import bisect

REGIMES = ("creeps", "lands in one step", "swings", "goes back and forth", "diverges")


def error_factor(step_size, curvature):
    """1 - eps f'': what each step of gradient descent multiplies the error by on a parabola.

    Both broadcast. Dimensionless, because step sizes are in [x]^2/[f] and curvatures in [f]/[x]^2.
    """
    return 1.0 - np.asarray(step_size, float) * np.asarray(curvature, float)


def regime(factor):
    """Which of `REGIMES` an error factor belongs to: an index, shape (...)."""
    factor = np.asarray(factor, float)
    conditions = [factor == 0, (factor > 0) & (factor < 1), (factor < 0) & (factor > -1), factor == -1]
    return np.select(conditions, [1, 0, 2, 3], 4)


def steps_to_shrink(factor, ratio):
    """The least n with |factor|^n <= ratio, for a ratio in (0, 1); infinite where |factor| >= 1."""
    ratio, size = _ratio(ratio), np.abs(factor)
    with np.errstate(divide="ignore"):
        rate = -np.log(size)
        n = np.where(rate > 0, np.maximum(np.ceil(-np.log(ratio) / rate), 1.0), np.inf)
    fewer = np.maximum(n - 1.0, 1.0)  # the two logarithms are rounded, so a quotient that is whole may come out above itself
    return np.where(np.isfinite(n) & (size**fewer <= ratio), fewer, n)


def largest_stable_step(curvature):
    """2/L: gradient descent shrinks the error for every step size below it, where f'' is at most L."""
    return 2.0 / positive("curvature", curvature)


def descent_bound(value, grad_norm, step_size, curvature):
    """The descent lemma: f(x - eps g) <= f(x) - eps (1 - eps L/2) |g|^2, where L bounds the curvature.

    Source: Y. Nesterov, Lectures on Convex Optimization, 2nd ed., Springer 2018, section 1.2.3.
    """
    return value - step_size * (1.0 - step_size * curvature / 2.0) * grad_norm * grad_norm


def quartic_threshold(step_size):
    """The start beyond which gradient descent on x^4 diverges: 4 eps x^2 > 2, so |x| > 1/sqrt(2 eps)."""
    return 1.0 / np.sqrt(2.0 * np.asarray(step_size, float))


def hyperbola_flow_time(start, end):
    """The time that gradient flow x' = -f'(x) takes from start to end on sqrt(1 + x^2), start > end > 0.

    It is the integral of sqrt(1 + x^2)/x, which is sqrt(1 + x^2) - arsinh(1/x). Units of x^2/f.
    """
    start, end = positive("start", start), positive("end", end)
    if not np.all(start > end):
        raise ValueError(f"gradient flow goes down: start must be above end, got {start} and {end}")
    antiderivative = lambda x: np.hypot(1.0, x) - np.arcsinh(1.0 / x)
    return antiderivative(start) - antiderivative(end)


# Units ------------------------------------------------------------------------------------------


def rescaled_step(step_size, c=1.0, k=1.0):
    """eps / (c k^2): the step size with which c f(k x) sees the run that f(x) sees with eps.

    It follows from the units of a step size, [x]^2/[f]. All three broadcast.
    """
    return positive("step_size", step_size) / (positive("c", c) * positive("k", k) ** 2)


def exponents(y, *x):
    """The powers p_i of y = constant * x_1^p_1 * x_2^p_2 ..., by least squares in logarithms.

    y and each x: positive arrays that broadcast against one another. Returns one power for each x.
    """
    y, *x = np.broadcast_arrays(positive("y", y), *(positive("x", a) for a in x))
    columns = np.stack([np.ones(y.size), *(np.log(a).ravel() for a in x)], axis=-1)
    return np.linalg.lstsq(columns, np.log(y).ravel(), rcond=None)[0][1:]


# Quadratics in many directions ------------------------------------------------------------------


def condition_number(hess):
    """Ratio of the largest to the smallest eigenvalue of a symmetric matrix.

    hess: (..., n, n), positive definite. Returns (...), dimensionless, at least 1. Raises ValueError
    where an eigenvalue is not positive: the ratio would not bound a rate.
    """
    hess = symmetric("hess", hess)
    eigenvalues = np.linalg.eigvalsh(hess)
    if not np.all(eigenvalues[..., 0] > 0):
        raise ValueError(f"hess must be positive definite, but its smallest eigenvalue is {np.min(eigenvalues):.3g}: "
                         "the function has no unique lowest point")
    return eigenvalues[..., -1] / eigenvalues[..., 0]


def best_step(smallest, largest):
    """2/(smallest + largest): the step size that makes the worst error factor of a quadratic least.

    smallest, largest: its extreme curvatures, in [f]/[x]^2. At both ends the factor is `descent_rate`.
    """
    return 2.0 / (positive("smallest", smallest) + positive("largest", largest))


def descent_rate(kappa):
    """(kappa - 1)/(kappa + 1): what a step of gradient descent at its best step size leaves of the error.

    Its square is what exact line search leaves of f - f*, at worst.
    Source: Y. Nesterov, Lectures on Convex Optimization, 2nd ed., Springer 2018, section 2.1.5; for the
    line search J. Nocedal and S. J. Wright, Numerical Optimization, 2nd ed., Springer 2006, theorem 3.3.
    """
    kappa = _at_least_one(kappa)
    return (kappa - 1.0) / (kappa + 1.0)


def momentum_factor(step_size, decay, curvature):
    """What each step of momentum multiplies the error by in the end, on a parabola: all three broadcast.

    It is the larger root in magnitude of r^2 - (1 + decay - eps f'') r + decay = 0. Its own magnitude.
    """
    half = 0.5 * (1.0 + decay - np.asarray(step_size, float) * curvature)
    root = np.sqrt(half * half - decay + 0j)
    return np.maximum(np.abs(half + root), np.abs(half - root))


def best_momentum(smallest, largest):
    """The step size and the decay with which momentum has the best rate on a quadratic.

    4/(sqrt smallest + sqrt largest)^2, in [x]^2/[f], and the square of `momentum_rate`.
    Source: B. T. Polyak, USSR Comput. Math. Math. Phys. 4(5) (1964) 1-17.
    """
    a, b = np.sqrt(positive("smallest", smallest)), np.sqrt(positive("largest", largest))
    return 4.0 / (a + b) ** 2, momentum_rate(b * b / (a * a)) ** 2


def momentum_rate(kappa):
    """(sqrt kappa - 1)/(sqrt kappa + 1): what a step of momentum at its best leaves of the error, in the end."""
    return descent_rate(np.sqrt(_at_least_one(kappa)))


def momentum_error(kappa, n):
    """The error after n steps of momentum at its best, as a share of the first one, from rest.

    The start is equally far out along the flattest and the steepest direction. There the two roots
    of `momentum_factor` coincide, at r and at -r with r = `momentum_rate`, and the error is
    (1 + n (1 - r)) r^n in the one and (1 + n (1 + r)) (-r)^n in the other.
    """
    r, n = momentum_rate(kappa), np.asarray(n, float)
    return r**n * np.hypot(1.0 + n * (1.0 - r), 1.0 + n * (1.0 + r)) / np.sqrt(2.0)


def momentum_steps(kappa, ratio):
    """The least n with `momentum_error` <= ratio, for kappa above 1 and a ratio in (0, 1)."""
    kappa, wanted = np.asarray(kappa, float), -np.log(_ratio(ratio))
    if not np.all(kappa > 1.0):
        raise ValueError(f"kappa must be above 1, got {kappa}: at 1 one step is enough")
    most = (4.0 * wanted + 20.0) / -np.log(momentum_rate(kappa)) + 1.0
    return np.floor(bisect(lambda n: momentum_error(kappa, n) > ratio, 0.0, most)) + 1.0


def _at_least_one(kappa):
    kappa = np.asarray(kappa, float)
    if not np.all(kappa >= 1.0):
        raise ValueError(f"a condition number is at least 1, got {kappa}")
    return kappa


def _ratio(ratio):
    ratio = np.asarray(ratio, float)
    if not np.all((ratio > 0) & (ratio < 1)):
        raise ValueError(f"ratio must lie between 0 and 1, got {ratio}: it is the final error over the first")
    return ratio


def quadratic_gap(hess, error, step_size, n):
    """f - f* after n steps of gradient descent on a quadratic: the sum of lambda (1 - eps lambda)^(2n) e^2 / 2.

    The sum runs over the eigenvalues lambda of the Hessian, and e is the part of the first error along
    each eigenvector: exact, however large n is. hess: (m, m). error: x0 - x*, (m,). n: any shape.
    """
    curvature, directions = np.linalg.eigh(hess)
    along = directions.T @ np.asarray(error, float)
    factor = error_factor(step_size, curvature)
    return 0.5 * np.sum(curvature * along**2 * np.abs(factor) ** (2.0 * np.asarray(n, float)[..., None]), axis=-1)


def steps_to_gap(hess, error, step_size, ratio):
    """The least n at which `quadratic_gap` is at most `ratio` of its first value, found by bisection.

    A float, because it can be beyond every count that a machine would finish; below 2^53 it is exact.
    """
    wanted = _ratio(ratio) * quadratic_gap(hess, error, step_size, 0)
    if not np.max(np.abs(error_factor(step_size, np.linalg.eigvalsh(hess)))) < 1:
        raise ValueError("with this step size gradient descent does not converge: take one below 2/lambda_n")
    high = 1.0
    while quadratic_gap(hess, error, step_size, high) > wanted:
        high *= 2.0
    low = bisect(lambda n: quadratic_gap(hess, error, step_size, np.floor(n)) > wanted, 0.0, high, tolerance=0.25)
    return float(np.floor(low) + 1.0)
