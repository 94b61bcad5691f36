"""The figures of the front page: two places with the same small slope, and a map of the book."""

import numpy as np

from slopes import plots
from slopes.activations import sigmoid
from slopes.escape import flow_time, raising, steps_to_leave
from slopes.figures import Explorer, Picture, Slider
from slopes.objectives import parabola

EPS = 1.0


def same_slope():
    """The bottom of a bowl and the tail of a sigmoid, where the slope is equally small."""
    bowl = parabola()

    def same_slope(left, right):
        x, z = np.linspace(-1, 1, 61), np.linspace(-16, 16, 161)
        plots.frame(left, "the bottom of a bowl, x²/2", "x", xlim=(-1, 1), ylim=(-0.08, 0.5))
        plots.frame(right, "the tail of a sigmoid", "z", xlim=(-16, 16), ylim=(-0.16, 1.16))
        left.plot(x, bowl.value(x), color=plots.MUTED)
        right.plot(z, sigmoid.value(z), color=plots.MUTED)
        plots.label(left, 0, 0, "minimum", color=plots.MUTED, dx=0, dy=-13, ha="center")
        plots.label(right, -15, 0, "lowest: 0, at −∞", color=plots.MUTED, dx=0, dy=-13)
        dots = [ax.plot([], [], "o", color=plots.DESCENT, ms=7, animated=True)[0] for ax in (left, right)]
        ends = [ax.plot([], [], "D", mfc="none", mec=plots.NEWTON, ms=9, mew=1.5, animated=True)[0] for ax in (left, right)]

        def move(slope):
            at_bowl, at_tail = slope, tail_with_slope(slope)
            stepped = at_bowl - EPS * bowl.grad(at_bowl), at_tail - EPS * sigmoid.deriv(at_tail)
            for dot, end, f, before, after in zip(dots, ends, (bowl, sigmoid), (at_bowl, at_tail), stepped):
                dot.set_data([before], [f.value(before)])
                end.set_data([after], [f.value(after)])
            return (f"The slope is {slope:g} in both places. One step of gradient descent with eps = {EPS:g} takes the bowl from "
                    f"{bowl.value(at_bowl):.1e} above its minimum to {bowl.value(stepped[0]):.0f}; the sigmoid falls by "
                    f"{sigmoid.value(at_tail) - sigmoid.value(stepped[1]):.1e}, from {sigmoid.value(at_tail):.6f} above its lowest value, and takes {_steps_down(at_tail)} steps to come down to 0.5, the middle of the sigmoid.")

        return move

    values = (0.2, 0.1, 0.03, 0.01, 3e-3, 1e-3, 3e-4, 1e-4, 1e-5, 1e-6)
    return Explorer(same_slope, slope=Slider("slope", values, start=0.1, text="g", play=True))


def _steps_down(z):
    """How many steps lead from z to 0: counted, or, where they are very many, as gradient flow predicts."""
    time = flow_time(raising(sigmoid), z) / EPS
    return f"{steps_to_leave(raising(sigmoid), z, step_size=EPS):,}" if time < 5000 else f"about {time:,.0f}"


def tail_with_slope(slope):
    """The z > 0 at which the sigmoid has this slope: sigma (1 - sigma) = slope, for a slope of at most 1/4."""
    return 2.0 * np.arctanh(np.sqrt(1.0 - 4.0 * slope))


PARTS = {
    "Scaling": ("step size", "units", "directions", "by rule"),
    "Newton": ("a ruler", "wrong", "its cost"),
    "Tails": ("products", "tails", "flat", "signal", "clinic"),
}
THREADS = (("1.2", "2.1"), ("1.3", "2.3"), ("2.2", "3.3"), ("1.4", "3.4"), ("1.1", "3.5"))  # from a chapter to one that takes it up


def map_of_the_book():
    """The chapters in their order, and five threads that run from one part to another."""
    places = {f"{row}.{i}": (1.15 * i, -row) for row, chapters in enumerate(PARTS.values(), 1) for i in range(1, len(chapters) + 1)}

    def map_of_the_book(ax):
        ax.set(xlim=(-0.3, 6.6), ylim=(-3.55, -0.55))
        ax.set_axis_off()
        ax.set_position((0, 0, 1, 1))
        for start, end in THREADS:
            (x0, y0), (x1, y1) = places[start], places[end]
            bend = f"arc3,rad={-0.22 if x1 - x0 > 3 else 0}"  # a long arrow passes no other chapter
            ax.annotate("", (x1, y1 + 0.34), (x0, y0 - 0.36),
                        arrowprops={"arrowstyle": "->", "color": plots.PREDICTION, "lw": 1.2, "ls": "--", "connectionstyle": bend})
        for (part, chapters), color, row in zip(PARTS.items(), (plots.DESCENT, plots.NEWTON, plots.ADAPTIVE), (1, 2, 3)):
            ax.plot([1.15, 1.15 * len(chapters)], [-row, -row], color=color, lw=1.5)
            ax.text(-0.25, -row, part, color=color, fontsize=11.0, fontweight="bold", va="center")
            for i, words in enumerate(chapters, 1):
                x, y = places[f"{row}.{i}"]
                ax.plot(x, y, "o", color=color, ms=8)
                ax.text(x, y + 0.16, f"{row}.{i}", color=plots.INK, fontsize=9.0, ha="center")
                ax.text(x, y - 0.29, words, color=plots.INK, fontsize=9.0, ha="center")
        called = {f"{row}.{i}": words for row, words_of in enumerate(PARTS.values(), 1) for i, words in enumerate(words_of, 1)}
        threads = ", ".join(f"from {start} ({called[start]}) to {end} ({called[end]})" for start, end in THREADS)
        return f"The book has {len(places)} chapters in {len(PARTS)} parts. A dashed arrow leads to a chapter that builds on another one: {threads}."

    return Picture(map_of_the_book, panel_height=2.6)
