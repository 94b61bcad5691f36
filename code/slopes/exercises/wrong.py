"""The exercises of chapter 2.2, When Newton is wrong, in the order of its pages."""

import numpy as np

from slopes.activations import sigmoid
from slopes.basins import threshold
from slopes.exercises.kinds import Choice, Function, Number
from slopes.newton import AbsoluteNewton
from slopes.objectives import Objective, hyperbola
from slopes.optimizers import Newton, grad_below, run

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
            "the top. Whether that point is a top or a bottom, the step does not ask.",
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

_TAIL = Objective("sigmoid", sigmoid.value, sigmoid.deriv, sigmoid.second)
_STEPS = [int(run(AbsoluteNewton(), _TAIL, 10.0, 100, until=grad_below(tolerance)).steps) for tolerance in (1e-6, 1e-12)]

smaller_tolerance = Number(
    "A smaller tolerance",
    _STEPS[1] - _STEPS[0],
    rtol=0,
    because="each step goes 1 further left and leaves 1/e of the slope, and ln 10⁶ is 13.8. The run has arrived at neither tolerance: the sigmoid has no minimum.",
    mistakes=[
        (6, "this would be a factor of ten for each step. How long is a step where f″ is as large as f′, and what does it do to e^z?"),
        (_STEPS[0], "this would be a factor of two for each step. The slope is e^z, and a step is 1 long."),
        (_STEPS[1], "this counts from the start. How many *more* are there?"),
        (13, "e¹³ is 442,000, and the slope has to come down by a million."),
        (0, "the run stops at the tolerance it is given. With a smaller one it goes on."),
    ],
    hint="far out on the left f′ and f″ are both about e^z. So how long is a step, and what share of the slope does it leave?",
)

half_square_step = Function(
    "The step on half the square",
    lambda z: -1.0 / (2.0 - 3.0 / (1.0 + np.exp(-z))),
    inputs={"z": [-2.0, 0.0, 0.5, 3.0, 10.0]},
    because="with s = σ(z), f′ = s²(1 − s) and f″ = s²(1 − s)(2 − 3s), so the step is −1/(2 − 3s). Where s is above 2/3 it points uphill, and far out it is 1.",
    mistakes=[
        (lambda z: 1.0 / np.tanh(z / 2.0 + 1e-9), "this is the step on σ itself. Here f = σ²/2."),
        (lambda z: 1.0 / (2.0 - 3.0 / (1.0 + np.exp(-z))), "the size is right. Newton's step is −f′/f″."),
        (lambda z: -(2.0 - 3.0 / (1.0 + np.exp(-z))), "this is the step the wrong way up: slope over curvature, not curvature over slope."),
        (lambda z: -1.0 / (1.0 - 1.0 / (1.0 + np.exp(-z))), "this leaves out σσ″: it is the Gauss–Newton step."),
        (lambda z: -1.0 / (1.0 - 2.0 / (1.0 + np.exp(-z)) + 1e-9), "this takes f″ to be σσ″. The product rule has another term, σ′²."),
    ],
    hint="f′ = σσ′ and f″ = σ′² + σσ″, with σ′ = s(1 − s) and σ″ = s(1 − s)(1 − 2s).",
)

cubic_converted = Number(
    "M in other units",
    2 * 1000 * 50**3,
    because="M is in [f]/[x]³: the factor 1000 enters once and the factor 50 three times.",
    mistakes=[
        (2, "M is a number with units, and both of them have changed."),
        (2 * 1000, "and what does the factor 50 do?"),
        (2 * 1000 * 50, "the third derivative of f(50x) has the factor 50 three times."),
        (2 * 1000 * 50**2, "this is how a curvature goes, and damping with it. M is a rate at which curvature changes."),
        (2 / (1000 * 50**3), "the other way: the values are larger, and the same bend happens over a shorter length."),
    ],
    hint="in which units is M, when M |Δx|³ is added to f?",
)
