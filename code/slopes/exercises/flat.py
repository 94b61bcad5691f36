"""The exercises of chapter 3.3, Flat is not finished, in the order of its pages."""

import numpy as np

from slopes.activations import gelu
from slopes.escape import entropy, flow_time, raising, squared, steps_to_leave
from slopes.exercises.kinds import Choice, Function, Number

# The prediction that opens the chapter

_STEPS = steps_to_leave(squared(), 10.0)

steps_back = Number(
    "Prediction",
    _STEPS,
    rtol=0.5,
    because=f"the slope at 10 is about e⁻¹⁰, so at that pace a unit of the way would take e¹⁰ = {np.exp(10):,.0f} steps. "
            f"The slope grows on the way, and all of it takes {_STEPS:,}, nearly two thirds of them for the first unit.",
    mistakes=[
        (steps_to_leave(entropy(), 10.0), "so few steps need slopes of about 1. What is the slope of σ²/2 at z = 10?"),
        (1, "a step of gradient descent is eps times the slope, and the slope at 10 is tiny."),
        (100, "with a slope of 0.1 it would be so. How small is σ′(10)?"),
        (1_000_000, "less: work out σ′(10), about e⁻¹⁰, and take one over it."),
        (0, "it starts at 10 and has to get to 0."),
    ],
    hint="the slope of σ²/2 is σσ′, at 10 about e⁻¹⁰. How many steps of that length make a unit?",
)

# Necessary, not sufficient

distance = Function(
    "How far away at least",
    lambda grad, L: np.abs(grad) / L,
    inputs={"grad": [1.0, 0.1, -3.0], "L": [1.0, 0.5, 4.0]},
    because="on the way to the minimum the slope has to go from grad to 0, and it changes by at most L for each unit of x. So a large slope proves that the minimum is "
            "not near, and a small one proves nothing. In units: [f]/[x] over [f]/[x]² is a length.",
    mistakes=[
        (lambda grad, L: grad**2 / (2.0 * L), "this is how far *above* its minimum f must be, at the least, in units of f. A length is asked for."),
        (lambda grad, L: grad / L, "a distance has no sign."),
        (lambda grad, L: np.abs(grad) * L, "the more the slope may change with each unit of x, the nearer the minimum may be: divide by L."),
        (lambda grad, L: np.abs(grad) / (2.0 * L), "take the parabola L x²/2: where is its slope grad?"),
        (lambda grad, L: np.sqrt(np.abs(grad) / L), "check the units: grad over L is a length already."),
        (lambda grad, L: 0.0 * grad, "at the minimum itself the slope is 0. How fast can it change?"),
    ],
    hint="take the parabola L x²/2, whose slope is Lx. At which x is it grad?",
)

# Time to leave

_TWENTY = flow_time(raising("arctan"), 20.0) / flow_time(raising("arctan"), 10.0)

twice_as_far = Number(
    "Twice as far out",
    _TWENTY,
    rtol=0.05,
    because=f"the time is r + r³/3, so far out it grows like the third power of r, by about 8; the exact ratio is {_TWENTY:.2f}.",
    mistakes=[
        (2, "for a constant slope the time would double. The slope of arctan falls with the square of the distance."),
        (4, "this is how the slope falls. The time adds up one over it along the way."),
        (np.exp(10.0), "this is for a sigmoid. The tail of arctan is polynomial."),
        (flow_time(raising("arctan"), 20.0), "this is the time from 20. The ratio of two times is asked for."),
    ],
    hint="the time to come back from r is the integral of 1/φ′ = 1 + x² from 0 to r.",
)

lowered_gelu = Choice(
    "A GELU that is to be lowered",
    "comes back",
    because=f"its slope at −5 is negative, so its output is lowered by going right, down to its minimum at −0.75. The slope is about "
            f"{float(gelu.deriv(-5.0)):.0e}, so it takes its time.",
    mistakes=[
        ("goes further out", "that is what it does when its output is to be *raised*. Which sign has its slope at −5?"),
        ("stays where it is", "the slope is small and not 0."),
    ],
)

# A network

label_entropy = Number(
    "The entropy of other labels",
    -(0.5 * np.log(0.5) + 0.5 * np.log(0.5 / 9)),
    because="half of ln 2 and half of ln 18 make ln 6: the loss would stall at 1.79, lower than with ten equally frequent digits, because less is left to be guessed.",
    mistakes=[
        (np.log(10), "this is for ten equally frequent digits."),
        (-(0.5 * np.log2(0.5) + 0.5 * np.log2(0.5 / 9)), "this is in bits. The loss is in nats: take the natural logarithm."),
        (np.log(2), "this is for two classes that are equally frequent. The other half is shared by nine digits."),
        (-(0.5 * np.log(0.5) + 0.5 / 9 * np.log(0.5 / 9)), "this counts only one of the nine other digits."),
    ],
    hint="shares = [1/2, 1/18, ..., 1/18], and then minus the sum of p ln p.",
)
