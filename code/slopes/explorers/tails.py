"""Figures of chapter 3.2, Tails."""

import numpy as np

from slopes import plots
from slopes.activations import ACTIVATIONS
from slopes.figures import Choice, Explorer, Picture, Slider

NAMES = ("sigmoid", "tanh", "arctan", "softsign", "softplus", "relu", "leaky_relu", "elu", "gelu", "silu", "lecun_tanh")


def one_activation():
    """An activation, its slope and the power of ten of its slope, with the law of each tail."""
    x, far = np.linspace(-12, 12, 97), np.linspace(4, 12, 17)

    def one_activation(left, right):
        plots.frame(left, "value and slope", "x", xlim=(-12, 12), ylim=(-2, 4))
        plots.frame(right, "power of ten of the slope's size", "x", xlim=(-12, 12), ylim=(-12, 1))
        plots.label(left, -11.5, 3.4, "value", color=plots.MUTED, dx=0)
        plots.label(left, -11.5, 2.8, "slope, dashed", color=plots.NEWTON, dx=0)
        plots.label(right, -11.5, -11.5, "dots: the law of the tail", color=plots.PREDICTION, dx=0)
        (value,) = left.plot([], [], color=plots.MUTED, lw=1.4, animated=True)
        (slope,) = left.plot([], [], "--", color=plots.NEWTON, animated=True)
        (log,) = right.plot([], [], color=plots.NEWTON, animated=True)
        (law,) = right.plot([], [], "o", color=plots.PREDICTION, ms=3, animated=True)
        (here,) = left.plot([], [], "D", color=plots.INK, ms=5, animated=True)
        (there,) = right.plot([], [], "D", color=plots.INK, ms=5, animated=True)

        def move(name, at):
            f = ACTIVATIONS[name]
            ten = np.maximum(f.log_deriv(x) / np.log(10), -30.0)
            value.set_data(x, f.value(x))
            slope.set_data(x, f.deriv(x))
            log.set_data(x, ten)
            expected = np.concatenate([f.left.log_slope(far)[::-1], f.right.log_slope(far)]) / np.log(10)
            law.set_data(np.concatenate([-far[::-1], far]), np.maximum(expected, -30.0))
            here.set_data([at], [f.deriv(float(at))])
            power = f.log_deriv(float(at)) / np.log(10)
            there.set_data([at], [max(power, -30.0)])
            size = f"{float(f.deriv(float(at))):.3g}"
            deep = "nothing comes back through it" if np.isneginf(power) else f"ten such slopes multiply to 10 to the power {round(float(10 * power), 1) + 0.0:.1f}"
            return f"At x = {at:g} the slope of {name} is {size}; {deep}."

        return move

    return Explorer(
        one_activation,
        name=Choice("activation", {name: name for name in NAMES}, start="sigmoid"),
        at=Slider("x", (-10, -8, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 8, 10), start=5),
    )


def far_out(r, curves, laws):
    """Log-slopes at distances r, measured and by their laws. curves, laws: {name: (n,)}, natural logarithms."""
    looks = ((plots.DESCENT, "o"), (plots.NEWTON, "s"), (plots.ADAPTIVE, "^"), (plots.OTHER, "D"))

    def far_out(ax):
        plots.frame(ax, "power of ten of the slope", "distance r from 0", logx=True, xlim=(r[0], r[-1]), ylim=(-40, 3))
        for (name, curve), (color, mark) in zip(curves.items(), looks):
            ten, law = curve / np.log(10), laws[name] / np.log(10)
            ax.plot(r, law, "--", color=plots.PREDICTION, lw=1.2)
            ax.plot(r, ten, mark, color=color, ms=4, markevery=4)
            at = np.flatnonzero(ten > -36)[-1]
            over = at == len(r) - 1
            plots.label(ax, r[at], ten[at], name, color=color, dx=0 if over else 7, dy=8 if over else -3, ha="right" if over else "left")
        at = np.argmin(np.abs(r - 30))
        said = ", ".join(f"{curve[at] / np.log(10):.1f} ({name})" for name, curve in curves.items())
        off = max(np.max(np.abs(curves[name] - laws[name])[r > 10]) for name in curves)
        return f"At r = {r[at]:.0f} the powers of ten are {said}; beyond r = 10 the laws are off by at most {np.expm1(off):.0%} of the slope."

    return Picture(far_out, panel_height=3.0)


def two_slopes(x, sigmoid, tanh, cross):
    """The slopes of the sigmoid and of tanh at the same input, and where they cross. x, sigmoid, tanh: (n,)."""
    def two_slopes(ax):
        plots.frame(ax, "slope at the same input", "x", logy=True, xlim=(x[0], x[-1]), ylim=(1e-6, 3))
        ax.axvspan(cross, x[-1], color=plots.FLAT)
        ax.plot(x, sigmoid, color=plots.DESCENT)
        ax.plot(x, tanh, "-.", color=plots.NEWTON)
        ax.plot(cross, np.interp(cross, x, sigmoid), "D", color=plots.PREDICTION, ms=6)
        at = np.argmin(np.abs(x - 4))
        plots.label(ax, x[at], sigmoid[at], "sigmoid", color=plots.DESCENT, dy=8)
        plots.label(ax, x[at], tanh[at], "tanh", color=plots.NEWTON, dx=-30, dy=-12)
        ratio = sigmoid / tanh
        return (f"The slope of tanh is {1 / ratio[0]:.0f} times that of the sigmoid at {x[0]:g}, equal to it at {cross:.4f}, and {ratio[np.argmin(np.abs(x - 5))]:.0f} times "
                f"smaller at 5.")

    return Picture(two_slopes, panel_height=2.8)
