"""The exercises of chapter 3.4, Keeping the signal, in the order of its pages."""

import numpy as np

from slopes import meanfield
from slopes.exercises.kinds import Choice, Function, Number
from slopes.signal import dead_probability

# The prediction that opens the chapter

_DEAD = dead_probability(2, 10)

how_many_dead = Number(
    "Prediction",
    _DEAD,
    rtol=0,
    atol=0.04,
    because=f"a layer of two units is dead with probability 1/4, and ten layers are all alive with (3/4)¹⁰ = {1 - _DEAD:.3f}.",
    mistakes=[
        (1 - _DEAD, "this is the share of those that are alive."),
        (0.25, "this is one layer. All ten must be alive for anything to come through."),
        (0.5, "each unit is below 0 with probability 1/2. A layer is dead when both are. And there are ten layers."),
        (0.0, "a unit that is below 0 passes on nothing. How often are both units of a layer below 0?"),
        (1.0, "not all of them. Work out how likely it is that one layer is alive."),
    ],
    hint="first a layer: both units below 0. Then ten of them in a row.",
)

# Bookkeeping

relu_scale = Number(
    "The scale for a ReLU",
    2,
    because="the ReLU keeps half of the mean square of what comes in, so the weights have to double it: He's initialisation.",
    mistakes=[
        (1, "this keeps the mean square up to the ReLU. What does the ReLU then do to half of the numbers?"),
        (0.5, "the ReLU halves. The weights have to make up for it."),
        (2**0.5, "this is sigma_w. Its square is asked for."),
        (4, "half of the units are 0, so half of the mean square is left, not a quarter."),
    ],
    hint="E relu(z)² for a normal z is half of E z².",
)

_SCALE = float(meanfield.depth_scale(0.9))

reach = Number(
    "How far a gradient reaches",
    _SCALE,
    rtol=0.02,
    because="chi to the power L is exp(−L/ξ) with ξ = 1/|ln chi|.",
    mistakes=[
        (10, "1/(1 − chi) is close, and the exact answer has a logarithm."),
        (float(np.log(0.9)), "this is the logarithm itself. Take one over its size."),
        (2 * _SCALE, "this is for the size of the gradient; the question is about its mean square."),
    ],
    hint="0.9 to the power L equals 1/e for which L?",
)

dead = Function(
    "The probability of a dead network",
    lambda n, layers: 1.0 - (1.0 - 0.5**n) ** layers,
    inputs={"n": [1.0, 2.0, 5.0, 10.0], "layers": [3.0, 10.0, 30.0, 100.0]},
    because="a layer is dead with probability 2⁻ⁿ, and the network is alive only if all of its layers are.",
    mistakes=[
        (lambda n, layers: (1.0 - 0.5**n) ** layers, "this is the probability that it is alive."),
        (lambda n, layers: layers * 0.5**n, "probabilities of this kind do not add up: for many layers this is above 1."),
        (lambda n, layers: 0.5 ** (n * layers), "this is the probability that every layer is dead. One is enough."),
        (lambda n, layers: 1.0 - (1.0 - 0.5) ** (n * layers), "a layer with one unit alive is alive."),
    ],
    hint="alive: none of the layers has all its n units below 0.",
)

# Two kinds

which_kind = Choice(
    "Which kind of vanishing",
    "information",
    because="what differs between two images is gone. Multiplying by anything makes the same number larger for both.",
    mistakes=[
        ("scale", "the signals are of size 1. It is their differences that are small."),
        ("neither", "a layer that sees the same numbers for every image cannot tell them apart."),
    ],
)

normalised_step = Choice(
    "Weights ten times as large",
    "a hundredth",
    because="the loss depends on the direction of the weights alone, so the gradient is a tenth at ten times the weights, and the step, a tenth as "
            "long, turns weights that are ten times as long: a hundredth of the angle. It is x → kx of part 1.",
    mistakes=[
        ("the same", "the output does not feel the scale of the weights. But what does a step of a given length do to longer weights?"),
        ("a tenth", "that is the gradient's share. The weights that it has to turn are ten times as long as well."),
        ("ten times", "larger weights make the gradient smaller here, not larger."),
    ],
)
