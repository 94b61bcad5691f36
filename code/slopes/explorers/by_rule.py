"""Figures of chapter 1.4, Scaling by hand, scaling by rule."""

import numpy as np

from slopes import plots
from slopes.adaptive import AdaGrad, Adam, NormalizedGradient, RMSProp
from slopes.figures import Choice, Explorer, Picture, Slider
from slopes.invariance import CHANGES, written
from slopes.objectives import quadratic
from slopes.optimizers import GradientDescent, Momentum, run

KAPPA, STEPS, START = 100.0, 30, (2.0, 0.8)  # the start as seen from the valley
RULES = {"gradient descent": GradientDescent, "momentum": Momentum, "normalised gradient": NormalizedGradient,
         "AdaGrad": AdaGrad, "RMSProp": RMSProp, "Adam": Adam}


def one_valley():
    """A narrow valley along an axis or across both, a rule, and the one number that the rule leaves to be tuned."""
    def valley(degrees):
        angle = np.deg2rad(degrees)
        q = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        return quadratic(q @ np.diag([1.0, KAPPA]) @ q.T), q

    valleys = {degrees: valley(degrees) for degrees in (0, 45)}

    def one_valley(left, right):
        plots.frame(left, "the path", "x₁", "x₂", xlim=(-2.6, 2.6), ylim=(-2.6, 2.6))
        plots.frame(right, "f above its minimum", "steps taken", logy=True, xlim=(0, STEPS), ylim=(1e-8, 1e4))
        rings = [left.plot([], [], color=plots.MUTED, lw=0.8, animated=True)[0] for _ in range(3)]
        (walk,) = left.plot([], [], "o-", color=plots.DESCENT, lw=1.0, ms=3.0, animated=True)
        (fall,) = right.plot([], [], "o-", color=plots.DESCENT, lw=1.0, ms=3.0, markevery=4, animated=True)
        turn = np.linspace(0, 2 * np.pi, 41)

        def move(rule, turned, step_size):
            f, q = valleys[turned]
            for ring, level in zip(rings, (0.6, 1.4, 2.4)):
                ring.set_data(*(q @ [level * np.cos(turn), level / np.sqrt(KAPPA) * np.sin(turn)]))
            path = run(RULES[rule](step_size), f, q @ START, STEPS)
            walk.set_data(*np.clip(path.x, -1e3, 1e3).T)
            fall.set_data(np.arange(len(path.value)), np.clip(path.value, 1e-12, 1e12))
            ends = f"after {path.steps} steps it diverges" if path.diverged else (
                f"after {STEPS} steps f has gone from {path.value[0]:.3g} to {path.value[-1]:.2g}")
            where = "along an axis" if turned == 0 else "across the axes"
            return f"In the valley {where}, {rule} with the step size {step_size:g}: {ends}."

        return move

    return Explorer(
        one_valley,
        rule=Choice("rule", {name: name for name in RULES}, start="gradient descent"),
        turned=Choice("valley", {"along an axis": 0, "turned by 45°": 45}),
        step_size=Slider("step size", (0.001, 0.005, 0.01, 0.0198, 0.03, 0.1, 0.3, 1.0), start=0.0198),
    )


def predicted_falls(steps, gaps, names):
    """f - f* against the number of steps, as predicted, for several tables of the same data.

    steps: (t,). gaps: one (t,) for each name, as shares of the first.
    """
    def predicted_falls(ax):
        plots.frame(ax, "f above its minimum, as a share of the first", "steps of gradient descent", logx=True, logy=True,
                    xlim=(steps[0], steps[-1]), ylim=(1e-6, 3))
        counts = []
        labels = zip(names, gaps, (plots.NEWTON, plots.OTHER, plots.DESCENT), ("-", "-.", "--"), (0.02, 0.15, 1e-3))
        for name, gap, color, dash, height in labels:
            gap = np.maximum(gap, 1e-12)
            ax.plot(steps, gap, dash, color=color)
            at = np.argmin(np.abs(np.log(gap / height)))
            plots.label(ax, steps[at], gap[at], name, color=color)
            counts.append(f"{float(f'{steps[np.argmax(gap <= 1e-3)]:.1g}'):,.0f} ({name})")
        return f"A thousandth of f − f* is left after about {', '.join(counts)} steps."

    return Picture(predicted_falls, panel_height=2.9)


def invariance(names, table):
    """The measured table: which rule (rows) feels which change (columns), as gaps between mapped paths."""
    def invariance(ax):
        ax.set(xlim=(-0.5, len(CHANGES) - 0.5), ylim=(len(names) - 0.5, -0.5))
        ax.set_xticks(range(len(CHANGES)), [change.split("→ ")[1] for change in CHANGES])
        ax.set_yticks(range(len(names)), names)
        ax.tick_params(length=0, labelcolor=plots.INK)
        ax.xaxis.tick_top()
        ax.spines[:].set_visible(False)
        ax.set_position((0.34, 0.02, 0.64, 0.88))
        for i, j in np.ndindex(table.shape):
            if table[i, j] < 1e-5:
                ax.fill([j - 0.47, j + 0.47, j + 0.47, j - 0.47], [i - 0.44, i - 0.44, i + 0.44, i + 0.44], color=plots.FLAT)
            ax.text(j, i, "∞" if np.isinf(table[i, j]) else written(table[i, j]), ha="center", va="center", fontsize=9.0)
        blind = [name for name, row in zip(names, table) if np.all(row < 1e-5)]
        return (f"Of {table.size} pairs of a rule and a change, {np.sum(table < 1e-5)} have a gap below 0.00001 (shaded); "
                f"{' and '.join(blind)} alone does not feel any of the {len(CHANGES)} changes.")

    return Picture(invariance, panel_height=3.1)
