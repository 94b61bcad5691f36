"""Figures of chapter 3.3, Flat is not finished."""

import numpy as np

from slopes import plots
from slopes.escape import entropy, flow_time, raising, squared, steps_to_leave
from slopes.figures import Choice, Explorer, Picture, Slider
from slopes.optimizers import GradientDescent, run

UNITS = {"sigmoid": raising("sigmoid"), "sigmoid, squared error": squared(), "sigmoid, cross-entropy": entropy(), "tanh": raising("tanh"),
         "arctan": raising("arctan"), "softsign": raising("softsign"), "ReLU": raising("relu"), "leaky ReLU": raising("leaky_relu"),
         "ELU": raising("elu"), "GELU": raising("gelu")}
STARTS = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0)
SHOWN = 200


def leaving():
    """A unit out in its tail, its cost, and how long gradient descent takes to bring it back to the middle."""
    r = np.linspace(0, 12.5, 51)
    times = {name: np.array([flow_time(f, start) for start in STARTS]) for name, f in UNITS.items()}
    counts = {(name, start): steps_to_leave(f, start, most=5000) for name, f in UNITS.items() for start in STARTS if flow_time(f, start) < 4000}

    def leaving(left, right):
        plots.frame(left, f"{SHOWN} steps with eps = 1", "steps taken", "distance from the middle", xlim=(0, SHOWN), ylim=(0, 13))
        plots.frame(right, "time to come back, by gradient flow", "distance of the start", logy=True, xlim=(0, 12.5), ylim=(0.5, 1e11))
        (walk,) = left.plot([], [], "o-", color=plots.DESCENT, lw=1.2, ms=3, markevery=10, animated=True)
        (curve,) = right.plot([], [], "--", color=plots.PREDICTION, animated=True)
        (here,) = right.plot([], [], "D", color=plots.INK, ms=6, animated=True)

        def move(unit, start):
            f = UNITS[unit]
            path = run(GradientDescent(1.0), f, start, SHOWN, until=lambda at: at.x <= 0)
            walk.set_data(np.arange(len(path.x)), np.clip(path.x, -5, 20))
            known = np.isfinite(times[unit])
            curve.set_data(np.array(STARTS)[known], times[unit][known])
            time = flow_time(f, start)
            here.set_data([start], [time]) if np.isfinite(time) else here.set_data([], [])
            slope = f"{float(f.grad(start)):.2g}"
            counted = counts.get((unit, start))
            if not np.isfinite(time):
                ends = "it never comes back: there is a place on the way where the slope is not downhill"
            elif counted is None:
                ends = f"gradient flow takes {_long(time)} to come back, and after {SHOWN} steps it is at {float(path.last):.2f}"
            else:
                ends = f"it comes back in {counted:,} steps; gradient flow takes {_long(time)}"
            return f"A unit with {unit}, {start:g} out in its tail, has the slope {slope}: {ends}."

        return move

    return Explorer(
        leaving,
        unit=Choice("unit", {name: name for name in UNITS}, start="sigmoid"),
        start=Slider("distance of the start", STARTS, start=5.0),
    )


def _long(time):
    return f"{time:,.1f}" if time < 1e5 else f"{time:.1e}"


def two_bounds(bowl, tail):
    """The gap f - f* against the size of the gradient: for a bowl that satisfies the inequality, and for half a squared sigmoid.

    bowl, tail: (grad_norm, gap, m) each, with arrays (n,) and the constant of the bound, gap <= grad^2 / 2m.
    """
    def two_bounds(left, right):
        for ax, (grad, gap, m), name in ((left, bowl, "x² + 3 sin² x"), (right, tail, "σ²/2")):
            plots.frame(ax, f"{name}: f above its least value", "size of the gradient", logx=True, logy=True, xlim=(1e-5, 10), ylim=(1e-10, 1e2))
            ax.plot(grad, gap, "o", color=plots.NEWTON, ms=3)
            if m > 1e-6:
                size = np.array([1e-5, 10.0])
                ax.plot(size, size**2 / (2 * m), "--", color=plots.PREDICTION)
                plots.label(ax, 1e-3, 1e-6 / (2 * m), "bound", color=plots.PREDICTION, dx=-6, dy=10, ha="right")
        small = lambda case: np.max(case[1][case[0] < 1e-3])
        return (f"Where the gradient is below a thousandth, x² + 3 sin² x is up to {small(bowl):.1e} above its minimum, and the bound with m = {bowl[2]:.2f} allows {1e-6 / (2 * bowl[2]):.1e}; "
                f"σ²/2 is up to {small(tail):.2f} above its least value.")

    return Picture(two_bounds)


def stalled(whole, bias, entropy):
    """The loss of a deep network, of one of which only the output bias is trained, and the entropy of the labels. (t,) each."""
    def stalled(ax):
        steps = np.arange(len(whole))
        plots.frame(ax, "distance of the loss from the entropy of the labels", "steps taken", logy=True, xlim=(0, steps[-1]), ylim=(1e-6, 1))
        for value, style, color, name, dy in ((whole, "o-", plots.NEWTON, "all layers trained", 8), (bias, "s--", plots.DESCENT, "only the output bias", 8)):
            above = np.abs(value - entropy)
            ax.plot(steps, np.maximum(above, 3e-7), style, color=color, lw=1.3, ms=3.5, markevery=10)
            at = 25 if value is whole else 60
            plots.label(ax, at, above[at], name, color=color, dx=6, dy=dy)
        return (f"After {steps[-1]} steps the loss is {whole[-1]:.4f} with all layers trained and {bias[-1]:.4f} with the output bias alone; "
                f"the entropy of the labels is {entropy:.4f}.")

    return Picture(stalled, panel_height=2.8)
