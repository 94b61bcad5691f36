"""Figures of chapter 3.1, A product of slopes."""

import numpy as np

from slopes import meanfield, plots
from slopes.datasets import digits
from slopes.figures import Choice, Explorer, Picture, Slider
from slopes.network import Network

WIDTH, EXAMPLES = 50, 30


def every_layer():
    """The size of the gradient in each layer of a random network: its depth, the scale of its weights, its activation."""
    x, names = digits(EXAMPLES, ink=1).x, ("sigmoid", "tanh", "relu", "leaky_relu", "arctan", "gelu")
    x = (x - x.mean()) / x.std()

    def measured(depth, sigma_w, name):
        net = Network([64] + [WIDTH] * depth + [10], name, loss="cross_entropy")
        theta = net.init(np.random.default_rng(depth), "normal", scale=sigma_w, bias_scale=0.05**0.5)
        delta = net.backward(theta, x, np.arange(EXAMPLES) % 10).delta[:-1]
        return np.array([0.5 * np.log10(np.mean(d * d) + 1e-300) for d in delta])

    def predicted(depth, sigma_w, name):
        q = meanfield.variances(name, sigma_w**2 * np.mean(x * x) + 0.05, sigma_w, 0.05**0.5, depth)
        factors = np.log10(np.maximum(meanfield.chi(name, np.minimum(q, 1e12), sigma_w), 1e-300))
        return -0.5 * np.cumsum(factors[:-1][::-1])[::-1]

    def every_layer(ax):
        plots.frame(ax, "power of ten of the gradient in each layer", "layer, counted from the output", xlim=(40, 0), ylim=(-20, 8))
        (line,) = ax.plot([], [], "--", color=plots.PREDICTION, animated=True)
        (dots,) = ax.plot([], [], "o", color=plots.NEWTON, ms=3.5, animated=True)
        plots.label(ax, 39, 6, "dots: measured; dashed: mean-field theory", color=plots.INK, dx=0)

        def move(depth, sigma_w, name):
            found = measured(depth, sigma_w, name)
            theory = found[-1] - np.concatenate([predicted(depth, sigma_w, name), [0.0]])
            layer = np.arange(depth, 0, -1)
            dots.set_data(layer, np.clip(found, -40, 40))
            line.set_data(layer, np.clip(theory, -40, 40))
            factor = (found[-1] - found[0]) / (depth - 1)
            told = "dies out: nothing comes back" if found[0] < -100 else (
                f"changes by a factor 10 to the power {round(found[0] - found[-1], 1) + 0.0:.1f} from the last layer to the first, "
                f"{10.0**-factor:.2g} a layer; theory says {10.0 ** ((theory[0] - theory[-1]) / (depth - 1)):.2g}")
            out = "; the first layers lie beyond the panel" if found.min() < -20 or found.max() > 8 else ""
            return f"With {depth} layers of {name} and sigma_w = {sigma_w:g} the gradient {told}{out}."

        return move

    return Explorer(
        every_layer,
        panel_height=3.0,
        depth=Slider("depth", (3, 5, 10, 20, 40), start=20, unit="layers"),
        sigma_w=Slider("weight scale", (0.5, 0.8, 1.0, 1.33, 1.41, 2.0, 3.0, 5.0), start=1.0),
        name=Choice("activation", {name: name for name in names}, start="tanh"),
    )


def chain(products, measured):
    """The gradient by each pre-activation of a chain of single nodes: the product, and what backpropagation gives. (n,) each."""
    def chain(ax):
        layer = np.arange(1, len(measured) + 1)
        plots.frame(ax, "gradient by the pre-activation", "layer", logy=True, xlim=(0.5, len(layer) + 0.5), ylim=(0.2 * measured.min(), 5 * measured.max()))
        ax.plot(layer, products, "--", color=plots.PREDICTION)
        ax.plot(layer, measured, "o", color=plots.NEWTON)
        off = np.max(np.abs(measured / products - 1))
        exact = "to twelve digits" if off < 1e-12 else f"to within {off:.0e}"
        return (f"From layer {len(layer)} to layer 1 the gradient falls from {measured[-1]:.2g} to {measured[0]:.2g}; the product of weights and slopes "
                f"predicts it {exact}.")

    return Picture(chain, panel_height=2.7)


def two_signals(delta, weight_grad, predicted):
    """Variances layer by layer, as shares of the last hidden one: of the gradient by pre-activations, measured and
    predicted, and by weights. (layers,) each."""
    def two_signals(ax):
        layer = np.arange(1, len(delta) + 1)
        plots.frame(ax, "variance, as a share of the last hidden layer's", "hidden layer", logy=True, xlim=(0.7, layer[-1] + 0.3), ylim=(1e-3, 20))
        ax.plot(layer, predicted, "--", color=plots.PREDICTION)
        ax.plot(layer, delta / delta[-1], "o-", color=plots.NEWTON)
        ax.plot(layer, weight_grad / weight_grad[-1], "s-", color=plots.DESCENT)
        plots.label(ax, layer[1], delta[1] / delta[-1], "by the pre-activations", color=plots.NEWTON, dx=8, dy=-10)
        plots.label(ax, layer[1], 1.0, "by the weights", color=plots.DESCENT, dy=8)
        factor = (delta[-1] / delta[0]) ** (1 / (len(delta) - 1))
        change = weight_grad.max() / weight_grad.min() - 1
        return (f"The variance of the gradient by pre-activations falls by a factor {factor:.1f} a layer on its way back, predicted {predicted[0] ** (-1 / (len(delta) - 1)):.1f}; that of the "
                f"gradient by weights changes by {change:.0%} over all {len(delta)} layers.")

    return Picture(two_signals, panel_height=2.8)
