"""The exercises of chapter 3.2, Tails, in the order of its pages."""

import numpy as np

from slopes.activations import gelu, sigmoid, silu, tanh
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

which_law = Choice(
    "Which tail is which",
    "polynomial",
    because="1/(1 + x²) is a power of x far out, so that ten times the distance divides the slope by a hundred, and never by more.",
    mistakes=[
        ("exponential", "an exponential loses the same factor with each unit of x. What does 1/(1 + x²) lose from 100 to 101?"),
        ("constant", "it does go to 0. How fast?"),
        ("zero", "at no x is 1/(1 + x²) equal to 0."),
        ("gaussian", "there is no exponential in 1/(1 + x²), and still less one of x²."),
    ],
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
    lambda x: -np.abs(x) - 2.0 * np.log1p(np.exp(-np.abs(x))),
    inputs={"x": [0.0, 3.0, -40.0, 800.0, -1000.0]},
    because="the slope is e^−|x| / (1 + e^−|x|)², and its logarithm −|x| − 2 ln(1 + e^−|x|): nothing in it underflows or overflows.",
    mistakes=[
        (lambda x: np.log(1.0 / (1.0 + np.exp(-np.clip(x, -700, 700))) * (1 - 1.0 / (1.0 + np.exp(-np.clip(x, -700, 700)))) + 0.0),
         "far out σ(1 − σ) is 0 as a float, and its logarithm is lost. Work out the logarithm on paper first."),
        (lambda x: -np.abs(x) + 0.0 * x, "this is the law of the tail. At 0 the slope is 1/4, and its logarithm −1.386."),
        (lambda x: -x - 2.0 * np.log1p(np.exp(np.clip(-x, -700, 700))), "this is right for positive x. What does exp(−x) do at −1000?"),
    ],
    hint="multiply numerator and denominator by e^−|x|, so that every exponential is of a number below 0.",
)

no_tail = Choice(
    "No flat tail",
    "arctanh",
    because="its slope is 1/(1 − x²), at least 1 everywhere; but it is only defined between −1 and 1.",
    mistakes=[
        ("arctan", "its slope is 1/(1 + x²), which goes to 0."),
        ("tanh", "its slope is 1 − tanh², which goes to 0 faster than the sigmoid's."),
        ("softsign", "its slope is 1/(1 + |x|)², which goes to 0."),
    ],
)

_LOW = {f.name: float(bisect(lambda x, f=f: f.deriv(x) < 0, -3.0, 0.0, tolerance=1e-9)) for f in (silu, gelu)}

flat_inside = Number(
    "Flat in the middle",
    _LOW["silu"],
    because=f"silu falls to the left of 0 until {_LOW['silu']:.3f} and rises again: a place with slope 0 that is no tail.",
    mistakes=[
        (_LOW["gelu"], "this is where gelu is flat. Take silu, x σ(x)."),
        (-_LOW["silu"], "the size is right. On the right of 0 the slope is positive."),
        (0, "at 0 the slope is σ(0) = 1/2."),
        (float(silu.value(_LOW["silu"])), "this is the value there. The x is asked for."),
    ],
    hint="the slope of x σ(x) is σ(x)(1 + x σ(−x)). Look for its zero between −3 and 0, by bisection for instance.",
)
