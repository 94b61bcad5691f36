"""The exercises of chapter 3.2, Tails, in the order of its pages."""

import numpy as np

from slopes.activations import sigmoid, silu, tanh
from slopes.exercises.kinds import Choice, Function, Number
from slopes.search import bisect

# The prediction that opens the chapter

_RATIO = float(sigmoid.deriv(5.0) / tanh.deriv(5.0))

at_five = Number(
    "Prediction",
    _RATIO,
    rtol=0.2,
    because=f"the slope of tanh falls like 4 exp(−2x) and that of the sigmoid like exp(−x); at 5 the sigmoid's is {_RATIO:.0f} times as large.",
    mistakes=[
        (1 / _RATIO, "the size is right, but it is the sigmoid that is steeper at 5."),
        (0.25, "this is the ratio at 0, where tanh is four times as steep. What happens further out?"),
        (4, "at 0 tanh is four times as steep as the sigmoid. At 5 it is not so."),
        (1, "the two slopes are equal at one place between 0 and 5. Further out they part again."),
        (np.exp(5.0), "the exponents give this; but the slopes are exp(−x) and 4 exp(−2x), and the 4 counts too."),
    ],
    hint="the slope of tanh is 1 − tanh², that of the sigmoid σ(1 − σ). Far out both are exponentials, with different rates.",
)

# The laws

power_of_tail = Number(
    "The power of a tail",
    3,
    because="far out 1 + x² is about x², and its power −3/2 is x⁻³: ten times as far, a thousandth of the slope.",
    mistakes=[
        (1.5, "this is the power of 1 + x². What power of x is that, far out?"),
        (2, "this is the power of arctan, with the slope 1/(1 + x²). Here it is (1 + x²) to the power −3/2."),
        (1, "this is how the slope of arsinh falls, 1/√(1 + x²)."),
        (-3, "the size is right; p is taken from r to the power −p."),
    ],
    hint="for large x replace 1 + x² by x².",
)

_LAYERS = 20

twenty_layers = Number(
    "Twenty layers at 3",
    _LAYERS * float(sigmoid.log_deriv(3.0)) / np.log(10),
    rtol=0.02,
    because="twenty slopes of 0.0452 make a product with the logarithm 20 log₁₀ 0.0452. Sum logarithms, and nothing underflows.",
    mistakes=[
        (_LAYERS * float(sigmoid.log_deriv(3.0)), "this is the natural logarithm. Divide by ln 10."),
        (float(sigmoid.log_deriv(3.0)) / np.log(10), "this is one layer. There are twenty."),
        (_LAYERS * np.log10(0.25), "this takes the largest slope, that at 0. The units are at 3."),
        (-_LAYERS * float(sigmoid.log_deriv(3.0)) / np.log(10), "the size is right, but the product is small: its power of ten is negative."),
    ],
    hint="the slope at 3 is σ(3)(1 − σ(3)); take its logarithm to the base 10, twenty times.",
)

log_slope = Function(
    "A slope that underflows",
    lambda x: np.log(4.0) - 2.0 * np.abs(x) - 2.0 * np.log1p(np.exp(-2.0 * np.abs(x))),
    inputs={"x": [0.0, 3.0, -40.0, 800.0, -1000.0]},
    because="tanh(x) = 2σ(2x) − 1, so its slope is 4σ′(2x), with the logarithm ln 4 − 2|x| − 2 ln(1 + e^−2|x|): nothing in it underflows or overflows.",
    mistakes=[
        (lambda x: np.log(1.0 - np.tanh(x) ** 2), "far out 1 − tanh² is 0 as a float, and its logarithm is lost. Work out the logarithm on paper first."),
        (lambda x: np.log(4.0) - 2.0 * np.abs(x), "this is the law of the tail. At 0 the slope is 1, and its logarithm 0."),
        (lambda x: -np.abs(x) - 2.0 * np.log1p(np.exp(-np.abs(x))), "this is the sigmoid's. tanh(x) is 2σ(2x) − 1."),
        (lambda x: -2.0 * np.abs(x) - 2.0 * np.log1p(np.exp(-2.0 * np.abs(x))), "this is ln σ′(2x). What do the two factors of 2 in 2σ(2x) do to the slope?"),
    ],
    hint="write tanh(x) as 2σ(2x) − 1, differentiate, and use the logarithm of the sigmoid's slope at 2x.",
)

steepest_far_out = Choice(
    "The steepest far out",
    "arsinh",
    because="its slope is 1/√(1 + x²), which falls like 1/r: a thousandth at 1,000. It has the mildest tail here, and its values grow without bound.",
    mistakes=[
        ("arctan", "its slope is 1/(1 + x²), a millionth at 1,000."),
        ("tanh", "its slope is 4e^−2x far out, and at 1,000 no float can hold it."),
        ("softsign", "its slope is 1/(1 + |x|)², about a millionth at 1,000."),
    ],
)

_X = np.linspace(-10, 0, 100_001)
_SLOPES = silu.deriv(_X)
_FLAT = float(bisect(lambda x: silu.deriv(x) < 0, -3.0, 0.0, tolerance=1e-9))

steepest_down = Number(
    "The steepest way down",
    float(_SLOPES.min()),
    because=f"to the left of its minimum silu falls, most steeply at {_X[_SLOPES.argmin()]:.2f}; further left it goes flat again, with the law of its tail.",
    mistakes=[
        (_FLAT, "this is where the slope is 0. The least slope is further left, and the slope is asked for."),
        (float(_X[_SLOPES.argmin()]), "this is where the slope is least. How much is it there?"),
        (float(silu.value(_FLAT)), "this is the least value of silu, not its least slope."),
        (-float(_SLOPES.min()), "the size is right. To the left of its minimum silu falls."),
        (float(_SLOPES.max()), "this is the slope at 0. Look further left."),
    ],
    hint="the slope of x σ(x) is σ(x)(1 + x σ(−x)). Take it on a fine grid from −10 to 0, and its least value.",
)
