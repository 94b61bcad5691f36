"""Figures of chapter 2.1, Curvature as a ruler."""

import numpy as np

from slopes import plots
from slopes.convergence import digits, order
from slopes.figures import Choice, Explorer, Picture, Slider
from slopes.objectives import Objective, barrier, hyperbola, power
from slopes.optimizers import GradientDescent, Newton, run
from slopes.secants import FiniteDifferenceNewton, Secant

LOOKS = ((plots.NEWTON, "o-"), (plots.ADAPTIVE, "s--"), (plots.DESCENT, "^-."), (plots.OTHER, "D:"))


def between():
    """x^2/2 + sqrt(1 + x^2): a bowl that is nearly a parabola far out, and twice as curved at its minimum."""
    def hess(x):
        r = np.hypot(1.0, x)
        return 1.0 + 1.0 / (r * r * r)

    return Objective("x²/2 + √(1 + x²)", lambda x: 0.5 * x * x + np.hypot(1.0, x), lambda x: x + x / np.hypot(1.0, x),
                     hess, minimizer=0.0)


def exponential():
    """e^x - 2x, with its minimum at ln 2."""
    return Objective("eˣ − 2x", lambda x: np.exp(x) - 2.0 * x, lambda x: np.exp(x) - 2.0, np.exp, minimizer=np.log(2.0))


# Functions, and the order and the constant K of Newton's method at their minima.
LAWS = {f.name: (f, *law) for f, law in ((barrier(), (2, 1.0)), (exponential(), (2, 0.5)), (hyperbola(), (3, 1.0)))}
LAWS |= {"|x|³": (power(3), 1, 1 / 2), "x⁴": (power(4), 1, 2 / 3)}


def two_rulers():
    """Newton's method and gradient descent on c f(kx): one has a step size to be chosen, the other none."""
    f, start, steps, x = between(), 4.0, 10, np.linspace(-9, 9, 61)
    ticks = np.arange(steps + 1)

    def two_rulers(left, right):
        plots.frame(left, "c f(kx)", "x", xlim=(-9, 9), ylim=(-1.5, 40))
        plots.frame(right, "distance, as a share of the first", "steps taken", logy=True, xlim=(0, steps), ylim=(1e-8, 1e4))
        (bowl,) = left.plot([], [], color=plots.MUTED, lw=1.2, animated=True)
        lines = [(left.plot([], [], style[0], color=color, animated=True)[0], right.plot([], [], style, color=color, lw=1.0, animated=True)[0])
                 for color, style in (LOOKS[0], LOOKS[2])]
        plots.label(right, 0.2, 2e3, "circles: Newton", color=plots.NEWTON, dx=0)
        plots.label(right, 0.2, 2e2, "triangles: gradient descent", color=plots.DESCENT, dx=0)

        def move(c, k, eps):
            g = f.scaled(c).stretched(k)
            bowl.set_data(x, np.where(g.value(x) < 60, g.value(x), np.nan))
            left_over = []
            for rule, (walk, fall) in zip((Newton(), GradientDescent(eps)), lines):
                path = run(rule, g, start / k, steps)
                near = (np.abs(path.x) < 20) & (path.value < 60)
                walk.set_data(path.x[near], path.value[near])
                share = np.abs(path.x) * k / start
                shown = (share > 1e-11) & (share < 1e8)
                fall.set_data(ticks[: len(share)][shown], share[shown])
                left_over.append(share)
            newton, descent = left_over
            ends = (f"leaves {_short(descent[-1])} of it after {steps}" if descent[-1] <= 1 else
                    f"is {descent[-1]:.2g} times as far out as at the start after {steps}" if descent[-1] < 1e3 else "diverges")
            return (f"With c = {c:g} and k = {k:g} Newton's method leaves {_short(newton[4])} of the distance after 4 steps, as it does in all units; "
                    f"gradient descent with eps = {eps:g} {ends}.")

        return move

    return Explorer(
        two_rulers,
        c=Slider("factor c", (0.1, 1.0, 10.0), start=1.0),
        k=Slider("factor k", (0.5, 1.0, 2.0), start=1.0),
        eps=Slider("step size eps", (0.01, 0.05, 0.2, 0.5, 0.9, 2.0, 5.0), start=0.2),
    )


def correct_digits():
    """A function, a method and a start: the correct digits after each step."""
    functions = {name: f for name, (f, _, _) in LAWS.items()}
    rules = {"Newton": Newton(), "secant": Secant(0.2), "difference of slopes, h = 0.1": FiniteDifferenceNewton(0.1, "forward"),
             "gradient descent, eps = 0.2": GradientDescent(0.2)}
    steps = 12

    def correct_digits(ax):
        plots.frame(ax, "correct digits", "steps taken", xlim=(0, steps), ylim=(-1, 17))
        ax.axhspan(15.5, 17, color=plots.FLAT)
        plots.label(ax, 0.1, 15.9, "all that a float has", color=plots.INK, dx=0)
        (rise,) = ax.plot([], [], "o-", color=plots.NEWTON, lw=1.2, animated=True)
        (trend,) = ax.plot([], [], "--", color=plots.PREDICTION, lw=1.2, animated=True)

        def move(function, rule, distance):
            f = functions[function]
            path = run(rules[rule], f, f.minimizer + distance, steps)
            error = np.abs(path.x - f.minimizer)
            found = np.clip(digits(error), -20, 16)
            rise.set_data(np.arange(len(found)), found)
            expected = _by_law(found[0], *LAWS[function][1:], steps) if rule == "Newton" else []
            trend.set_data(np.arange(len(expected)), expected)
            start = f"On {function} from {distance:g} beside the minimum, {rule}"
            if not np.all(np.isfinite(path.value)) or error[-1] > 1e3:
                return f"{start}: the run ends after {path.steps} steps, because it diverges or leaves the domain."
            return f"{start}: {_rise(found)} correct digits after steps 1 to 6{_order(error)}."

        return move

    return Explorer(
        correct_digits,
        panel_height=2.9,
        function=Choice("function", {name: name for name in functions}),
        rule=Choice("method", {name: name for name in rules}),
        distance=Slider("distance of the start", (0.01, 0.1, 0.3, 0.6, 0.9), start=0.1),
    )


def _by_law(first, order, constant, steps):
    """The digits that e <- K e^order predicts, as long as a float has them."""
    law = [first]
    while len(law) <= steps and 0 < law[-1] < 20:
        law.append(order * law[-1] - np.log10(constant))
    return law


def _rise(found):
    return ", ".join(f"{min(d, 15.9):.1f}" for d in found[1:7])


def _order(error):
    try:
        return f"; its last three errors above 10⁻¹³ give the order {order(error):.2f}"
    except ValueError:
        return ""


def digits_per_step(runs):
    """Correct digits against steps. runs: {name: errors (t,)}, at most four."""
    def digits_per_step(ax):
        longest = max(map(len, runs.values())) - 1
        plots.frame(ax, "correct digits", "steps taken", xlim=(0, longest), ylim=(0, 17))
        said = []
        for (name, error), (color, style) in zip(runs.items(), LOOKS):
            found = np.minimum(digits(error), 16.0)
            ax.plot(found, style, color=color, lw=1.2, ms=4)
            at = min(len(found) - 1, int(np.argmax(found > 8)) if found[-1] > 8 else 7 * len(found) // 10)
            slow = found[-1] <= 8
            plots.label(ax, at, found[at], name, color=color, dx=-4 if slow else 7, dy=7 if slow else -9, ha="right" if slow else "left")
            full = found > 15.5
            said.append(f"{name} has all sixteen after {np.argmax(full)} steps" if full.any() else f"{name} has {found[-1]:.1f} after {longest}")
        return f"Correct digits, from {min(digits(e[0]) for e in runs.values()) + 0.0:.1f} at the start: {'; '.join(said)}."

    return Picture(digits_per_step, panel_height=2.9)


def spacings(h, measured, predicted):
    """The error of a second derivative from differences, against their spacing. measured, predicted: {form: (n,)}."""
    def spacings(ax):
        plots.frame(ax, "error of a difference, as a share of f″", "spacing h", logx=True, logy=True, xlim=(h[0], h[-1]), ylim=(1e-13, 10))
        best = []
        for (form, error), (color, style), place in zip(measured.items(), (LOOKS[2], LOOKS[0]), (0.93, 0.80)):
            ax.plot(h, np.maximum(error, 1e-15), style[0], color=color, ms=3)
            ax.plot(h, predicted[form], "--", color=plots.PREDICTION, lw=1.2)
            i = int(np.argmin(predicted[form]))
            at = int(place * len(h))
            plots.label(ax, h[at], predicted[form][at], form, color=color, dx=-6, dy=6, ha="right")
            best.append(f"{predicted[form][i]:.0e} at h = {h[i]:.0e} ({form})")
        worst = np.ceil(max(np.max(measured[form] / predicted[form]) for form in measured))
        return (f"The predicted error is least, {' and '.join(best)}, and grows on both sides; the measured one is nowhere "
                f"more than {worst:.0f} times as large.")

    return Picture(spacings, panel_height=3.0)


def falls(kappa, values, names):
    """f above its minimum along runs on one quadratic. values: one (t,) for each name."""
    def falls(ax):
        most = max(map(len, values)) - 1
        plots.frame(ax, f"f above its minimum, kappa = {kappa:g}", "steps taken", logy=True, xlim=(0, most), ylim=(0.1 * max(1e-15, min(v[-1] for v in values)), 10 * max(v[0] for v in values)))
        said = []
        for value, name, (color, style) in zip(values, names, (LOOKS[2], LOOKS[1])):
            ax.plot(np.maximum(value, 1e-16), style[1:], color=color, lw=1.3)
            at = 3 * most // 5
            plots.label(ax, at, value[at], name, color=color, dx=6, dy=6)
            ups = int(np.sum(np.diff(value) > 0))
            said.append(f"{name} has {value[-1] / value[0]:.0e} of f left after {len(value) - 1} steps, {f'{ups} of them upwards' if ups else 'none of them upwards'}")
        return f"At kappa = {kappa:g} {'; '.join(said)}."

    return Picture(falls, panel_height=2.9)


def _short(number):
    return f"{number:.2g}" if number == 0 or number >= 1e-3 else f"{number:.0e}"
