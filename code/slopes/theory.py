"""What to expect before a run: rates, thresholds and times, to be held against what is measured."""

import numpy as np

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
    ratio = np.asarray(ratio, float)
    if not np.all((ratio > 0) & (ratio < 1)):
        raise ValueError(f"ratio must lie between 0 and 1, got {ratio}: it is the final error over the first")
    with np.errstate(divide="ignore"):
        rate = -np.log(np.abs(factor))
        return np.where(rate > 0, np.maximum(np.ceil(-np.log(ratio) / rate), 1.0), np.inf)


def largest_stable_step(curvature):
    """2/L: gradient descent shrinks the error for every step size below it, where f'' is at most L."""
    return 2.0 / np.asarray(curvature, float)


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
    antiderivative = lambda x: np.hypot(1.0, x) - np.arcsinh(1.0 / x)
    return antiderivative(np.asarray(start, float)) - antiderivative(np.asarray(end, float))
