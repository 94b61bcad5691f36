"""Networks on digits with a known disease, and healthy ones, drawn at random: what a diagnosis is tried on."""

from typing import NamedTuple

import numpy as np

from slopes.datasets import digits
from slopes.diagnosis import COLLAPSED, DISEASES, EXPLODING, FEATURES, SATURATED, STEP, TARGETS, sharpness
from slopes.network import Network
from slopes.optimizers import GradientDescent, run


class Patient(NamedTuple):
    """A network, its parameters, its data and its step size."""

    network: Network
    theta: np.ndarray
    x: np.ndarray
    y: np.ndarray
    step_size: float


def patient(disease, seed, examples=200):
    """A `Patient` with one of `DISEASES`, or "healthy": its depth, width, activation and severity are drawn with the seed.

    Healthy ones are as made, or after some steps of training.
    """
    rng = np.random.default_rng([seed, (*DISEASES, "healthy").index(disease)] if disease in (*DISEASES, "healthy") else _unknown(disease))
    return {FEATURES: _features, TARGETS: _targets, COLLAPSED: _collapsed, SATURATED: _saturated, EXPLODING: _exploding,
            STEP: _step, "healthy": _healthy}[disease](rng, examples)


def _unknown(disease):
    raise ValueError(f"there is no disease {disease!r}: the known ones are healthy, {', '.join(DISEASES)}")


def _data(rng, examples):
    data = digits(ink=1)
    chosen = rng.choice(len(data), examples, replace=False)
    return data.x[chosen], data.y[chosen]


def _network(rng, depth=None, activation=None, loss="cross_entropy", outputs=10):
    depth, width = depth or int(rng.integers(1, 5)), int(rng.integers(15, 50))
    return Network([64] + [width] * depth + [outputs], activation or str(rng.choice(["tanh", "relu", "leaky_relu", "gelu", "elu", "softsign"])), loss=loss)


def _init(network, rng, scale=1.0, bias_scale=0.0):
    return network.init(rng, "he" if "relu" in network.activation.name or network.activation.name == "gelu" else "glorot", scale=scale, bias_scale=bias_scale)


def _fitting_step(network, theta, x, y, product):
    return product / sharpness(network, theta, x, y, np.random.default_rng(0))


def _healthy(rng, examples):
    (x, y), network = _data(rng, examples), _network(rng)
    theta = _init(network, rng)
    step_size = _fitting_step(network, theta, x, y, rng.uniform(0.2, 0.8))
    if rng.uniform() < 0.5:
        theta = run(GradientDescent(step_size), network.objective(x, y), theta, int(rng.integers(10, 200)), keep="last").last
        step_size = _fitting_step(network, theta, x, y, rng.uniform(0.2, 1.5))
    return Patient(network, theta, x, y, step_size)


def _step(rng, examples):
    network, theta, x, y, _ = _healthy(rng, examples)
    product = 10 ** (rng.uniform(0.4, 2.5) if rng.uniform() < 0.5 else rng.uniform(-6, -2.1))
    return Patient(network, theta, x, y, _fitting_step(network, theta, x, y, product))


def _features(rng, examples):
    x, y = _data(rng, examples)
    units = np.ones(64)
    strange = rng.choice(np.flatnonzero(x.std(axis=0) > 0.1), int(rng.integers(1, 6)), replace=False)
    units[strange] = 10 ** rng.uniform(1.7, 4, len(strange))
    network = _network(rng)
    return Patient(network, _init(network, rng), x * units, y, float(10 ** rng.uniform(-2, 0)))


def _saturated(rng, examples):
    x, y = _data(rng, examples)
    if rng.uniform() < 0.5:  # the outputs, by their biases
        network = Network([64, int(rng.integers(15, 50)), 10], "tanh", output="sigmoid")
        theta = _init(network, rng)
        network.weights(theta)[-1][-1] = rng.uniform(8, 15)
    else:  # the hidden units, by weights that are too large
        network = _network(rng, activation=str(rng.choice(["tanh", "sigmoid"])), loss="squared")
        theta = _init(network, rng, scale=rng.uniform(15, 60) * (2.5 if network.activation.name == "sigmoid" else 1.0))
    return Patient(network, theta, x, y, float(10 ** rng.uniform(-1.5, -0.5)))


def _collapsed(rng, examples):
    x, y = _data(rng, examples)
    if rng.uniform() < 0.5:  # dead
        network = _network(rng, activation="relu")
        theta = _init(network, rng)
        w = network.weights(theta)[int(rng.integers(0, len(network.shapes) - 1))]
        w[-1, : int(np.ceil(rng.uniform(0.6, 1.0) * w.shape[1]))] = -20.0
    else:
        network = _network(rng, depth=int(rng.integers(5, 9)), activation=str(rng.choice(["tanh", "sigmoid", "gelu"])))
        theta = _init(network, rng, scale=rng.uniform(0.1, 0.4), bias_scale=rng.choice([0.0, 0.5]))
    return Patient(network, theta, x, y, float(10 ** rng.uniform(-2, 0)))


def _targets(rng, examples):
    x, y = _data(rng, examples)
    units = 10 ** (rng.uniform(0.8, 4) if rng.uniform() < 0.5 else rng.uniform(-5, -2.2))
    network = _network(rng, loss="squared", outputs=1)
    return Patient(network, _init(network, rng), x, units * y[:, None], float(10 ** rng.uniform(-2, 0)))


def _exploding(rng, examples):
    x, y = _data(rng, examples)
    if rng.uniform() < 0.5:  # the signal, on its way up
        network = _network(rng, depth=int(rng.integers(3, 9)), activation=str(rng.choice(["relu", "leaky_relu", "gelu", "elu"])))
        theta = _init(network, rng, scale=rng.uniform(3, 6))
    else:  # the gradient, on its way down
        network = _network(rng, depth=int(rng.integers(20, 28)), activation="tanh")
        theta = _init(network, rng, scale=rng.uniform(2.7, 3.3))
    return Patient(network, theta, x, y, float(10 ** rng.uniform(-4, -2)))


def passer_by(seed, examples=200):
    """A `Patient` that no threshold has chosen: scales, units, biases and step size are drawn from wide ranges, and may all be right."""
    rng = np.random.default_rng([seed, 1_000])
    x, y = _data(rng, examples)
    loss = str(rng.choice(["cross_entropy", "squared"]))
    network = _network(rng, int(rng.integers(1, 9)), str(rng.choice(["tanh", "sigmoid", "relu", "leaky_relu", "gelu", "elu", "softsign"])), loss)
    scale = 10 ** rng.uniform(-0.5, 0.5) if rng.uniform() < 0.5 else 1.0
    theta = _init(network, rng, scale=scale, bias_scale=float(rng.choice([0.0, 0.1, 1.0])))
    units = 10 ** rng.uniform(-1.5, 1.5, int(rng.choice([1, 64]))) if rng.uniform() < 0.5 else 1.0
    return Patient(network, theta, x * units, y, float(10 ** rng.uniform(-2, 0)))
