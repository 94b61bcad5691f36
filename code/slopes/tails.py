"""The law of an activation's tail, fitted to the logarithm of its slope far out, and where two slopes cross."""

import numpy as np

from slopes.activations import Tail, get
from slopes.search import bisect

SIDES = {"left": -1.0, "right": 1.0}


def fitted(activation, side, low=1e3, high=1e4):
    """The `Tail` that fits the log-slope best between two distances, by least squares.

    side: "left" or "right". The laws are tried from the simplest one on: 0; a constant; a power of r;
    then a power times exp(-rate r), or times exp(-rate r^2). The slope itself may underflow; its
    logarithm does not. A correction of order 1/r to the law moves the fit by about as much.
    """
    if side not in SIDES:
        raise ValueError(f'side must be "left" or "right", got {side!r}')
    if not 0 < low < high:
        raise ValueError(f"low and high are distances with 0 < low < high, got {low} and {high}")
    r = np.geomspace(low, high, 200)
    log_slope = get(activation).log_deriv(SIDES[side] * r)
    if np.all(np.isneginf(log_slope)):
        return Tail("zero")
    ones, log = np.ones_like(r), np.log(r)
    for law, columns in (("constant", [ones]), ("polynomial", [ones, log]), ("exponential", [ones, log, r]), ("gaussian", [ones, log, r * r])):
        found, off = _least_squares(columns, log_slope)
        if off < 0.02 or law == "gaussian":
            break
    scale, power, rate = (*found, 0.0, 0.0)[:3]
    return Tail("polynomial", -power, np.exp(scale)) if law == "polynomial" else Tail(law, -rate, np.exp(scale), power)


def _least_squares(columns, values):
    a = np.stack(columns, axis=-1)
    size = np.abs(a).max(axis=0)
    found = np.linalg.lstsq(a / size, values, rcond=None)[0] / size
    return found, np.abs(a @ found - values).max()


def crossing(first, second, low, high):
    """The x between low and high at which two activations have the same slope, by bisection on their log-slopes."""
    f, g = get(first), get(second)
    above = f.log_deriv(low) > g.log_deriv(low)
    return float(bisect(lambda x: (f.log_deriv(x) > g.log_deriv(x)) == above, low, high, tolerance=1e-13))


def in_words(tail):
    """A tail's law in a line of text, such as "2 r^-2" or "4 exp(-2 r)"."""
    scale = f"{tail.scale:.3g}"
    if tail.law in ("zero", "constant"):
        return "0" if tail.law == "zero" else scale
    if tail.law == "polynomial":
        return f"{scale} r^-{tail.rate:.3g}"
    power = f" r^{tail.power:.2g}" if abs(tail.power) > 0.02 else ""
    return f"{scale}{power} exp(-{tail.rate:.3g} r{'²' if tail.law == 'gaussian' else ''})"
