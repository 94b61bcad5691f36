"""Figures of chapter 1.3, One step size, many directions."""

import numpy as np
from matplotlib.patches import Ellipse

from slopes import plots, theory
from slopes.figures import Explorer, Picture, Slider
from slopes.objectives import parabola, quadratic
from slopes.optimizers import GradientDescent, Momentum, run


def zigzag():
    """Gradient descent from the corner (1, 1) of a valley that can be narrowed and turned."""
    steps, n = 18, np.arange(0, 19, 2)

    def zigzag(left, right):
        plots.frame(left, "seen from above", "x₁", "x₂", xlim=(-1.75, 1.75), ylim=(-1.5, 1.5))
        plots.frame(right, "distance to the minimum", "steps taken", logy=True, xlim=(0, steps), ylim=(1e-6, 10))
        plots.label(left, 0, 0, "+", color=plots.INK, dx=-4, dy=-4)
        rings = [left.add_patch(Ellipse((0, 0), 1, 1, fill=False, ec=plots.MUTED, lw=0.9, animated=True)) for _ in range(3)]
        (walk,) = left.plot([], [], color=plots.DESCENT, lw=1.2, animated=True)
        (ends,) = left.plot([], [], "o", color=plots.DESCENT, animated=True)
        (measured,) = right.plot([], [], "o", color=plots.DESCENT, animated=True)
        (predicted,) = right.plot([], [], "--", color=plots.PREDICTION, animated=True)

        def move(kappa, product, angle):
            turn, eps = np.radians(angle), product / kappa
            f = quadratic(np.diag([1.0, kappa])).rotated(-turn)
            cos, sin = np.cos(turn), np.sin(turn)
            path = run(GradientDescent(eps), f, np.array([cos - sin, sin + cos]), steps)
            for ring, half in zip(rings, (0.3, 0.8, 1.4)):
                ring.set(width=2 * half * np.sqrt(kappa), height=2 * half, angle=angle)
            walk.set_data(path.x.T)
            ends.set_data(path.x[[0, -1]].T)
            along, across = theory.error_factor(eps, [1.0, kappa])
            distance = np.linalg.norm(path.x, axis=-1)[n]
            expected = np.hypot(along**n, across**n)
            measured.set_data(n[distance > 1e-9], distance[distance > 1e-9])
            predicted.set_data(n[expected > 1e-9], expected[expected > 1e-9])
            return (f"With kappa = {kappa:g}, turned by {angle:g}°, and eps = {eps:.3g} each step multiplies the error along the valley by "
                    f"{along:.3g} and across it by {across:.3g}; {steps} steps leave {_short(distance[-1])} of {distance[0]:.2f}, "
                    f"and the prediction is {_short(expected[-1])}.")

        return move

    products = (0.5, 1.0, 1.5, 1.82, 1.94, 1.98, 2.0, 2.05)
    return Explorer(
        zigzag,
        panel_height=3.2,
        kappa=Slider("kappa", (1, 3, 10, 30, 100), start=10),
        product=Slider("eps × largest curvature", products, start=1.82),
        angle=Slider("rotation", (0, 30, 60), start=30, unit="°"),
    )


def two_factors(kappa):
    """The error factors of the flattest and the steepest direction against the step size, and where the worse of them is least."""
    eps = np.linspace(0, 2.2, 221) / kappa
    along, across = np.abs(theory.error_factor(eps[:, None], [1.0, kappa])).T

    def two_factors(ax):
        worst, best = np.maximum(along, across), theory.best_step(1.0, kappa)
        plots.frame(ax, f"size of the error factors at kappa = {kappa:g}", "eps × largest curvature", xlim=(0, 2.2), ylim=(0, 1.25))
        ax.axvspan(2.0, 2.2, color=plots.FLAT, lw=0)
        ax.plot(kappa * eps, along, color=plots.DESCENT)
        ax.plot(kappa * eps, across, "-.", color=plots.NEWTON)
        ax.plot(kappa * best, theory.descent_rate(kappa), "D", color=plots.PREDICTION, ms=7)
        plots.label(ax, 0.25, along[25], "along the valley", color=plots.DESCENT, dy=6)
        plots.label(ax, 0.5, across[50], "across it", color=plots.NEWTON, dx=6)
        plots.label(ax, kappa * best, theory.descent_rate(kappa), "best", color=plots.PREDICTION, dx=-6, dy=8, ha="right")
        plots.label(ax, 2.2, 1.25, "diverges", color=plots.INK, dx=0, dy=3, ha="right")
        found = np.argmin(worst)
        return (f"The worse of the two factors is least, {worst[found]:.3f}, at eps times the largest curvature = {kappa * eps[found]:.2f}; "
                f"the prediction is {theory.descent_rate(kappa):.3f} at {kappa * best:.2f}.")

    return Picture(two_factors, panel_height=2.9)


def square_corners(x, value, rate):
    """The path of exact line search on the valley of kappa = 10, and the fall of f. x: (t, 2), value: (t,)."""

    def square_corners(left, right):
        plots.frame(left, "the path from (10, 1)", "x₁", "x₂", xlim=(-0.5, 10.8), ylim=(-4.83, 4.83))
        for level in value[:4]:
            left.add_patch(Ellipse((0, 0), 2 * np.sqrt(2 * level), 2 * np.sqrt(2 * level / 10), fill=False, ec=plots.MUTED, lw=0.9))
        left.plot(x[:, 0], x[:, 1], "o-", color=plots.DESCENT, lw=1.0, ms=3.5)
        n = np.arange(len(value))
        plots.frame(right, "f", "steps taken", logy=True, xlim=(0, n[-1]), ylim=(value[-1] / 2, 2 * value[0]))
        right.plot(n, value[0] * rate**n, "--", color=plots.PREDICTION)
        right.plot(n, value, "o", color=plots.DESCENT)
        off, step = np.max(np.abs(value[1:] / value[:-1] / rate - 1)), np.diff(x, axis=0)
        heading = np.degrees(np.arctan2(step[:, 1], step[:, 0]))
        corner = np.abs((np.diff(heading) + 180) % 360 - 180)
        exact = "to twelve digits" if off < 1e-12 else f"to within {off:.1e}"
        bent = np.max(np.abs(corner - 90))
        right_angle = "to a billionth of a degree" if bent < 1e-9 else f"to within {bent:.1e} of a degree"
        return (f"Each of {n[-1]} steps leaves {rate:.6f} = (9/11)² of f, {exact}, and f falls from {value[0]:g} to {_short(value[-1])}; "
                f"the path turns by 90° at every corner, {right_angle}.")

    return Picture(square_corners)


def steps_by_kappa(kappa, counted, predicted):
    """Steps to a tenth of the error against the condition number.

    kappa: (n,). counted, predicted: (3, n), for gradient descent, exact line search and momentum.
    """
    methods = ("gradient descent", "exact line search", "momentum")
    looks = zip(methods, counted, predicted, (plots.DESCENT, plots.NEWTON, plots.ADAPTIVE), ("o", "x", "s"), (6, 6, 4), (3, 2, 2))

    def steps_by_kappa(ax):
        plots.frame(ax, "steps to a tenth of the error", "condition number kappa", logx=True, logy=True, xlim=(1, 2.5e4), ylim=(1, 1e5))
        for method, counts, expected, color, mark, size, here in looks:
            ax.plot(kappa, expected, "--", color=plots.PREDICTION, lw=1.2)
            ax.plot(kappa, counts, mark, color=color, ms=size)
            below = method == "momentum"
            plots.label(ax, kappa[here], counts[here], method, color=color, dx=4 if below else -8, dy=-14 if below else 6, ha="left" if below else "right")
        worst = int(np.max(np.abs(counted - predicted)))
        ends = ", ".join(f"{method} {counts[-1]:,}" for method, counts in zip(methods, counted))
        powers = ", ".join(f"{theory.exponents(counts[-3:], kappa[-3:])[0]:.2f}" for counts in counted)
        return (f"At kappa = {kappa[-1]:,.0f} the counts are: {ends}. Over the last three points they grow like kappa to the powers "
                f"{powers}; the prediction {f'is off by at most {worst}' if worst else 'is right every time'}.")

    return Picture(steps_by_kappa, panel_height=3.2)


def heavy_ball():
    """Momentum on a valley with kappa = 100: its factor in every direction, and the run, for two numbers to tune."""
    kappa, steps = 100.0, 100
    curvature, n = np.geomspace(1, kappa, 25), np.arange(steps + 1)
    measured_at, valley = curvature[::4], quadratic(np.diag([1.0, kappa]))
    best, plain = theory.momentum_rate(kappa), theory.descent_rate(kappa)

    def heavy_ball(left, right):
        plots.frame(left, "factor per step, direction by direction", "curvature of the direction", logx=True, xlim=(1, kappa), ylim=(0, 1.3))
        plots.frame(right, "distance to the minimum", "steps taken", logy=True, xlim=(0, steps), ylim=(1e-8, 10))
        left.axhline(best, color=plots.MUTED, lw=0.8)
        plots.label(left, 1, best, "the best there is", color=plots.MUTED, dx=4, dy=-12)
        right.plot(n, np.sqrt(2) * plain**n, "-.", color=plots.DESCENT, lw=1.2)
        plots.label(right, 40, np.sqrt(2) * plain**40, "gradient descent", color=plots.DESCENT, dx=0, dy=-14)
        (law,) = left.plot([], [], "--", color=plots.PREDICTION, animated=True)
        (factors,) = left.plot([], [], "s", color=plots.ADAPTIVE, ms=4, animated=True)
        (walk,) = right.plot([], [], "s-", color=plots.ADAPTIVE, ms=3, lw=1.0, markevery=5, animated=True)

        def move(decay, product):
            rule = Momentum(product / kappa, decay)
            expected = theory.momentum_factor(product / kappa, decay, curvature)
            law.set_data(curvature, expected)
            found = _factors(rule, measured_at)
            factors.set_data(measured_at[found > 0], found[found > 0])
            distance = np.linalg.norm(run(rule, valley, np.ones(2), steps).x, axis=-1)
            shown = (distance < 1e6) & (np.arange(len(distance)) % 2 == 0)
            walk.set_data(n[: len(distance)][shown], distance[shown])
            slow = np.argmax(expected)
            slowest = "every direction" if np.ptp(expected) < 1e-9 else f"the slowest direction, of curvature {curvature[slow]:.3g},"
            fate = "does not converge" if expected[slow] >= 1 else f"has {_short(distance[-1])} left after {steps} steps"
            return (f"With decay {decay:g} and eps × {kappa:g} = {product:g} {slowest} is multiplied by "
                    f"{expected[slow]:.3f} a step, and the run {fate}; gradient descent at its best leaves {plain**steps * np.sqrt(2):.2f}.")

        return move

    return Explorer(
        heavy_ball,
        decay=Slider("decay", (0, 0.2, 0.4, 0.55, 0.67, 0.8, 0.9, 0.97), start=0),
        product=Slider("eps × largest curvature", (0.5, 1, 1.5, 1.98, 2.5, 3, 3.3, 3.7), start=1.98),
    )


def _factors(rule, curvature):
    """The measured factor of a step in each direction; 0 where the run has landed or diverged."""
    x = run(rule, parabola(curvature), 1.0, 200, bound=1e9).x
    early, late = (np.abs(x[a : a + 40]).max(axis=0) for a in (len(x) - 120, len(x) - 40))
    fine = (late > 1e-200) & (late < 1e8)
    return np.where(fine, late / np.where(fine, early, 1.0), 0.0) ** (1 / 80)


def three_points(descent, momentum):
    """The iterates of gradient descent, which converges, and of momentum, which goes round three points. Both: (t,)."""

    def three_points(ax):
        n = np.arange(len(momentum))
        plots.frame(ax, "x", "steps taken", xlim=(0, n[-1]), ylim=(-3.6, 3.7))
        ax.plot(n, descent, "o-", color=plots.DESCENT, lw=1.0, ms=3)
        ax.plot(n, momentum, "s-", color=plots.ADAPTIVE, lw=1.0, ms=3)
        plots.label(ax, n[-1], -2.9, "circles: gradient descent, ever nearer to 0", color=plots.DESCENT, dx=-4, ha="right")
        plots.label(ax, n[-1], momentum[-3:].max(), "squares: momentum", color=plots.ADAPTIVE, dx=-4, dy=10, ha="right")
        cycle = ", ".join(f"{x:.4f}" for x in sorted(momentum[-3:]))
        return (f"After {n[-1]} steps gradient descent is {_short(abs(descent[-1]))} from the minimum; momentum goes round "
                f"three points, {cycle}, for ever.")

    return Picture(three_points, panel_height=2.9)


def _short(number):
    """A number as readers write it: 0.0605, 61.9, 1.2e-06."""
    return f"{number:.3g}" if number == 0 or 1e-3 <= abs(number) < 1e5 else f"{number:.1e}"
