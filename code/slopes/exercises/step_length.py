"""The exercises of chapter 1.1, How long is a good step?, in the order of its pages."""

import numpy as np

from slopes.exercises.kinds import Choice, Function, Number, Numbers
from slopes.theory import error_factor, largest_stable_step

# The prediction that opens the chapter: x² from 10, ten steps with eps = 1.1 ---------------------

factor = error_factor(1.1, curvature=2)

third_run = Number(
    "Prediction",
    10 * factor**10,
    rtol=0.1,
    because=f"each step multiplies x by {factor:.1f}, and ten of them make 10 into {10 * factor**10:.1f}.",
    mistakes=[
        (factor**10, "the growth is right, but the run starts at 10 and not at 1."),
        (-10 * factor**10, "the size is right, but a distance has no sign, and ten changes of sign undo each other."),
        (10, "to stay at the same distance, each step would have to be twice the distance. Is it?"),
        (0, "a longer step does not always arrive sooner. The slope at 10 is 20: where does the first step end?"),
    ],
    atol=0.5,
    hint="keep your number in mind and read on; the run will tell.",
)

# One number decides ------------------------------------------------------------------------------

two_step_sizes = Numbers(
    "Two step sizes",
    [1 / 6, largest_stable_step(6)],
    because="the curvature of 3x² is 6. A step lands where eps f″ = 1, so at eps = 1/6, and a run no longer "
            "closes in where eps f″ = 2, so at eps = 1/3.",
    mistakes=[
        ([1 / 3, 2 / 3], "3 is the coefficient of x². What is the second derivative of 3x²?"),
        ([1 / 3, 1 / 6], "these two are the wrong way round: the step that lands comes first."),
        ([1 / 6, 1 / 6], "a step that overshoots can still end nearer than it began. When does it not?"),
        ([1, 2], "these are values of eps f″. Divide them by the curvature."),
        ([6, 12], "the larger the curvature, the shorter the step has to be: divide by it."),
    ],
    hint="find the number that a step multiplies x by. For which eps is it 0, and for which is it -1?",
)

ratio = -2.4 / 4

curvature_from_errors = Number(
    "Two errors of a run",
    1 - ratio,
    because=f"the factor 1 - eps f″ is -2.4 / 4 = {ratio:.1f}, so eps f″ = {1 - ratio:.1f}. "
            f"The step size is {1 - ratio:.1f} times the one that lands.",
    mistakes=[
        (ratio, "this is the factor 1 - eps f″. Solve for eps f″."),
        (-ratio, "this is the size of the factor. But the error also changes its sign: the factor is negative."),
        (1 + ratio, "this would be a run that creeps from 4 to 2.4. Here the error changes its sign."),
        (-1 / ratio, "divide the later error by the earlier one, and keep the sign: that is 1 - eps f″."),
        (1 - 1 / ratio, "divide the later error by the earlier one, not the other way round."),
    ],
    hint="the second error is 1 - eps f″ times the first.",
)


mirror_step = Number(
    "As many steps",
    0.8,
    because="with eps = 0.2 each step leaves 0.6 of the error, and with 0.8 it leaves -0.6 of it: the one creeps, the other swings, and the "
            "distances are the same.",
    mistakes=[
        (0.2, "this is the step size that we have. Which factor has the size of 0.6, and another sign?"),
        (1.6, "this is eps f″, at the same distance from 1 as 0.4. Divide it by the curvature."),
        (0.3, "0.2 and 0.3 would be mirror images about 0.25. The step that lands has eps f″ = 1: which eps is that on x²?"),
        (-0.2, "a step that goes uphill does not arrive."),
        (1.8, "the curvature of x² is 2, so the factor is 1 - 2 eps."),
    ],
    hint="what counts is the size of the factor 1 - eps f″. For which other eps is it 0.6?",
)

# A bowl with straight sides ----------------------------------------------------------------------

def slope(x):
    return 2 * x / (1 + x * x)


log_step = Function(
    "One step on ln(1 + x²)",
    lambda x, eps: x - eps * slope(x),
    inputs={"x": [3, 10, -2, 0.5, -0.1, 0, 100], "eps": [0.1, 0.5, 1.5, 2, 0.3, 1, 0.01]},
    because=f"the slope is 2x/(1 + x²). It is {slope(3):.1f} at 3 and {slope(100):.4f} at 100: far out steps are short because it is flat there.",
    mistakes=[
        (lambda x, eps: -eps * slope(x), "this is the step. The new x is the old one plus the step."),
        (lambda x, eps: x + eps * slope(x), "this goes uphill. Which way does minus the slope point?"),
        (lambda x, eps: x - slope(x), "the step size is missing."),
        (lambda x, eps: x - eps * np.log1p(x * x), "this subtracts eps f. Gradient descent subtracts eps f′."),
        (lambda x, eps: x - eps * 2 * x, "this is the step on x², and the two functions agree near 0 only."),
        (lambda x, eps: x - eps / (1 + x * x), "the chain rule asks for one more factor, the slope of what is inside the logarithm."),
        (lambda x, eps: x - eps * x / (1 + x * x), "the slope of what is inside the logarithm is 2x, not x."),
    ],
    hint="differentiate ln(1 + x²) by the chain rule, and subtract eps times the result from x.",
)

# A bowl that gets steeper ------------------------------------------------------------------------

sixth_limit = Function(
    "The longest step on x⁶",
    lambda x: 1 / (3 * x**4),
    inputs={"x": [2, -2, 0.5, -0.1, 1, 10, 30]},
    because=f"the factor 1 - 6 eps x⁴ reaches -1 at eps = 1/(3x⁴), which is {1 / (3 * 0.1**4):,.0f} at 0.1 and "
            f"{1 / (3 * 30**4):.1e} at 30. Below it the first step ends nearer, and so does every later one.",
    mistakes=[
        (lambda x: 1 / (6 * x**4), "this step lands on 0. A longer one overshoots. How long may it be and still end nearer than it began?"),
        (lambda x: largest_stable_step(30 * x**4), "this is 2/f″ at x, which is exact on a parabola. On x⁶ the curvature falls on the way down, and longer "
                                                   "steps are safe. Use the factor of one step."),
        (lambda x: 1 / (30 * x**4), "this is 1/f″ at x. Write down the factor of one step: when does its size reach 1?"),
        (lambda x: 1 / (2 * x * x), "this is the limit on x⁴. What is the slope of x⁶?"),
        (lambda x: 1 / (3 * x**5), "one x belongs to the distance that the factor multiplies: the slope 6x⁵ is 6x⁴ times x."),
        (lambda x: 3 * x**4, "this is upside down: the further out the start, the shorter the step has to be."),
    ],
    hint="one step takes x to (1 - 6 eps x⁴) x. For which eps is the size of that factor 1?",
)


def steps_on_quartic(start, end, step_size):
    """How many small steps on x⁴ lead from start to end: each adds about 8 eps to 1/x²."""
    return (1 / end**2 - 1 / start**2) / (8 * step_size)


first = steps_on_quartic(1, 0.1, 0.1)

one_more_digit = Number(
    "One more digit on x⁴",
    steps_on_quartic(1, 0.01, 0.1),
    rtol=0.05,
    because=f"each step adds about 8 eps = {8 * 0.1:.1f} to 1/x², which has to grow from 1 to 10,000. Ten times as "
            "near costs a hundred times the steps: as x goes to 0 the curvature does too, and the factor goes to 1.",
    mistakes=[
        (2 * first, "a parabola would do it so, with the same factor at every step. Here the factor 1 - 4 eps x² "
                    "comes closer and closer to 1."),
        (10 * first, "this is one power too few. By how much is the factor below 1, and how does that depend on x?"),
        (1000 * first, "this is one power too many. The slope goes with x³, but the way to go is shorter too."),
    ],
    hint="follow 1/x². By how much does one small step change it?",
)

# What can be promised ----------------------------------------------------------------------------

cycle = np.sqrt((3 / 2) ** 2 - 1)

loss_went_up = Choice(
    "The loss went up",
    "curvature above 2/eps",
    because="if f″ were at most 2/eps all along the step, the descent lemma would forbid a rise. So somewhere on "
            "the way it is more.",
    mistakes=[
        ("the run diverges", "one rise is not the end. With eps = 3 a run on √(1 + x²) from 0.1 rises at first, and "
                             f"then goes back and forth between -{cycle:.3f} and {cycle:.3f}. "
                             "What is certain about the step that rose?"),
        ("the gradient is wrong", "a right gradient is no protection: on x² with eps = 1.1 every step rises."),
        ("nothing", "turn the descent lemma around. What does f do if f″ is at most 2/eps all along the step?"),
    ],
)

# Where this stops being true ---------------------------------------------------------------------

flatter_network = Number(
    "A flatter network",
    largest_stable_step(8),
    because=f"training hovers where eps times the sharpness is 2, and 2 / 8 = {2 / 8:.2f}. The longer step ends in "
            "the flatter place.",
    mistakes=[
        (1 / 8, "this is the step that lands where the sharpness is 8. Training hovers at 2/eps, not at 1/eps."),
        (0.1 * 8 / 20, "this goes the wrong way: a shorter step lets the sharpness rise further."),
        (8 / 2, "this is upside down: eps times the sharpness is 2."),
        (20, "this is where eps = 0.1 hovers. Which step size hovers at 8?"),
    ],
    hint="eps = 0.1 hovers at 20. What is their product, and which eps gives the same product with 8?",
)
