"""Figures of chapter 2.2, When Newton is wrong."""

import numpy as np

from slopes import plots
from slopes.activations import sigmoid
from slopes.figures import Choice, Explorer, Picture, Slider
from slopes.landscapes import Kind, himmelblau, kind_of, wave
from slopes.newton import AbsoluteNewton, Backtracking, TrustRegion
from slopes.objectives import Objective, hyperbola, rosenbrock
from slopes.optimizers import Newton, Status, grad_below, run

STEPS, REACH = 10, (-18.0, 30.0)
TAIL = Objective("the sigmoid", sigmoid.value, sigmoid.deriv, sigmoid.second)
FUNCTIONS = {"√(1 + x²)": hyperbola(), "x cos(0.15πx)": wave(), "the sigmoid": TAIL}
RULES = {"Newton": Newton(), "Newton with backtracking": Backtracking(Newton()), "|f″| in place of f″": AbsoluteNewton(),
         "a trust region": TrustRegion(2.0)}
BLUES = ("#0067a5", "#4d97c6", "#004672", "#86bbdb")  # four minima
KINDS = {Kind.SADDLE: plots.NEWTON, Kind.MAXIMUM: plots.PREDICTION, Kind.DEGENERATE: plots.OTHER, Kind.NOT_STATIONARY: plots.FLAT}


def one_start():
    """One function, one start, and Newton's method or one of its repairs: the parabola that it believes in, and where it goes."""
    x = np.linspace(*REACH, 97)
    heights = {name: 1.0 / np.max(np.abs(f.value(x))) for name, f in FUNCTIONS.items()}

    def one_start(left, right):
        plots.frame(left, "f, and its parabola at the start", "x", xlim=REACH, ylim=(-1.1, 1.1))
        left.set_yticklabels([])
        plots.frame(right, "where the run is", "steps taken", "x", xlim=(0, STEPS), ylim=REACH)
        (curve,) = left.plot([], [], color=plots.MUTED, lw=1.2, animated=True)
        (model,) = left.plot([], [], "--", color=plots.PREDICTION, lw=1.2, animated=True)
        (first,) = left.plot([], [], "o", color=plots.NEWTON, ms=6, animated=True)
        (landed,) = left.plot([], [], "D", color=plots.NEWTON, ms=5, mfc="none", animated=True)
        (walk,) = right.plot([], [], "o-", color=plots.NEWTON, lw=1.0, animated=True)

        def move(function, rule, start):
            f, height = FUNCTIONS[function], heights[function]
            path = run(RULES[rule], f, start, STEPS, until=grad_below(1e-9))
            at, near = f.at(float(start)), x[np.abs(x - start) < 14]
            parabola = at.value + at.grad * (near - start) + 0.5 * at.hess * (near - start) ** 2
            inside = np.abs(height * parabola) < 1.1
            curve.set_data(x, height * f.value(x))
            model.set_data(near[inside], height * parabola[inside])
            first.set_data([start], [height * at.value])
            landed.set_data([np.clip(path.x[1:2], -90, 90), height * path.value[1:2]] if path.steps else [[], []])
            walk.set_data(np.arange(len(path.x)), np.clip(path.x, -90, 90))
            return f"On {function} from {start:g}, where f″ = {_signed(at.hess)}, {rule} {_fate(f, path)}."

        return move

    return Explorer(
        one_start,
        function=Choice("function", {name: name for name in FUNCTIONS}, start="x cos(0.15πx)"),
        rule=Choice("rule", {name: name for name in RULES}),
        start=Slider("start", (-6.0, -3.0, -1.5, -0.5, 0.5, 1.5, 3.0, 5.0, 7.0, 10.0), start=10.0),
    )


def _fate(f, path):
    if path.status == Status.STUCK:
        where = f"after {path.steps} steps" if path.steps else "at the start"
        return f"is stuck {where}, because its direction does not point downhill"
    if path.diverged or not np.all(np.abs(path.x) < 1e4):
        return f"is thrown out, and passes 10,000 after {np.argmax(np.abs(path.x) > 1e4)} steps"
    if path.converged and f is TAIL:
        return f"is after {path.steps} steps at {_signed(path.last)}, where the slope is below 10⁻⁹ and there is no minimum"
    if path.converged:
        what = Kind(int(kind_of(f, path.last))).words
        article = "" if what in ("degenerate", "not stationary") else "a "
        return f"comes in {path.steps} steps to {_signed(path.last)}, {article}{what} with f″ = {_signed(f.hess(path.last))}"
    return f"is after {path.steps} steps at {_signed(path.last)} and has not arrived"


def _signed(number):
    text = f"{number:.2f}" if abs(number) >= 0.01 or abs(number) < 1e-9 else f"{number:.1e}"
    return text if float(text) else "0.00"


def first_steps(x, landed, limits):
    """How far out one step of Newton's method lands, against how far out it began.

    x: (n,). landed: for each function by name where it lands, (n,). limits: the thresholds of those that have one.
    """
    looks = zip(landed, (plots.NEWTON, plots.DESCENT, plots.ADAPTIVE), ("-", "-.", (0, (6, 1, 1, 1))), (2.8, 2.6, 0.6), (-6, 6, 0), (0, -8, -14))

    def first_steps(ax):
        plots.frame(ax, "where one Newton step lands", "distance of the start", "distance after it", xlim=(0, x[-1]), ylim=(0, 4))
        ax.fill_between(x, x, 4, color=plots.FLAT)
        ax.plot(x, x, "--", color=plots.PREDICTION)
        plots.label(ax, 0.06, 3.6, "further out than it began", color=plots.INK, dx=0)
        for name, color, dash, height, dx, dy in looks:
            ax.plot(x, landed[name], ls=dash, color=color)
            if name in limits:
                ax.plot(limits[name], limits[name], "D", color=color, ms=5)
            at = np.argmin(np.abs(landed[name] - height))
            plots.label(ax, x[at], landed[name][at], name, color=color, dx=dx, dy=dy, ha="right" if dx < 0 else "left")
        found = " and ".join(f"{limit:.4f} for {name}" for name, limit in limits.items())
        safe = [name for name in landed if np.all(landed[name] <= x)]
        never = f", and from none of the {len(x)} starts for {' and '.join(safe)}" if safe else ""
        return f"One step of Newton's method ends further out than it began beyond {found}{never}."

    return Picture(first_steps, panel_height=3.1)


def basin_maps(maps, side):
    """Three maps of starts in the square from -side to side, by the kind of point that each start leads to.

    maps: {name: Basins}, each of shape (n, n).
    """
    names, found, marked = list(maps), list(maps.values()), _stationary(himmelblau())
    minima = marked[0][0]

    def basin_maps(left, middle, right):
        for ax, name, basin in zip((left, middle, right), names, found):
            plots.frame(ax, name, xlim=(-side, side), ylim=(-side, side))
            ax.set_xticks((-5, 0, 5)), ax.set_yticks((-5, 0, 5))
            ax.grid(False)
            ax.set_position((0.11, 0.09, 0.85, 0.80))
            ax.imshow(_colours(basin, minima), origin="lower", extent=(-side, side, -side, side), interpolation="nearest")
            for points, mark in marked:
                ax.plot(*points.T, mark, color="#f4f1ea", mec="#101010", mew=0.8, ms=6)
        return f"Of {found[0].kind.size:,} starts, {'; '.join(map(_shares, names, found))}."

    return Picture(basin_maps, panel_height=3.08)


def _stationary(f):
    """The stationary points of f among the ends of Newton runs, by kind: minima, saddles, maxima."""
    line = np.linspace(-5, 5, 21)
    ends = run(Newton(), f, np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2), 100, until=grad_below(1e-9), keep="last")
    points = np.unique(np.round(ends.last[ends.converged], 6), axis=0)
    kinds = kind_of(f, points, 1e-2)
    return [(points[kinds == kind], mark) for kind, mark in ((Kind.MINIMUM, "o"), (Kind.SADDLE, "X"), (Kind.MAXIMUM, "^"))]


def _colours(basin, minima):
    """An image, (n, n, 3) of bytes: blue where a start leads to a minimum, a shade for each of them."""
    nearest = np.argmin(np.linalg.norm(basin.last[..., None, :] - minima, axis=-1), axis=-1)
    names = np.select([basin.kind == Kind.MINIMUM], [nearest], len(minima) + basin.kind)
    palette = [*BLUES[: len(minima)], BLUES[0], *(KINDS[kind] for kind in list(Kind)[1:])]
    return np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in palette], np.uint8)[names]


def _shares(name, basin):
    if np.all(basin.kind == Kind.MINIMUM):
        return f"{name} leads all of them to a minimum"
    parts = [f"{100 * basin.share(kind):.0f}% to {words}" for kind, words in
             ((Kind.MINIMUM, "a minimum"), (Kind.SADDLE, "a saddle"), (Kind.MAXIMUM, "the maximum"))
             if basin.share(kind) >= 0.005]
    rest = basin.share(Kind.NOT_STATIONARY) + basin.share(Kind.DEGENERATE)
    return f"{name} leads " + ", ".join(parts) + (f" and {100 * rest:.0f}% nowhere" if rest >= 0.005 else "")


def two_paths(pure, searched):
    """Newton's method on Rosenbrock's valley, whole steps against backtracking: the paths, and f along them."""
    f = rosenbrock()

    def two_paths(left, right):
        a, b = np.meshgrid(np.linspace(-2, 2, 121), np.linspace(-3.5, 2.5, 121))
        plots.frame(left, "the path from (−1.2, 1)", "x₁", "x₂", xlim=(-2, 2), ylim=(-3.5, 2.5))
        left.contour(a, b, np.log10(f.value(np.stack([a, b], axis=-1)) + 1e-3), levels=(-0.5, 0.5, 1.5, 2.5), colors=plots.MUTED,
                     linestyles="solid", linewidths=0.7)
        plots.frame(right, "f above its minimum", "steps taken", logy=True, xlim=(0, len(searched.value) - 1), ylim=(1e-16, 1e4))
        for path, mark, color, name in ((pure, "x--", plots.NEWTON, "whole steps"), (searched, "o-", plots.ADAPTIVE, "backtracking")):
            left.plot(*path.x.T, mark, color=color, lw=1.1, ms=5)
            right.plot(np.maximum(path.value, 1e-18), mark, color=color, lw=1.1, ms=5)
            at = 2 if path is pure else len(path.value) // 2
            plots.label(right, at, path.value[at], name, color=color, dx=8, dy=-4 if path is pure else 6)
        plots.label(left, 1, 1, "minimum", color=plots.INK, dx=-6, dy=10, ha="right")
        low = np.argmax(pure.value > pure.value[0])
        return (f"Whole Newton steps take {len(pure.value) - 1} to come below 10⁻¹⁸, and step {low} throws f up to {pure.value[low]:.0f}, from "
                f"{pure.value[low - 1]:.1f}; with backtracking f falls at every one of {len(searched.value) - 1} steps.")

    return Picture(two_paths)


def uphill(paths):
    """Three ways to walk in the right tail of a sigmoid. paths: {name: Path}, each from the same start."""
    looks = list(zip(paths.items(), (plots.NEWTON, plots.ADAPTIVE, plots.DESCENT), ("o", "s", "^"), (2, -8, 6)))

    def uphill(left, right):
        z = np.linspace(-6, 22, 141)
        plots.frame(left, "the sigmoid, and f″ below 0 on its right", "z", xlim=(-6, 22), ylim=(-0.05, 1.12))
        left.axvspan(0, 22, color=plots.FLAT)
        left.plot(z, sigmoid.value(z), color=plots.MUTED, lw=1.2)
        plots.frame(right, "where the run is", "steps taken", "z", xlim=(0, 10), ylim=(-6, 22))
        for (name, path), color, mark, dy in looks:
            walk = path.x[:11]
            left.plot(walk, sigmoid.value(walk), mark, color=color, ms=4)
            right.plot(walk, mark + "-", color=color, lw=1.0)
            plots.label(right, 10, walk[10], name, color=color, dx=-8, dy=dy, ha="right")
        ends = ", ".join(f"{name} has gone from {path.x[0]:g} to {_signed(path.x[10])}" for name, path in paths.items())
        return f"After 10 steps on the sigmoid {ends}; downhill is to the left."

    return Picture(uphill)
