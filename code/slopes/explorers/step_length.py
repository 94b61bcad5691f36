"""Figures of chapter 1.1, How long is a good step?"""

import numpy as np
from matplotlib.ticker import LogLocator

from slopes import objectives, plots, theory
from slopes.figures import Choice, Explorer, Picture, Slider
from slopes.optimizers import GradientDescent, run

START, STEPS = 10.0, 20


def parabola():
    """Gradient descent on x^2 from 10, for step sizes from creeping to diverging."""
    f = objectives.parabola(curvature=2.0)

    def parabola(left, right):
        x = np.linspace(-16, 16, 65)
        plots.frame(left, "f(x) = x²", "x", xlim=(-16, 16), ylim=(-8, 250))
        left.plot(x, f.value(x), color=plots.MUTED, lw=1.2)
        plots.frame(right, "distance to the minimum", "steps taken", logy=True, xlim=(0, STEPS), ylim=(1e-13, 1e5))
        plots.label(right, STEPS, START, "start", color=plots.MUTED, dx=-2, dy=4, ha="right")
        right.axhline(START, color=plots.MUTED, lw=0.8)
        (walk,) = left.plot([], [], "o-", color=plots.DESCENT, lw=1.0, animated=True)
        (measured,) = right.plot([], [], "o", color=plots.DESCENT, animated=True)
        (predicted,) = right.plot([], [], "--", color=plots.PREDICTION, animated=True)
        n = np.arange(STEPS + 1)

        def move(eps):
            path = run(GradientDescent(eps), f, START, STEPS)
            factor = theory.error_factor(eps, 2.0)
            walk.set_data(path.x, path.value)
            measured.set_data(n[path.x != 0], np.abs(path.x[path.x != 0]))
            predicted.set_data(n, START * np.abs(factor) ** n if factor else np.full(n.size, np.nan))
            return (f"With eps = {eps:.2f} each step multiplies x by {factor:.2f}: gradient descent "
                    f"{theory.REGIMES[theory.regime(factor)]}, and {STEPS} steps from {START:g} end at "
                    f"{_short(path.last)}; the prediction is {_short(START * factor**STEPS)}.")

        return move

    values = tuple(np.round(np.arange(0.05, 1.125, 0.05), 2))
    return Explorer(parabola, eps=Slider("step size eps", values, start=0.05, text=".2f", play=True))


def other_bowls():
    """Three bowls, a start and a step size: how long each step is, and where the run goes."""
    bowls = {"x²": objectives.parabola(2.0), "√(1 + x²)": objectives.hyperbola(), "x⁴": objectives.quartic()}
    steps, far, names = 30, np.array([1e-4, 1e-3, 1e-2, 0.1, 0.3, 1, 3, 10, 100, 1e3, 1e4]), {id(f): n for n, f in bowls.items()}

    def other_bowls(left, right):
        plots.frame(left, "length of the step at x", "distance |x|", logx=True, logy=True, xlim=(1e-3, 1e3), ylim=(1e-5, 1e5))
        plots.frame(right, "distance to the minimum", "steps taken", logy=True, xlim=(0, steps), ylim=(1e-3, 1e3))
        left.plot(far, 2 * far, "--", color=plots.PREDICTION)
        plots.label(left, 3e-3, 6e-3, "too long: 2|x|", color=plots.PREDICTION, dx=-8, dy=10, rotation=23)
        (law,) = left.plot([], [], color=plots.MUTED, lw=1.2, animated=True)
        (lengths,) = left.plot([], [], "o", color=plots.DESCENT, ms=3.5, animated=True)
        (walk,) = right.plot([], [], "o-", color=plots.DESCENT, lw=1.0, ms=3.0, markevery=3, animated=True)

        def move(bowl, start, eps):
            path = run(GradientDescent(eps), bowl, start, steps)
            distance = np.clip(np.abs(path.x), 1e-9, 1e9)
            law.set_data(far, eps * np.abs(bowl.grad(far)))
            lengths.set_data(distance[:10], np.clip(eps * path.grad_norm[:10], 1e-9, 1e9))
            walk.set_data(np.arange(distance.size), distance)
            return f"On {names[id(bowl)]} from {start:g} with eps = {eps:g} the first step has length {eps * path.grad_norm[0]:.2g}; {_fate(path)}."

        return move

    return Explorer(
        other_bowls,
        bowl=Choice("function", bowls, start=bowls["√(1 + x²)"]),
        start=Slider("start", (0.1, 0.5, 1, 2, 5, 20, 100), start=20),
        eps=Slider("step size eps", (0.001, 0.01, 0.05, 0.2, 0.5, 0.9, 1.9), start=0.9),
    )


def _fate(path):
    if path.diverged:
        return f"the run diverges, past 10¹² within {path.steps} steps"
    return f"after {path.steps} steps the distance is {abs(path.last):.2g}"


def steps_needed(product, counted, predicted):
    """Steps to shrink the error by a fixed ratio, against eps times curvature: counted and predicted."""

    def steps_needed(ax):
        plots.frame(ax, "steps until |x| < 10⁻⁶ from 10", "eps f ″", logy=True, xlim=(0, 2), ylim=(0.7, 3e3))
        ax.plot(product, predicted, "--", color=plots.PREDICTION)
        ax.plot(product, counted, "o", color=plots.DESCENT, ms=3.5)
        fastest = np.argmin(counted)
        worst = int(np.max(np.abs(counted - predicted)))
        plots.label(ax, product[fastest], counted[fastest], "one step", color=plots.DESCENT, dx=8, dy=-2)
        return (f"Over {len(product)} step sizes the count falls from {counted[0]} at eps f″ = {product[0]:.2f} to {counted[fastest]} at "
                f"{product[fastest]:.2f} and climbs back to {counted[-1]} at {product[-1]:.2f}; the prediction "
                f"{f'is off by at most {worst}' if worst else 'is right every time'}.")

    return Picture(steps_needed, panel_height=2.9)


def distance_against_steps(distance, counted, predicted):
    """Steps to the minimum of sqrt(1 + x^2) against the distance of the start."""

    def distance_against_steps(ax):
        plots.frame(ax, "steps to the minimum of √(1 + x²)", "distance of the start", xlim=(0, 1.05 * distance[-1]), ylim=(0, 1.1 * counted[-1]))
        ax.plot(distance, predicted, "--", color=plots.PREDICTION)
        ax.plot(distance, counted, "o", color=plots.DESCENT)
        slope = (counted[-1] - counted[-2]) / (distance[-1] - distance[-2])
        worst = np.max(np.abs(counted / predicted - 1))
        return (f"The count grows in a straight line, by {slope:.2f} steps for each unit of distance, from {counted[0]} steps at "
                f"{distance[0]:g} to {counted[-1]} at {distance[-1]:g}; gradient flow predicts it within {worst:.1%}.")

    return Picture(distance_against_steps, panel_height=2.9)


def quartic_fate(start, eps, diverged):
    """The map of starts and step sizes on x^4: which runs diverge, and the predicted border.

    start: (m, 1), eps: (n,), diverged: (m, n).
    """

    def quartic_fate(ax):
        plots.frame(ax, "gradient descent on x⁴", "step size eps", "start x", logx=True, logy=True, xlim=(eps[0], eps[-1]), ylim=(start[0, 0], start[-1, 0]))
        ax.contourf(eps, start[:, 0], diverged, levels=[0.5, 1.5], colors=[plots.FLAT])
        ax.plot(eps, theory.quartic_threshold(eps), "--", color=plots.PREDICTION)
        plots.label(ax, 0.2, 12, "diverges", color=plots.INK)
        plots.label(ax, 0.0015, 0.2, "converges", color=plots.INK)
        wrong = np.sum(diverged != (start > theory.quartic_threshold(eps)))
        return (f"Of {diverged.size:,} runs on x⁴, {np.sum(diverged):,} diverge, those above the dashed line 4 eps x² = 2; "
                f"{wrong if wrong else 'none'} of the runs is on the wrong side of it.")

    return Picture(quartic_fate, panel_height=2.9)


def edge_of_stability(eps, steps, sharpness, loss):
    """Sharpness and loss during training with several step sizes, and the thresholds 2/eps.

    eps: (m,). steps: (t,). sharpness, loss: (m, t).
    """

    def edge_of_stability(left, right):
        plots.frame(left, "sharpness, and 2/eps dashed", "steps taken", xlim=(0, steps[-1]), ylim=(0, 1.2 * np.max(2 / eps)))
        plots.frame(right, "loss", "steps taken", logy=True, xlim=(0, steps[-1]))
        right.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0), numticks=12))  # less than two powers of ten
        plots.room(left, 24)
        for one, color, mark, *curves in zip(eps, (plots.ADAPTIVE, plots.DESCENT, plots.NEWTON), "^os", sharpness, loss):
            left.axhline(theory.largest_stable_step(one), color=color, ls="--", lw=1.0)
            plots.label(left, steps[-1], 2 / one, f"2/{one:g}", color=color, dx=5, va="center")
            for ax, curve in zip((left, right), curves):
                ax.plot(steps, curve, marker=mark, markevery=len(steps) // 6, color=color, lw=1.4)
        late = sharpness[:, -len(steps) // 3 :].mean(axis=1) * eps / 2
        ends = ", ".join(f"{share:.1f} at eps = {one:g}" for one, share in zip(eps, late))
        return f"Over the last {steps[-1] // 3:,} steps the sharpness, divided by 2/eps, is on average {ends}."

    return Picture(edge_of_stability)


def _short(number):
    """A number as readers write it: 0.0605, 61.9, 1.2e-06."""
    return f"{number:.3g}" if number == 0 or 1e-3 <= abs(number) < 1e5 else f"{number:.1e}"
