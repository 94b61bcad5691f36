"""The look of every figure: colours by role, panels of one size, direct labels, plain-text ticks.

Functions here turn arrays into artists. They run no algorithm.
"""

import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

# Role: (in a light theme, in a dark one). The page swaps one for the other. Both reach a contrast
# of 4.5 to 1 against their paper where they colour text or lines (ink to other); the hues are told
# apart with red-green colour blindness, and a dash or a marker always says the same thing again.
ROLES = {
    "paper": ("#ffffff", "#14181e"),
    "ink": ("#1b2230", "#e8e6e1"),
    "muted": ("#5c6472", "#a3abb8"),
    "grid": ("#e4e7ec", "#2b323d"),
    "descent": ("#0067a5", "#62b5f0"),
    "newton": ("#b8460e", "#f59b62"),
    "adaptive": ("#08785c", "#49c7a2"),
    "prediction": ("#7a3f98", "#cda2e6"),
    "other": ("#8a5a00", "#e0b04c"),
    "flat": ("#f9edc6", "#433b1c"),
}
INK, MUTED, GRID, DESCENT, NEWTON, ADAPTIVE, PREDICTION, OTHER, FLAT = (
    ROLES[role][0]
    for role in ("ink", "muted", "grid", "descent", "newton", "adaptive", "prediction", "other", "flat")
)

STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "slopes",
    "font.family": "DejaVu Sans",
    "font.size": 10.0,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "axes.titlesize": 10.0,
    "axes.titlelocation": "left",
    "axes.titlecolor": INK,
    "axes.labelsize": 10.0,
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.xmargin": 0.02,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelsize": 9.0,
    "ytick.labelsize": 9.0,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "lines.linewidth": 1.8,
    "lines.markersize": 4.5,
    "patch.linewidth": 0.0,
    "mathtext.default": "regular",
}

_WIDTHS = {1: 4.8, 2: 3.5, 3: 2.9}  # inches a panel, by how many stand side by side
_MARGINS = {"left": 0.62, "right": 0.22, "bottom": 0.50, "top": 0.34}  # inches


def style():
    """A context in which matplotlib draws in the book's style, whatever the reader's own settings."""
    return rc_context(STYLE)


def panels(count, height=2.7):
    """`count` axes of one size, each on a figure of its own, so that a page may stack them."""
    if count not in _WIDTHS:
        raise ValueError(f"a figure has 1, 2 or 3 panels, got {count}")
    width = _WIDTHS[count]
    left, right = _MARGINS["left"] / width, 1 - _MARGINS["right"] / width
    bottom, top = _MARGINS["bottom"] / height, 1 - _MARGINS["top"] / height
    figures = [Figure(figsize=(width, height), dpi=72) for _ in range(count)]
    return [figure.add_axes((left, bottom, right - left, top - bottom)) for figure in figures]


def frame(ax, title=None, x=None, y=None, xlim=None, ylim=None, logx=False, logy=False):
    """Title, axis labels, limits and scales of one panel; log ticks in plain text, such as 10⁻³."""
    ax.set(title=title or "", xlabel=x or "", ylabel=y or "")
    for axis, log, limits in ((ax.xaxis, logx, xlim), (ax.yaxis, logy, ylim)):
        if log:
            getattr(ax, f"set_{axis.axis_name}scale")("log")
            axis.set_major_locator(LogLocator(numticks=6))
            axis.set_minor_locator(NullLocator())
            axis.set_major_formatter(FuncFormatter(lambda value, _: power_of_ten(value)))
        if limits is not None:
            getattr(ax, f"set_{axis.axis_name}lim")(limits)
    ax.grid(True)
    ax.set_axisbelow(True)
    return ax


_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def power_of_ten(value):
    """A tick label in plain text: 0.1, 1 and 10 as they are, other powers of ten as 10⁻³."""
    exponent = np.log10(value)
    if abs(exponent - round(exponent)) > 1e-9:
        return f"{value:g}"
    exponent = round(exponent)
    return f"{value:g}" if -1 <= exponent <= 2 else "10" + str(exponent).translate(_SUPERSCRIPTS)


def label(ax, x, y, text, color=INK, dx=4, dy=0, **kwargs):
    """A direct label at the data point (x, y), moved by (dx, dy) points."""
    return ax.annotate(text, (x, y), (dx, dy), textcoords="offset points", color=color,
                       fontsize=9.0, annotation_clip=False, **kwargs)


def room(ax, points):
    """Narrow a panel by so many points, so that labels fit at the ends of its lines."""
    x, y, width, height = ax.get_position().bounds
    ax.set_position((x, y, width - points / (72.0 * ax.figure.get_figwidth()), height))


def end_labels(ax, ends, gap=11.0):
    """A direct label at the right of each end (x, y, text, color), moved up or down as little as keeps them `gap` points apart."""
    height = lambda end: ax.transData.transform(end[:2])[1] * 72.0 / ax.figure.dpi
    ends = sorted(ends, key=height)
    n = len(ends)
    free = np.array([height(end) for end in ends]) - gap * np.arange(n)
    apart = [max(min(free[i : j + 1].mean() for j in range(k, n)) for i in range(k + 1)) for k in range(n)]  # isotonic regression
    return [label(ax, x, y, text, color=color, dx=5, dy=place - at, va="center")
            for (x, y, text, color), at, place in zip(ends, free, apart)]
