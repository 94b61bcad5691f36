"""Why does this network not learn? A report on its data, its layers and its step size, and what it names.

    report = diagnose(network, theta, x, y, step_size=0.1)
    report.diagnosis     # "healthy", or one of `DISEASES`
    print(report)

For weights from any framework: `network, theta = from_arrays(weights, biases, "relu", loss="cross_entropy")`.
What is found first in the order of `DISEASES` is named first, because the later ones may follow from it:
unscaled features saturate units and make any step too long, but not the other way round.
"""

from dataclasses import dataclass
from textwrap import fill

import numpy as np

from slopes.checks import generator, positive
from slopes.curvature import largest_eigenvalue
from slopes.losses import SoftmaxEntropy, SquaredError
from slopes.network import Network

FEATURES, TARGETS, SATURATED, COLLAPSED, EXPLODING, STEP = DISEASES = (
    "unscaled features", "unscaled targets", "saturated units", "dead or collapsed", "exploding signal", "wrong step size")

# The thresholds, each with its reason.
FEATURE_RATIO = 30.0  # largest size of a feature over the median: a condition number of some 30² from units alone (chapter 1.4)
FEATURE_SIZE = (0.1, 5.0)  # of the median feature, no entry above, or the size itself below: the first pre-activations are that small or large (chapter 3.4)
OFFSET = 30.0  # |mean| over standard deviation, of the median feature or of the worst target: a condition number of some 30² from the mean alone (chapter 1.4)
TARGET_SIZE = 10.0  # of the numbers that a squared error is to reach, or one over it: then its outputs set out that far away (chapter 1.2)
DEAD_SHARE = 0.5  # of the units of a layer with slope 0 for every example: most paths are blocked (chapters 3.1, 3.4)
SPREAD = 0.01  # between examples, as a share of the signal: what differs is a percent of what is the same (chapter 3.4)
ELASTICITY = (1e-3, 1e2)  # of a layer: below, its weights hardly matter to the loss; above, one percent of them is the whole loss (chapters 3.1, 3.4)
UNLEARNED = 0.9  # of the loss of the best constant: a network that is below has learned something, and may be nearly done (chapter 3.3)
STUCK = 0.99  # of the same: a network that is below has moved, and what is left may be noise that no network can learn
OUTPUT_SIZE = 10.0  # of the outputs over the targets, or of the logits: odds of e^10 to 1 (chapter 3.4)
FLAT_SLOPE = 0.02  # of the largest slope: tanh beyond 2.6, the sigmoid beyond 5.3 (chapter 3.2)
SATURATED_SHARE = 0.5  # of a layer's units and examples with such a slope (chapter 3.3)
LONGEST = 2.0  # eps times sharpness: beyond it a step overshoots further than it came (chapter 1.1)
EDGE = 2.5  # the same in a network that has learned something: its sharpness hovers about 2/eps, and a little above (chapter 1.1)
SHORTEST = 0.01  # below it even the steepest direction takes hundreds of steps (chapter 1.1)

_WIDTH = 68  # of a report, in letters
_BOUNDED = ("exponential", "polynomial", "gaussian")


@dataclass(frozen=True)
class Layer:
    """What is seen in one layer, the last one being the output.

    weight: the root mean square of its weights. delta: of the gradient of an example's own loss by its
    pre-activations. elasticity: see `elasticities`. update: |step| / |weights| of one step of gradient descent,
    biases included, None without a step size. signal: the root mean square of what it passes on. spread: how much
    that differs between examples, as a share of the signal. dead, saturated: shares, see the thresholds; None where
    the activation has no such side.
    """

    weight: float
    delta: float
    elasticity: float
    update: float | None
    signal: float
    spread: float
    dead: float | None
    saturated: float | None


@dataclass(frozen=True)
class Finding:
    """One disease: by how much its threshold is passed, as a factor, what was seen, and what helps."""

    disease: str
    factor: float
    evidence: str
    remedy: str

    @property
    def certainty(self):
        """"certain" where the threshold is passed by a factor of 3 or more, else "likely"."""
        return "certain" if self.factor >= 3.0 else "likely"


@dataclass(frozen=True)
class Report:
    """layers: a `Layer` each. findings: what is named, the cause first. loss, and the loss of the best constant
    prediction. step_sharpness: eps times the largest curvature, None without a step size. feature_ratio,
    feature_size, feature_offset and output_size: see the thresholds; the last is None for a squared error of outputs
    with bounds."""

    layers: tuple
    findings: tuple
    loss: float
    constant_loss: float
    step_sharpness: float | None
    feature_ratio: float
    feature_size: float
    feature_offset: float
    output_size: float | None

    @property
    def diagnosis(self):
        """The disease that is named first, or "healthy"."""
        return self.findings[0].disease if self.findings else "healthy"

    def __str__(self):
        return f"{self.table}\n{self.words}"

    @property
    def table(self):
        """What is seen, a line a layer, and the facts about the whole: to be read before the words."""
        head = ["layer  signal  spread  dead  tail elastic   delta weights  update"]
        rows = [f"{i:5} {layer.signal:7.2g} {layer.spread:7.0e} {_or_dash(layer.dead, '5.0%')} {_or_dash(layer.saturated, '5.0%')} "
                f"{layer.elasticity:7.0e} {layer.delta:7.0e} {layer.weight:7.2g} {_or_dash(layer.update, '7.0e')}" for i, layer in enumerate(self.layers, 1)]
        step = [] if self.step_sharpness is None else [f"eps × sharpness {self.step_sharpness:.2g}"]
        facts = ", ".join([f"loss {self.loss:.3g} (best constant {self.constant_loss:.3g})", *step,
                           f"features: size {self.feature_size:.2g}, largest over median {self.feature_ratio:.2g}"])
        return "\n".join([*head, *rows, fill(facts, _WIDTH)])

    @property
    def words(self):
        """What is named, and what helps."""
        if not self.findings:
            return "Healthy: no threshold is passed."
        first, *others = self.findings
        lines = [f"{first.disease.capitalize()} ({first.certainty}): {first.evidence}.", f"Try this: {first.remedy}.",
                 *(f"Also seen, perhaps as a consequence: {f.disease}: {f.evidence}." for f in others)]
        return "\n".join(fill(line, _WIDTH) for line in lines)


def diagnose(network, theta, x, y, *, step_size=None, rng=None):
    """A `Report` on a network with parameters theta, on a batch of data, before or during training.

    step_size: of gradient descent, in units of [x]^2/[f]; without one it is not judged. A few hundred examples do;
    two that differ are the least, and with so few a healthy layer of ReLUs may look half dead. Raises ValueError for
    fewer, for more than one vector of parameters, and where signals or gradients are not finite.
    """
    if not isinstance(network, Network):
        raise TypeError(f"network must be a Network, got {network!r}: make one of plain arrays with from_arrays")
    if step_size is not None and positive("step_size", step_size).ndim:
        raise ValueError(f"step_size must be one number, got shape {np.shape(step_size)}: diagnose once for each")
    if np.ndim(theta) != 1:
        raise ValueError(f"theta must be one vector of parameters, ({network.n_params},), got shape {np.shape(theta)}")
    rng = np.random.default_rng(0) if rng is None else generator(rng)
    with np.errstate(over="ignore", invalid="ignore"):
        signals = network.backward(theta, x, y)
    _check_finite(signals)
    x, y = network._batch(x, y)
    if not np.any(x != x[0]):
        raise ValueError(f"x has {len(x)} examples and no two that differ: give a few hundred, for a report is on what differs between them")
    product = None if step_size is None else float(step_size) * sharpness(network, theta, x, y, rng)
    pulls = elasticities(network, theta, signals)
    layers = tuple(_layer(network, theta, signals, i, pulls[i], step_size) for i in range(len(network.shapes)))
    loss, constant = float(signals.value) + 0.0, _constant_loss(network, y) + 0.0  # a zero without a sign
    (ratio, middle, most, offset), output = _feature_sizes(x), _output_size(network, signals, y)
    unlearned = loss > UNLEARNED * constant
    findings = [*_features(ratio, middle, most, offset), *_targets(network, y), *_saturated(layers, unlearned),
                *(list(_copies(network, theta)) or _dead(layers, loss > STUCK * constant)),
                *_exploding(network, layers, output, loss > constant), *_step(product, unlearned)]
    return Report(layers, tuple(findings), loss, constant, product, ratio, middle, offset, output)


def _check_finite(signals):
    advice = "the signal explodes; make the weights smaller (chapter 3.4)"
    for number, z in enumerate(signals.z, 1):
        if not np.isfinite(z).all():
            raise ValueError(f"the pre-activations of layer {number} of {len(signals.z)} are not finite: {advice}")
    if not (np.isfinite(signals.value) and np.isfinite(signals.grad).all()):
        raise ValueError(f"the loss or its gradient is not finite: {advice}")


def elasticities(network, theta, signals):
    """|W| |dC/dW| / C of each layer: the largest relative change of the cost C for a small relative change of the weights W.

    signals: from `network.backward(theta, x, y)`. Biases are left out. Returns (layers,), dimensionless: unlike a
    gradient it stays as it is when all signals of a layer are measured in another unit, the same for all of them.
    """
    weights = network.weights(np.asarray(theta, float))
    pull = [_norm(w[:-1]) * _norm(g[:-1]) for w, g in zip(weights, signals.weight_grad)]
    return np.array(pull) / max(float(signals.value), 1e-300)


def sharpness(network, theta, x, y, rng):
    """The largest eigenvalue of the Hessian of the loss, to some 1%, by Lanczos's method from a direction drawn with rng.

    theta: (n_params,). x, y: a batch, as `network.objective` takes it. Returns a float, in units of [f]/[theta]^2.
    """
    f, theta = network.objective(x, y), np.asarray(theta, float)
    return largest_eigenvalue(lambda v: f.hvp(theta, v), rng.standard_normal(theta.shape), tol=1e-2, max_products=60).value


def from_arrays(weights, biases, activation="tanh", *, loss="squared", output=None, layout="in_out"):
    """A `Network` and its parameters from lists of plain arrays, one weight matrix and one bias vector a layer; None for no bias.

    layout: "in_out" for weights of shape (fan_in, fan_out), "out_in" for their transposes, as in PyTorch.
    """
    if layout not in ("in_out", "out_in"):
        raise ValueError(f'layout must be "in_out" or "out_in", got {layout!r}')
    other = {"in_out": 'of shape (outputs, inputs) say layout="out_in"', "out_in": 'of shape (inputs, outputs) say layout="in_out"'}[layout]
    weights = [np.asarray(w, float) if layout == "in_out" else np.asarray(w, float).T for w in weights]
    biases = [None] * len(weights) if biases is None else biases
    if len(weights) != len(biases) or not weights:
        raise ValueError(f"every layer wants one weight matrix and one bias vector, got {len(weights)} and {len(biases)}")
    biases = [np.zeros(w.shape[-1:]) if b is None else np.asarray(b, float) for w, b in zip(weights, biases)]
    for i, (w, b) in enumerate(zip(weights, biases), 1):
        if w.ndim != 2 or b.shape != w.shape[1:]:
            raise ValueError(f"layer {i} has weights of shape {w.shape} and biases of shape {b.shape}: the biases want shape "
                             f"({w.shape[-1] if w.ndim else '?'},){f'; for weights {other}' * (b.shape == w.shape[:1])}")
        if i > 1 and w.shape[0] != weights[i - 2].shape[1]:
            raise ValueError(f"layer {i} takes {w.shape[0]} inputs, but layer {i - 1} gives {weights[i - 2].shape[1]}: the shapes do not chain")
        if not (np.isfinite(w).all() and np.isfinite(b).all()):
            raise ValueError(f"the weights or biases of layer {i} are not finite: look for a step that diverged")
    network = Network([weights[0].shape[0], *(w.shape[1] for w in weights)], activation, output=output, loss=loss)
    return network, np.concatenate([np.vstack([w, b]).ravel() for w, b in zip(weights, biases)])


# What is measured -------------------------------------------------------------------------------


def _rms(a):
    """The root of the mean square, of numbers whose squares may overflow or vanish."""
    most = float(np.abs(a).max())
    return most * float(np.sqrt(np.mean(np.square(a / most)))) if most > 0 else 0.0


def _norm(a):
    return _rms(a) * np.sqrt(a.size)


def _layer(network, theta, signals, i, elasticity, step_size):
    w, grad = network.weights(np.asarray(theta, float))[i], signals.weight_grad[i]
    z, a, last = signals.z[i], signals.a[i + 1], i == len(network.shapes) - 1
    activation = network.activation if not last else network.loss.activation if isinstance(network.loss, SquaredError) else None
    size = _norm(w)
    return Layer(
        _rms(w[:-1]), _rms(signals.delta[i]) * len(z), float(elasticity),
        None if step_size is None else float(step_size * _norm(grad) / size) if size > 0 else np.inf,
        _rms(a), _spread(a), *_flat(activation, z),
    )


def _spread(a):
    """How much signals differ between examples, as a share of their size; 0 where that is no more than rounding."""
    share = _rms(a - a.mean(axis=0)) / max(_rms(a), 1e-300)
    return share if share > 1e-13 else 0.0


def _flat(activation, z):
    """The share of units that are dead, and of units and examples that are saturated."""
    if activation is None:
        return None, None
    slope = np.abs(activation.deriv(z))
    dead = float(np.mean(np.all(slope == 0, axis=0))) if "zero" in (activation.left.law, activation.right.law) else None
    if not (activation.left.law in _BOUNDED and activation.right.law in _BOUNDED):
        return dead, None
    top = activation.deriv(np.zeros(1))[0]
    return dead, float(np.mean(slope < FLAT_SLOPE * top))


def _feature_sizes(x):
    """Of the features that are not constant: the largest size over the median one, the medians of size and of largest entry, and that of |mean| / standard deviation."""
    x = x[:, x.std(axis=0) > 1e-12 * np.abs(x).max(axis=0)]  # a constant feature spreads by rounding
    if not x.size:
        raise ValueError("no feature differs between examples by more than rounding: take away the mean of each")
    size = np.sqrt(np.mean(x * x, axis=0))
    middle = float(np.median(size))
    return float(size.max() / middle), middle, float(np.median(np.abs(x).max(axis=0))), float(np.median(_offset(x)))


def _offset(a):
    """|mean| over standard deviation, column by column."""
    return np.abs(a.mean(axis=0)) / np.maximum(a.std(axis=0), 1e-300)


def _regression(network):
    """Whether the outputs have the units of the targets: a squared error of numbers without a bound."""
    return isinstance(network.loss, SquaredError) and network.loss.activation.name == "identity"


def _output_size(network, signals, y):
    """The size of the outputs over that of the targets, or that of the logits; None for a squared error of bounded outputs."""
    if _regression(network):
        return _rms(signals.a[-1]) / max(_rms(y), 1e-300)
    if isinstance(network.loss, SquaredError):
        return None
    z = signals.z[-1]
    return _rms(z - z.mean(axis=1, keepdims=True) if isinstance(network.loss, SoftmaxEntropy) else z)  # a softmax does not feel what its logits have in common


def _constant_loss(network, y):
    """The loss of the best prediction that is the same for all examples."""
    if isinstance(network.loss, SquaredError):
        return float(np.mean(np.sum((y - y.mean(axis=0)) ** 2, axis=1)) / 2)
    p = y.mean(axis=0)
    entropy = -np.sum(p * np.log(np.maximum(p, 1e-300)))
    rest = 1.0 - p if "sigmoid" in network.loss.name else 0.0 * p
    return float(entropy - np.sum(rest * np.log(np.maximum(rest, 1e-300))))


# What is named ----------------------------------------------------------------------------------


def _features(ratio, size, most, offset):
    seen = [
        (ratio / FEATURE_RATIO, f"the largest feature is {ratio:.3g} times the median one"),
        (max(size / FEATURE_SIZE[1], FEATURE_SIZE[0] / most), f"the median feature has the size {size:.2g}"),
        (offset / OFFSET, f"the median feature has a mean {offset:.2g} times its spread"),
    ]
    factor, evidence = max(seen)
    if factor > 1.0:
        yield Finding(FEATURES, factor, evidence, "take away the mean of each feature and divide by its standard deviation (chapter 1.4)")


def _targets(network, y):
    if not _regression(network):
        yield from _out_of_reach(network, y)
        return
    varying = y[:, y.std(axis=0) > 1e-12 * np.abs(y).max(axis=0)]
    if not varying.size:
        yield Finding(TARGETS, 3.0, "the targets are the same for all examples", "look at the data: a bias of the output is all that there is to learn")
        return
    size, most, offset = _rms(y), float(np.abs(y).max()), float(_offset(varying).max())
    largest = np.abs(varying).max(axis=0)
    seen = [
        (largest.max() / largest.min() / FEATURE_RATIO, f"one target is {largest.max() / largest.min():.2g} times another, which hardly matters to the loss"),
        (size / TARGET_SIZE, f"the targets have the size {size:.2g}"),
        (1.0 / (TARGET_SIZE * max(most, 1e-300)), f"no target is larger than {most:.2g}"),
        (offset / OFFSET, f"the targets have a mean {offset:.2g} times their spread"),
    ]
    factor, evidence = max(seen)
    if factor > 1.0:
        yield Finding(TARGETS, factor, evidence, "take away the mean of the targets and divide by their standard deviation (chapter 1.2)")


def _out_of_reach(network, y):
    """Targets that no output can be: those of a squared error are values of its activation."""
    if not isinstance(network.loss, SquaredError):
        return
    low, high = network.loss.activation.value(np.array([-1e9, 1e9]))
    share = float(np.mean((y < low - 1e-6) | (y > high + 1e-6)))
    if share > 0:
        yield Finding(TARGETS, 3.0, f"{share:.0%} of the targets lie outside {low:.2g} to {high:.2g}, where alone the outputs can be",
                      "bring the targets between these bounds, or take an output without them")


def _saturated(layers, unlearned):
    share = max((layer.saturated or 0.0, i) for i, layer in enumerate(layers, 1))
    if share[0] > SATURATED_SHARE and unlearned:  # a bounded output that is right is in its tail as well
        where = "the output" if share[1] == len(layers) else f"layer {share[1]}"
        cost = "take a cross-entropy, which cancels the output's slope, or " if where == "the output" else ""
        yield Finding(SATURATED, _share_factor(share[0], SATURATED_SHARE), f"{share[0]:.0%} of {where} is in its tail",
                      f"{cost}make the weights and biases before it smaller (chapter 3.3)")


def _copies(network, theta):
    weights = network.weights(np.asarray(theta, float))
    for i, (w, after) in enumerate(zip(weights, weights[1:]), 1):
        if w.shape[1] > 1 and np.all(w == w[:, :1]) and np.all(after[:-1] == after[0]):  # else what comes back tells them apart
            yield Finding(COLLAPSED, 3.0, f"the units of layer {i} are copies of one another, and no rule can tell them apart",
                          "draw the weights at random, with he or glorot (chapter 3.4)")


def _dead(layers, stuck):
    """stuck: whether the loss is that of the best constant or worse, give or take a percent."""
    hidden = list(enumerate(layers[:-1], 1))
    if not hidden:
        return
    dead, where = max((layer.dead or 0.0, i) for i, layer in hidden)
    spread, after = min((layer.spread, i) for i, layer in hidden)
    least, weakest = min((layer.elasticity, i) for i, layer in hidden)
    passes, waits = dead < 1.0, layers[-1].weight == 0.0  # a last layer of zeros gives the others their gradients after one step
    seen = [
        (_share_factor(dead, DEAD_SHARE), f"{dead:.0%} of the units of layer {where} are 0 for every example"),
        (passes * SPREAD / max(spread, 1e-300), f"after layer {after} the examples differ by {spread:.0e} of the signal"),
        (passes * stuck * (not waits) * ELASTICITY[0] / max(least, 1e-300),
         f"the elasticity of layer {weakest} is {least:.0e}: its weights hardly matter to the loss"),
    ]
    factor, evidence = max(seen)
    if factor <= 1.0:
        return
    remedy = "draw the weights anew with the scale for this activation, he or glorot, and zero biases (chapter 3.4)"
    if dead > DEAD_SHARE:
        remedy += "; if they were drawn so, a step has killed the units: take shorter ones from the start (chapter 1.1)"
    else:
        remedy += "; if they were drawn so, take fewer layers, another activation or residual connections"
        if spread >= 1e-7:  # less than that is rounding in single precision
            remedy += "; what differs between examples is not lost, so a rule that rescales, such as Adam, may help too"
    yield Finding(COLLAPSED, factor, evidence, remedy)


def _share_factor(share, threshold):
    """By how much a share passes its threshold; halfway from there to all of them counts as a factor of 3."""
    return 3.0 if share > 0.5 * (1.0 + threshold) else share / threshold


def _exploding(network, layers, output, wrong):
    """What is large: logits may be so because they are right, and an elasticity because little of the loss is left."""
    most, where = max((layer.elasticity, i) for i, layer in enumerate(layers, 1))
    size = output or 0.0
    seen = [
        (wrong * size / OUTPUT_SIZE, f"the outputs are {size:.2g} times the targets" if _regression(network) else f"the last pre-activations have the size {size:.2g}"),
        (wrong * most / ELASTICITY[1], f"the elasticity of layer {where} is {most:.0e}: one percent of its weights is the whole loss"),
    ]
    factor, evidence = max(seen)
    if factor > 1.0:
        yield Finding(EXPLODING, factor, evidence, "make the weights smaller, with the scale for this activation, he or glorot (chapter 3.4)")


def _step(product, unlearned):
    """product: of step size and sharpness, None without a step size."""
    if product is not None and product > (LONGEST if unlearned else EDGE):
        yield Finding(STEP, product / LONGEST, f"eps × sharpness is {product:.3g}, and above 2 a step overshoots further than it came",
                      f"divide the step size by {product:.2g} (chapter 1.1)")
    elif product is not None and 0.0 < product < SHORTEST:  # where nothing bends up no step is the best
        yield Finding(STEP, SHORTEST / product, f"eps × sharpness is {product:.1e}, so even the steepest direction takes hundreds of steps",
                      "take a longer step, up to eps × sharpness = 1 (chapter 1.1)")


def _or_dash(number, form):
    return f"{number:{form}}" if number is not None else "-".rjust(int("".join(c for c in form.split(".")[0] if c.isdigit())))
