"""The exercises of chapter 3.3, Flat is not finished, in the order of its pages."""

import numpy as np

from slopes.datasets import digits
from slopes.escape import entropy, flow_time, raising, squared, steps_to_leave
from slopes.exercises.kinds import Choice, Function, Number

# The prediction that opens the chapter

_STEPS = steps_to_leave(squared(), 10.0)

steps_back = Number(
    "Prediction",
    _STEPS,
    rtol=0.5,
    because=f"the slope at 10 is about e⁻¹⁰, so a unit of the way takes some e¹⁰ steps, and nearly all of them are spent on the first unit: {_STEPS:,}.",
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

bound = Function(
    "How far at most",
    lambda grad, m: grad**2 / (2.0 * m),
    inputs={"grad": [1.0, 0.1, 3.0], "m": [1.0, 0.5, 4.0]},
    because="where no curvature is below m, f cannot be further above its minimum than a parabola of curvature m with the same slope.",
    mistakes=[
        (lambda grad, m: grad / (2.0 * m), "check the units: [f]/[x] over [f]/[x]² is a length. The gap is in units of f."),
        (lambda grad, m: grad**2 / m, "take the parabola m x²/2 and put its slope m x in. A factor of 2 is missing."),
        (lambda grad, m: m * grad**2 / 2.0, "the flatter the bowl, the further away the minimum may be: divide by m."),
    ],
    hint="for f = m x²/2 the slope is mx. Write f with the slope in place of x.",
)

# Time to leave

_TEN = flow_time(raising("sigmoid"), 10.0) / flow_time(raising("sigmoid"), 5.0)

twice_as_far = Number(
    "Twice as far out",
    _TEN,
    rtol=0.05,
    because="the time grows like e^r, so five units more multiply it by about e⁵ = 148; the exact ratio is a little less.",
    mistakes=[
        (2, "for a constant slope the time would double. The slope here falls by a factor e for each unit."),
        (flow_time(raising("arctan"), 10.0) / flow_time(raising("arctan"), 5.0), "this is arctan, whose time grows like r³/3. Take the sigmoid."),
        (np.exp(10.0), "this is the time itself, roughly. The ratio of two times is asked for."),
        (10, "how much smaller is the slope at 10 than at 5?"),
    ],
    hint="the time to come back from r is the integral of 1/σ′ from 0 to r, e^r − e^−r + 2r.",
)

never = Choice(
    "Never",
    "relu",
    because="below 0 its slope is exactly 0, so gradient descent does not move it, however long it runs and whatever its step size.",
    mistakes=[
        ("leaky_relu", "a slope of 0.01 is slow, and it arrives: 100 r steps."),
        ("elu", "its slope is e^−r. That is small, and not 0."),
        ("arctan", "a polynomial tail is the mildest of those that go to 0."),
    ],
)

# A network

_SHARES = np.bincount(digits().y) / len(digits())

label_entropy = Number(
    "The entropy of the labels",
    -float(np.sum(_SHARES * np.log(_SHARES))),
    rtol=1e-5,
    because="it is the least cross-entropy that any prediction can have which is the same for all examples.",
    mistakes=[
        (np.log(10), "this is the entropy of ten equally frequent digits. Ours are nearly, and not quite, equally frequent."),
        (-float(np.sum(_SHARES * np.log2(_SHARES))), "this is in bits. The loss is in nats: take the natural logarithm."),
        (0.1, "count how often each digit occurs, and take minus the sum of p ln p."),
    ],
    hint="shares = np.bincount(y) / len(y), and then minus the sum of p ln p.",
)

who_stalls = Choice(
    "Who is at rest",
    "early layers and weights of the last",
    because="the output bias has arrived. Everything else has gradients near 0 because nothing of the input comes through, and not because it is done.",
    mistakes=[
        ("all are done", "the loss could be far lower: a network with other weights gets below 0.01."),
        ("only the early layers", "the weights of the last layer see activations that are all but equal for every example. What can they learn from that?"),
    ],
)
