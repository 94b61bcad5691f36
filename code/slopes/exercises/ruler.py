"""The exercises of chapter 2.1, Curvature as a ruler, in the order of its pages."""

from slopes.convergence import digits
from slopes.exercises.kinds import Choice, Function, Number, Numbers
from slopes.objectives import barrier, power
from slopes.optimizers import Newton, distance_below, run

# The prediction that opens the chapter: x - ln x from 0.9, three Newton steps

_DIGITS = digits(run(Newton(), barrier(), 0.9, 3).x - 1.0)

three_steps = Number(
    "Prediction",
    _DIGITS[3],
    rtol=0,
    atol=0.5,
    because=f"each step squares the error: after the start it is {10.0 ** -_DIGITS[1]:.2f}, then {10.0 ** -_DIGITS[2]:.4f}, then "
            f"10 to the power −{_DIGITS[3]:.0f}.",
    mistakes=[
        (4, "this would be one digit more with every step, as if a step left a tenth of the error. Work out the first step: where does it end?"),
        (3, "one digit a step is what a factor of 10 a step gives. Work out the first step: what happens to the error 0.1?"),
        (2, "that is what it has after the first step. What do two more do?"),
        (16, "that is after the fourth step, and all that a float has. You are one step ahead."),
    ],
    hint="f′ = 1 − 1/x and f″ = 1/x², so a step leads from x to x(2 − x). Put in 0.9, and look at the error.",
)

# No units

same_step = Number(
    "The step in other units",
    -0.6 / 50,
    because="c multiplies f′ and f″ alike and cancels. With f(kx) the slope is multiplied by k and the curvature by k², "
            "so the step is divided by k = 50.",
    mistakes=[
        (-0.6, "the path is the same when it is seen in the old units. In the new ones, every length is divided by k."),
        (-0.6 * 50, "f(50x) is f squeezed: what was at x is now at x/50."),
        (-0.6 * 1000 / 50, "the factor 1000 multiplies f′ and also f″. What is left of it in their ratio?"),
        (0.6 / 50, "the size is right. Which sign had the step?"),
        (-0.6 / 2500, "the slope has a factor k and the curvature k². What does their ratio have?"),
    ],
    hint="write down f′ and f″ of c f(kx), and divide.",
)

# How fast

reciprocal = Function(
    "Division without division",
    lambda x, a: x * (2.0 - a * x),
    inputs={"x": [0.1, 0.2, 0.5, 0.3, 0.0], "a": [3.0, 3.0, 1.5, 4.0, 2.0]},  # at 0 a division shows
    because="f′ = a − 1/x and f″ = 1/x², so x − f′/f″ = x(2 − ax): two multiplications and a subtraction. "
            "Some computers divide like this.",
    mistakes=[
        (lambda x, a: x * (2.0 - x), "this is the step for a = 1. Where does a enter f′?"),
        (lambda x, a: x - (a - 1.0 / x), "this is a step of gradient descent with eps = 1. Divide the slope by f″ = 1/x²."),
        (lambda x, a: x - (a - 1.0 / x) / (1.0 / x**2), "this is the step, with divisions in it: at x = 0 it has no value. Multiply it out."),
        (lambda x, a: a * x * x, "this is where a step in the wrong direction leads: the step is taken away."),
        (lambda x, a: x - (a * x - 1.0), "f″ is 1/x², so dividing by it multiplies by x², not by x."),
    ],
    hint="f′ = a − 1/x and f″ = 1/x². Multiply out x − f′/f″, and the divisions disappear.",
)

constant = Number(
    "The constant of the law",
    5,
    because="f″ = 1/x² and f‴ = −2/x³, so |f‴/(2f″)| is 1/x, at the minimum 1/5 it is 5. In units: K is in 1/[x], and 5x − ln x is x − ln x "
            "with k = 5, up to a constant.",
    mistakes=[
        (1, "this is K for x − ln x. Take the derivatives of 5x − ln x at its own minimum."),
        (10, "this is |f‴/f″|. The law has a 2 below."),
        (0.2, "this is where the minimum is. What are f″ and f‴ there?"),
        (25, "this is f″ at the minimum."),
    ],
    hint="differentiate 5x − ln x two and three times; the minimum is at 1/5.",
)

from_errors = Numbers(
    "From a list of errors",
    [2, 2],
    rtol=0.02,
    because="each error is twice the square of the one before: 0.02 = 2 · 0.1², 0.0008 = 2 · 0.02², and so on.",
    mistakes=[
        ([1, 0.2], "the first two errors have this ratio, and the next two another one: 0.04. What is squared?"),
        ([2, 1], "with K = 1 the error after 0.1 would be 0.01."),
        ([2, 0.5], "this is one over the constant: K = e(t+1) / e(t)²."),
    ],
    hint="take the logarithms of two successive ratios, and divide; then compare an error with that power of the one before.",
)

per_gradient = Choice(
    "More for the same price",
    "secant",
    because="two secant steps cost as much as one of Newton's and multiply the digits by 1.618² = 2.618, where Newton's doubles them.",
    mistakes=[
        ("newton", "Newton's method doubles the digits for the price of two. What do two secant steps do?"),
        ("equal", "Newton's method doubles the digits for the price of two, so by √2 = 1.414 for each. Compare that with 1.618."),
    ],
)

# Where it stops being true

_CRAWL = int(run(Newton(), power(4), 1.0, 100, until=distance_below(1e-6)).steps)

crawl = Number(
    "A flat minimum",
    _CRAWL,
    rtol=0,
    because=f"each step leaves 2/3 of the distance, and (2/3)ᵗ is below a millionth from t = {_CRAWL} on.",
    mistakes=[
        (_CRAWL - 1, f"after {_CRAWL - 1} steps the distance is still {1e6 * (2 / 3) ** (_CRAWL - 1):.2f} millionths. Round up."),
        (5, "so few steps would need digits that double. Near a minimum without curvature, by which factor does a step shrink x?"),
        (20, "this is for a factor of 1/2. For |x|⁴ the factor is (p − 2)/(p − 1) with p = 4."),
        (49, "this is for a factor of 3/4. Work out x − f′/f″ for x⁴."),
    ],
    hint="a step leads from x to x − 4x³/12x². Which whole power of this factor is below a millionth?",
)
