"""The exercises of chapter 3.4, Keeping the signal, in the order of its pages."""

import numpy as np

from slopes import meanfield
from slopes.exercises.kinds import Choice, Number
from slopes.signal import dead_probability

# The prediction that opens the chapter

_DEAD = dead_probability(2, 10)

how_many_dead = Number(
    "Prediction",
    _DEAD,
    rtol=0,
    atol=0.04,
    because=f"a layer of two units is dead with probability 1/4, and ten layers are all alive with (3/4)¹⁰ = {1 - _DEAD:.3f}; so {_DEAD:.3f} are dead.",
    mistakes=[
        (1 - _DEAD, "this is the share of those that are alive."),
        (0.25, "this is one layer. All ten must be alive for anything to come through."),
        (0.5, "each unit is below 0 with probability 1/2. A layer is dead when both are. And there are ten layers."),
        (0.0, "a unit that is below 0 passes on nothing. How often are both units of a layer below 0?"),
        (1.0, "not all of them. Work out how likely it is that one layer is alive."),
    ],
    hint=lambda given: "a probability is a number from 0 to 1." if given > 1 else "first a layer: both units below 0. Then ten of them in a row.",
)

# Bookkeeping

leaky_scale = Number(
    "The scale for a leaky ReLU",
    2 / (1 + 0.5**2),
    because="half of the mean square comes from above 0 and passes whole, the other half is multiplied by 0.5²: together (1 + 1/4)/2 = 5/8, and σ_w² has to be 8/5.",
    mistakes=[
        (2, "this is for a ReLU, which lets nothing through below 0."),
        (1, "this keeps the mean square up to the activation. What does it then do to the numbers below 0?"),
        (2 / (1 + 0.5), "the slope below 0 is 0.5, but a mean *square* takes its square."),
        (5 / 8, "this is what is left of the mean square. The weights have to make up for it."),
        ((8 / 5) ** 0.5, "this is sigma_w. Its square is asked for."),
    ],
    hint="E φ(z)² for a normal z is half of E z², and 0.5² times the other half.",
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

wide_enough = Number(
    "Wide enough to live",
    12,
    rtol=0,
    because="thirty layers die with probability of about 30 · 2⁻ⁿ, which is below 1/100 from 2ⁿ > 3,000 on: n = 12.",
    mistakes=[
        (11, "close: with 11 units it is 1.5%."),
        (13, "this does it, and one unit less does it, too."),
        (7, "this makes *one* layer safe. There are thirty."),
        (5, "the figure has width 5: there 62% are dead."),
        (20, "more than is needed: how does the probability change with each unit?"),
    ],
    hint="which n makes 1 − (1 − 2⁻ⁿ)³⁰ less than 0.01?",
)

# Two kinds

which_kind = Choice(
    "Which kind of vanishing",
    "information",
    because="what differs between two images is below the last digit of a single-precision number. Multiplying by anything makes the same number larger for both.",
    mistakes=[
        ("scale", "the signals are of size 1. It is their differences that are small."),
        ("neither", "a layer that sees the same numbers for every image cannot tell them apart."),
    ],
)

normalised_step = Choice(
    "Weights ten times as large",
    "a tenth",
    because="the loss depends on the direction of the weights alone, so the gradient is a tenth at ten times the weights; Adam divides that out, and its step, as long as "
            "before, turns weights that are ten times as long. Gradient descent would turn them by a hundredth.",
    mistakes=[
        ("a hundredth", "that is gradient descent, whose step is a tenth as long. What does Adam do with a smaller gradient?"),
        ("the same", "the step is as long as before. But what does it turn?"),
        ("ten times", "longer weights are harder to turn: think of a step at the end of a long arm."),
    ],
)
