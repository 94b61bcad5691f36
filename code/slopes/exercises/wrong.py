"""The exercises of chapter 2.2, When Newton is wrong, in the order of its pages."""

import numpy as np

from slopes.basins import threshold
from slopes.exercises.kinds import Choice, Function, Number
from slopes.objectives import Objective, hyperbola
from slopes.optimizers import Newton, run

# The prediction that opens the chapter: sqrt(1 + x²) from 1.1, four steps

_FOUR = float(abs(run(Newton(), hyperbola(), 1.1, 4).last))

four_steps = Number(
    "Prediction",
    _FOUR,
    rtol=0.1,
    because=f"a step maps x to −x³, so four of them make 1.1 into 1.1 to the power 81, which is {_FOUR:,.0f}.",
    mistakes=[
        (0, "it is convex, smooth and has one minimum. That is not enough. Where does the first step from 1.1 end?"),
        (1.1, "a run that stays as far out as it began is one from exactly 1. Put 1.1 into −f′/f″."),
        (1.1**3, "this is where the first step ends. What do the next three do with it?"),
        (1.1**12, "each step takes the third power of what it is given. The powers multiply: 3 · 3 · 3 · 3, not 3 · 4."),
        (-_FOUR, "the size is right, but a distance has no sign."),
    ],
    hint="keep your number in mind and read on; the run will tell. To work it out: f′ = x/√(1 + x²), f″ = (1 + x²)^(−3/2).",
)

# Where it starts to fail

_LN_COSH = Objective("ln cosh x", lambda x: np.log(np.cosh(x)), np.tanh, lambda x: 1.0 / np.cosh(x) ** 2)

ln_cosh = Number(
    "The threshold of ln cosh",
    threshold(Newton(), _LN_COSH, 0.5, 3.0),
    rtol=1e-4,
    because="a step ends as far out as it began where f′ = 2x f″, here where sinh 2x = 4x.",
    mistakes=[
        (1, "this is the threshold of √(1 + x²). Use f′ = tanh x and f″ = 1/cosh² x."),
        (1.39174520027, "this is the threshold of the function with f′ = arctan x. Put in tanh x."),
        (0, "near the minimum Newton's method converges on this function too. How far does that go?"),
    ],
    hint="call threshold(Newton(), f, low, high) for f with f′ = tanh x and f″ = 1/cosh² x; low = 0.5 and high = 3 will do.",
)

# What it is looking for

near_a_top = Choice(
    "Near the top of a hill",
    "maximum",
    because="Newton's step goes to the stationary point of the local parabola, and near a maximum this parabola has one at "
            "the top. The sign of f″ never enters.",
    mistakes=[
        ("minimum", "the nearest minimum is far away, and the parabola at 0.3 knows nothing of it. Which way does −f′/f″ point there?"),
        ("diverges", "f″ is far from 0 near the top, so the steps are short."),
        ("saddle", "in one variable there is no direction left for a saddle: the curvature at 0 has one sign."),
    ],
)

# Repairs

least_damping = Number(
    "Enough damping",
    3,
    because="−(H + mu I)⁻¹ g points downhill for every g where H + mu I has positive eigenvalues, so for mu above 3.",
    mistakes=[
        (-3, "adding −3 makes the negative eigenvalue more negative still. It has to be lifted above 0."),
        (5, "this is enough, but less will do: which eigenvalue has to be lifted?"),
        (8, "the distance between the eigenvalues does not matter; only that the lowest comes above 0."),
        (1.5, "with this, one eigenvalue of H + mu I is −1.5 and still negative."),
    ],
    hint="damping adds mu to each eigenvalue. How much does the lowest need?",
)

mended = Choice(
    "Which repair mends the direction?",
    "absolute",
    because="|H| turns the uphill part of the direction round and keeps its length. A line search only makes a step shorter, "
            "and no part of an uphill step leads down.",
    mistakes=[
        ("backtracking", "shorter steps in the same direction are tried. What if none of them goes down?"),
        ("more steps", "the run is at rest. Another step from there is the same step again."),
        ("a smaller share", "Armijo's constant says how much of the promised descent is enough. Here none was promised."),
    ],
)

sigmoid_step = Function(
    "The step in the tail",
    lambda z: 1.0 / np.tanh(z / 2.0),
    inputs={"z": [0.5, 1.0, 3.0, 10.0]},
    because="σ″ = σ′ (1 − 2σ), and 2σ − 1 = tanh(z/2), so −f′/f″ = 1/tanh(z/2): a little more than 1, and uphill.",
    mistakes=[
        (lambda z: -1.0 / np.tanh(z / 2.0), "the size is right. Look at the sign: f′ is positive and f″ negative."),
        (lambda z: np.tanh(z / 2.0), "this is −f″/f′. The step is the other way up."),
        (lambda z: 1.0 / np.tanh(z), "2σ(z) − 1 is tanh of half of z."),
        (lambda z: np.ones_like(z), "far out this is nearly right, but at 0.5 it is not: f″ tends to 0 at the middle."),
    ],
    hint="with s = σ(z) the slope is s(1 − s) and the curvature s(1 − s)(1 − 2s). Divide, and mind the sign.",
)

units_of_cubic = Choice(
    "The units of M",
    "f/x³",
    because="M |Δx|³ is added to f, so M has the units [f]/[x]³: a rate at which curvature changes. Whoever uses the rule has "
            "to know it.",
    mistakes=[
        ("f/x²", "these are the units of a curvature, and of the damping mu. M multiplies a third power of a length."),
        ("x", "these are the units of a radius. M |Δx|³ has to have the units of f."),
        ("none", "M |Δx|³ is added to f. So what must M be measured in?"),
    ],
)
