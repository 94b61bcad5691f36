"""Figures of chapter 3.4, Keeping the signal."""

import numpy as np

from slopes import meanfield, plots
from slopes.figures import Choice, Explorer, Picture, Slider
from slopes.search import bisect
from slopes.signal import sampled

LAYERS, WIDTH = 20, 120


def edge_of_chaos():
    """The two scales of a random network: where it lies on the map of theory, and what one sampled network does."""
    sigma_b = (0.0, 0.1, 0.22, 0.5, 1.0)
    edges = {"tanh": meanfield.critical_line("tanh", np.geomspace(1e-3, 20, 25)),
             "relu": (np.full(2, 2**0.5), np.array([0.0, 1.05])),  # chi does not depend on q, nor on sigma_b
             "gelu": _edge_from_one("gelu", np.linspace(0.0, 1.05, 11))}  # with small biases the start decides
    x = np.random.default_rng(0).standard_normal((8, WIDTH))
    layer = np.arange(1, LAYERS + 1)

    def edge_of_chaos(left, right):
        plots.frame(left, "the two scales", "weight scale sigma_w", "bias scale sigma_b", xlim=(0.4, 3), ylim=(-0.03, 1.05))
        plots.frame(right, "power of ten, layer by layer", "layer", xlim=(0, LAYERS), ylim=(-12, 8))
        plots.label(left, 0.5, 0.9, "vanishes", color=plots.INK, dx=0)
        plots.label(left, 2.4, 0.9, "explodes", color=plots.INK, dx=0)
        (edge,) = left.plot([], [], "--", color=plots.PREDICTION, animated=True)
        (here,) = left.plot([], [], "D", color=plots.NEWTON, ms=7, animated=True)
        (size,) = right.plot([], [], "s", color=plots.DESCENT, ms=3.5, animated=True)
        (grad,) = right.plot([], [], "o", color=plots.NEWTON, ms=3.5, animated=True)
        (size_law,) = right.plot([], [], "--", color=plots.PREDICTION, lw=1.2, animated=True)
        (grad_law,) = right.plot([], [], "--", color=plots.PREDICTION, lw=1.2, animated=True)
        plots.label(right, 0.4, 6.8, "circles: gradient", color=plots.NEWTON, dx=0)
        plots.label(right, 0.4, 5.4, "squares: signal", color=plots.DESCENT, dx=0)

        def move(name, sigma_w, sigma_b):
            trace = sampled("plain", name, x, LAYERS, np.random.default_rng(1), sigma_w=sigma_w, sigma_b=sigma_b)
            q = meanfield.variances(name, sigma_w**2 + sigma_b**2, sigma_w, sigma_b, LAYERS + 1)
            chi = meanfield.chi(name, np.minimum(q[1:], 1e12), sigma_w)
            back = np.append(np.cumsum(np.log10(np.maximum(chi[:-1], 1e-300))[::-1])[::-1], 0.0) / 2
            edge.set_data(*edges[name])
            here.set_data([sigma_w], [sigma_b])
            size.set_data(layer, _tens(trace.size))
            grad.set_data(layer, _tens(trace.grad))
            size_law.set_data(layer, np.clip(np.log10(np.maximum((q[1:] - sigma_b**2) / sigma_w**2, 1e-300)) / 2, -40, 40))
            grad_law.set_data(layer, np.clip(back, -40, 40))
            measured = 0.5 * np.log10(trace.grad[0] / trace.grad[-1]) if trace.grad[0] > 0 else -np.inf
            told = f"by 10 to the power {round(measured, 1) + 0.0:.1f}, where theory says {round(back[0], 1) + 0.0:.1f}" if np.isfinite(measured) else "to nothing"
            return (f"With {name}, sigma_w = {sigma_w:g} and sigma_b = {sigma_b:g} a layer multiplies the mean square of a gradient by chi = {float(chi[-1]):.2f} in the end; "
                    f"over {LAYERS} layers of {WIDTH} units it changes {told}.")

        return move

    return Explorer(
        edge_of_chaos,
        name=Choice("activation", {name: name for name in edges}),
        sigma_w=Slider("weight scale", (0.5, 0.8, 1.0, 1.2, 1.33, 1.41, 1.6, 2.0, 2.8), start=1.33),
        sigma_b=Slider("bias scale", sigma_b, start=0.22),
    )


def _edge_from_one(name, sigma_b, layers=100):
    """The sigma_w up to which chi ends below 1 for a signal of size 1, and sigma_b. sigma_b: (n,)."""
    def vanishes(sigma_w):
        q = meanfield.variances(name, sigma_w**2 + sigma_b**2, sigma_w, sigma_b, layers)[-1]
        return meanfield.chi(name, np.minimum(q, 1e12), sigma_w) < 1.0

    return bisect(vanishes, np.full(sigma_b.shape, 1.0), 3.0, tolerance=1e-3), sigma_b


def _tens(mean_square):
    return np.clip(0.5 * np.log10(np.maximum(mean_square, 1e-300)), -40, 40)


def critical_map(sigma_w, sigma_b, chi, edge):
    """chi of tanh over both scales, and the line where it is 1. sigma_w: (n,), sigma_b: (m,), chi: (m, n), edge: (sigma_w, sigma_b), (k,) each."""
    def critical_map(ax):
        plots.frame(ax, "bias scale sigma_b; lines: chi of tanh", "weight scale sigma_w", xlim=(sigma_w[0], sigma_w[-1]), ylim=(sigma_b[0], sigma_b[-1]))
        ax.contourf(sigma_w, sigma_b, chi, levels=[0, 1], colors=[plots.FLAT])
        lines = ax.contour(sigma_w, sigma_b, chi, levels=[0.25, 0.5, 1, 1.5, 2], colors=plots.DESCENT, linewidths=1.3, linestyles="solid")
        ax.plot(*edge, "--", color=plots.PREDICTION, lw=1.6)
        row = np.searchsorted(sigma_b, 1.35)
        for level in lines.levels:
            plots.label(ax, np.interp(level, chi[row], sigma_w), sigma_b[row], f"{level:g}", color=plots.DESCENT, dx=3)
        below = np.mean(chi < 1)
        return (f"Where chi of tanh is below 1, in the shaded {below:.0%} of the map, a gradient vanishes; on the line it is 1, from sigma_w = {edge[0][0]:.2f} with hardly any biases to "
                f"{np.interp(1.0, edge[1], edge[0]):.2f} at sigma_b = 1.")

    return Picture(critical_map, panel_height=3.0)


def dead_networks(layers, counted, predicted):
    """The share of ReLU networks that are dead for a random input. layers: (n,). counted, predicted: {width: (n,)}."""
    looks = ((plots.NEWTON, "o"), (plots.DESCENT, "s"), (plots.ADAPTIVE, "^"), (plots.OTHER, "D"))

    def dead_networks(ax):
        plots.frame(ax, "share of networks that are dead", "layers", xlim=(0, layers[-1]), ylim=(0, 1.02))
        plots.room(ax, 34)
        for (width, share), (color, mark) in zip(counted.items(), looks):
            ax.plot(layers, predicted[width], "--", color=plots.PREDICTION, lw=1.2)
            ax.plot(layers, share, mark, color=color, ms=4)
        plots.end_labels(ax, [(layers[-1], share[-1], f"width {width}", color) for (width, share), (color, _) in zip(counted.items(), looks)])
        off = max(np.max(np.abs(counted[w] - predicted[w])) for w in counted)
        ends = ", ".join(f"{share[-1]:.0%} at width {width}" for width, share in counted.items())
        return f"With {layers[-1]} layers the dead are {ends}; the prediction is off by less than {np.ceil(100 * off):.0f}% everywhere."

    return Picture(dead_networks, panel_height=2.8)
