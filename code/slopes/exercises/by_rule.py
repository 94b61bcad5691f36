"""The exercises of chapter 1.4, Scaling by hand, scaling by rule, in the order of its pages."""

import numpy as np

from slopes.adaptive import Adam
from slopes.datasets import wine
from slopes.exercises.kinds import Function, Number
from slopes.features import jacobi_scaled, standardised
from slopes.objectives import parabola
from slopes.theory import condition_number

# The prediction that opens the chapter: kappa of the wine table, raw over standardised

_RAW, _SCALED = (condition_number(x.T @ x) for x in (wine().x, standardised(wine().x)))

how_much_it_buys = Number(
    "Prediction",
    np.log10(_RAW / _SCALED),
    rtol=0,
    atol=0.5,
    because=f"the condition number goes from {_RAW:.1e} to {_SCALED:.0f}, a factor of about "
            f"10 to the power {np.log10(_RAW / _SCALED):.1f}.",
    mistakes=[
        (np.log10(1680 / 0.13), "this is the ratio of the largest entry to the smallest. The Hessian holds squares of the "
         "entries; what does that do to the power of ten?"),
        (0, "to divide by the standard deviations changes the units and not what is predicted. But does gradient descent know that?"),
        (3, "one feature alone, proline, is about a thousand times another. How does its unit enter the Hessian?"),
    ],
    hint=lambda given: "this looks like a factor. Which power of ten is it?" if given >= 20 else "keep your number in mind and read on; the tables will tell.",
)

# Scaling by hand

_COS, _SIN = np.cos(np.pi / 6), np.sin(np.pi / 6)
_TURN = np.array([[_COS, -_SIN], [_SIN, _COS]])

turned_valley = Number(
    "A valley at 30 degrees",
    condition_number(jacobi_scaled(_TURN @ np.diag([1.0, 9.0]) @ _TURN.T)),
    because="turned by 30°, the diagonal entries are 3 and 7: dividing by them brings the ratio of the curvatures from 9 down to 7.2, and no further.",
    mistakes=[
        (1, "that is what it gives along the axes. What are the diagonal entries after the turn?"),
        (9, "that is what happens at 45 degrees, where both entries are the same. What are they at 30?"),
        (7 / 3, "this is the ratio of the diagonal entries. Scale the matrix, and take its eigenvalues."),
        (9 / (7 / 3), "the scaling does not divide the one curvature by 7 and the other by 3: they lie across the axes."),
    ],
    hint="write down the matrix after the turn, scale it with jacobi_scaled, and ask for its condition number.",
)

# Scaling by rule

_first = Adam(0.01)
_at = parabola().at(np.array([3.0, 1e-3]))

first_step = Number(
    "Adam's first step",
    np.sqrt(4) * abs(float(_first.step(_at, _first.start(_at))[0][0])),
    because="at the first step the two means hold the one gradient, so each coordinate moves by eps g/|g|, which "
            "is 0.01 up or down. Four of them make a step of length 0.01 · √4 = 0.02.",
    mistakes=[
        (0.01, "this is how far one coordinate moves. There are four."),
        (0.04, "four coordinates at right angles: add the squares, not the lengths."),
        (0.01 * 0.1, "the mean of g is corrected for having begun at 0: its share of 0.1 is divided out again."),
        (2 * 0.01 * 0.1 / np.sqrt(0.001), "both means begin at 0, and Adam divides each by the share of its weights that is in use. What are they then, after one step?"),
        (0.05, "the size of the gradient drops out. What is g divided by the root of g²?"),
    ],
    hint="put t = 1 into the formulas: the means are g and g² once they are corrected.",
)

running_mean = Function(
    "One step of RMSProp",
    lambda x, g, mean: x - 0.1 * g / np.sqrt(0.9 * mean + 0.1 * g * g),
    inputs={"x": [1.0, -2.0, 0.5, 3.0], "g": [2.0, -1.0, 1e-3, -40.0], "mean": [1.0, 4.0, 1e-4, 9.0]},
    because="the slope is divided by the root of a mean of its squares, so its units drop out, and a step has the "
            "units of eps.",
    mistakes=[
        (lambda x, g, mean: x - 0.1 * g / np.sqrt(mean), "this uses the old mean. First take the new square into it."),
        (lambda x, g, mean: x - 0.1 * g / (0.9 * mean + 0.1 * g * g), "the root is missing: g over the mean would still have units."),
        (lambda x, g, mean: x + 0.1 * g / np.sqrt(0.9 * mean + 0.1 * g * g), "this goes uphill."),
        (lambda x, g, mean: x - 0.1 * g / np.sqrt(0.9 * mean + g * g), "the new square enters with the weight 1 − decay = 0.1."),
        (lambda x, g, mean: x - 0.1 * g / np.sqrt(0.1 * mean + 0.9 * g * g), "the decay 0.9 is the weight of the old mean."),
    ],
    hint="first the mean, 0.9 times the old one and 0.1 times the new square; then the slope over its root, times 0.1.",
)

# The table

adam_converted = Number(
    "Adam in other units",
    0.01 / 10,
    because="the step size of Adam is a length, in units of [x]: the factor 1000 drops out, and with k = 10 every length is a tenth.",
    mistakes=[
        (0.01, "Adam does not feel the factor 1000. But the minimum is ten times as near now."),
        (0.1, "with f(10x) everything happens at a tenth of the old x. Which way does a length go?"),
        (0.01 / (1000 * 100), "this is the rule for gradient descent, whose step size is in [x]²/[f]."),
        (0.01 / 1000, "the factor 1000 multiplies every slope and every root of a mean of squares, and drops out."),
        (0.01 / 100, "k enters once: the ratio in Adam's step has no units, and only its step size is a length."),
    ],
    hint="a step of Adam is eps times a number without units. What is a step of 0.01 in the old x, in the new one?",
)

diagonal_newton = Function(
    "A step without units",
    lambda slope, curvature: -slope / np.abs(curvature),
    inputs={"slope": [1.0, -2.0, 0.5, 4.0], "curvature": [2.0, 4.0, -0.5, -8.0]},
    because="a slope over a curvature is in units of x, so nothing is left to be tuned; that is where part 2 begins.",
    mistakes=[
        (lambda slope, curvature: -slope / curvature, "where the curvature is negative this goes uphill. Keep the length and mend the direction."),
        (lambda slope, curvature: slope / np.abs(curvature), "this goes uphill."),
        (lambda slope, curvature: -slope * np.abs(curvature), "the units of this are not those of x. Slope times curvature, or slope over curvature?"),
        (lambda slope, curvature: -slope / (2 * np.abs(curvature)), "this is half of the way. Where does a step on a parabola land?"),
        (lambda slope, curvature: -slope / np.sqrt(np.abs(curvature)), "a root of a curvature leaves units behind. Use the curvature itself."),
    ],
    hint="[f]/[x] and [f]/[x]² are given, and [x] is wanted. Then make sure that it goes downhill.",
)
