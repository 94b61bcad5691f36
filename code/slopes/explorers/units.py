"""Figures of chapter 1.2, The step size has units."""

import numpy as np

from slopes import plots, theory
from slopes.figures import Choice, Explorer, Picture, Slider
from slopes.objectives import parabola
from slopes.optimizers import GradientDescent, run

START, STEPS = 4.0, 12


def two_units():
    """Gradient descent on c f(kx) for f(x) = x^2/2, while c, k and the step size change."""
    f, x, n = parabola(), np.linspace(-9, 9, 73), np.arange(STEPS + 1)

    def two_units(left, right):
        plots.frame(left, "c f(kx), where f(x) = x²/2", "x", xlim=(-9, 9), ylim=(-1.2, 36))
        plots.frame(right, "distance, as a share of the first", "steps taken", logy=True, xlim=(0, STEPS), ylim=(1e-5, 1e5))
        (bowl,) = left.plot([], [], color=plots.MUTED, lw=1.2, animated=True)
        (walk,) = left.plot([], [], "o-", color=plots.DESCENT, lw=1.0, animated=True)
        (measured,) = right.plot([], [], "o", color=plots.DESCENT, animated=True)
        (predicted,) = right.plot([], [], "--", color=plots.PREDICTION, animated=True)

        def move(c, k, eps):
            g = f.scaled(c).stretched(k)
            path = run(GradientDescent(eps), g, START / k, STEPS)
            factor, near = theory.error_factor(eps, c * k * k), np.abs(path.x) < 60
            bowl.set_data(x, np.where(g.value(x) < 60, g.value(x), np.nan))
            walk.set_data(path.x[near], path.value[near])
            measured.set_data(*_above(n, np.abs(path.x) * k / START))
            predicted.set_data(*_above(n, np.abs(factor) ** n))
            return (f"With c = {_fraction(c)}, k = {_fraction(k)} and eps = {_fraction(eps)} gradient descent "
                    f"{theory.REGIMES[theory.regime(factor)]}: each step multiplies x by {factor:g}. "
                    f"The step that lands is {_fraction(1 / (c * k * k))}, the longest that does not diverge {_fraction(2 / (c * k * k))}.")

        return move

    fractions = lambda values: {_fraction(v): v for v in values}
    return Explorer(
        two_units,
        c=Choice("factor c", fractions((0.25, 1.0, 4.0)), start=1.0),
        k=Choice("factor k", fractions((0.5, 1.0, 2.0)), start=1.0),
        eps=Slider("step size eps", tuple(2.0 ** np.arange(-6, 7)), start=0.25, text=_fraction),
    )


def _above(n, share):
    """The points that a logarithmic axis can show: those that are neither 0 nor beyond its reach."""
    shown = (share > 1e-12) & (share < 1e12)
    return n[: len(share)][shown], share[shown]


def _fraction(number):
    """A power of two as readers write it: 1/64, 2."""
    return f"{number:g}" if number >= 1 else f"1/{1 / number:g}"


def stable_map(c, k, limit):
    """The largest stable step size of c f(kx), found by search, over c and k, and along each of them.

    c: (n,), k: (m, 1), limit: (m, n); the middle row and column have k and c next to 1.
    """

    def stable_map(left, right):
        rows, powers = k[:, 0], theory.exponents(limit, c, k)
        plots.frame(left, "largest stable step size of c f(kx)", "c", "k", logx=True, logy=True, xlim=(c[0], c[-1]), ylim=(rows[0], rows[-1]))
        left.contourf(c, rows, limit < 1, levels=[0.5, 1.5], colors=[plots.FLAT])
        levels = 10.0 ** np.arange(-4, 5, 2)
        left.contour(c, rows, np.log10(limit), levels=np.log10(levels), colors=plots.DESCENT, linestyles="solid", linewidths=1.6)
        one = float(np.exp(np.mean(np.log(limit * c * k * k))))
        for level in levels:
            left.plot(c, np.sqrt(one / (level * c)), "--", color=plots.PREDICTION, lw=1.0)
            at = np.clip(one / level, 2 * c[0], c[-1] / 5)
            plots.label(left, at, np.sqrt(one / (level * at)), plots.power_of_ten(level), color=plots.DESCENT, dx=0, dy=4)
        plots.frame(right, "the same, along one factor", "the factor, the other near 1", logx=True, logy=True, xlim=(c[0], c[-1]), ylim=(1e-5, 1e5))
        row, column = np.argmin(np.abs(np.log(rows))), np.argmin(np.abs(np.log(c)))
        for x, y, mark, color, power, name in ((c, limit[row], "o", plots.DESCENT, -1, "c"), (rows, limit[:, column], "s", plots.NEWTON, -2, "k")):
            right.plot(x[::4], y[::4], mark, color=color, ms=4)
            right.plot(x, y[len(x) // 2] * (x / x[len(x) // 2]) ** power, "--", color=plots.PREDICTION)
            plots.label(right, x[4], y[4], f"over {name}", color=color, dx=8 if name == "k" else -4, dy=2 if name == "k" else -16)
        return (f"Over {limit.size:,} pairs of c and k the largest stable step size runs from {_power(limit.max())} to {_power(limit.min())}; "
                f"it falls like c to the power {powers[0]:.3f} and k to the power {powers[1]:.3f}. A step size of 1 is too long in "
                f"{np.mean(limit < 1):.0%} of the map, the shaded part.")

    return Picture(stable_map, panel_height=2.9)


def _power(number):
    return plots.power_of_ten(10.0 ** round(np.log10(number)))
