"""The exercises of chapter 1.2, The step size has units, in the order of its pages."""

from slopes.exercises.kinds import Function, Number
from slopes.objectives import arctan_integral
from slopes.theory import rescaled_step

# The prediction that opens the chapter: from metres to kilometres ---------------------------------

kilometres = Number(
    "Prediction",
    rescaled_step(0.5, k=1000),
    because=f"a step size has units of x² over those of f, and 0.5 m² are {rescaled_step(0.5, k=1000):g} km².",
    mistakes=[
        (0.5 / 1000, "the slope changes too: a metre is a thousandth of a kilometre, so f rises a thousand times as "
                     "steeply for each kilometre. Which steps do you get?"),
        (0.5 * 1000, "this makes steps longer. But the numbers that stand for the way have become smaller."),
        (0.5 * 1000**2, "the factor is right, but it goes the other way: x in kilometres is the smaller number."),
        (0.5, "then a step would be a thousand times as steep a slope, in units a thousand times as long. Would that "
              "be the same step?"),
    ],
    hint="keep your number in mind and read on; the units will tell.",
)

# Exercises ---------------------------------------------------------------------------------------

gradient_sum = Number(
    "A sum over a larger batch",
    rescaled_step(0.1, c=256 / 64),
    because="the sum over 256 is four times as steep as the sum over 64, so eps is 0.1 / 4 = 0.025.",
    mistakes=[
        (0.1 * 4, "the slope of the sum is 4 times as steep. Should the step size grow as well?"),
        (0.1, "this would be right for a mean. The sum has a slope 4 times as steep, so this takes steps 4 times as long."),
        (0.1 / 2, "the square root belongs to the noise of a random batch. Here the loss itself is multiplied by 4."),
        (0.1 / 16, "f enters the units of a step size once, not squared. Only x is squared."),
        (0.1 / 256, "this would go from a mean over 256 to the sum. The loss was a sum before, over 64."),
    ],
    hint="by which factor c is the loss multiplied, and what does that do to eps?",
)

joules = Number(
    "Kilojoules and millimetres",
    rescaled_step(0.2, c=1e-3, k=1e-3),
    because=f"0.2 m²/J is 0.2 times 10⁶ mm² for each 10⁻³ kJ, and that is {rescaled_step(0.2, 1e-3, 1e-3):.3g} mm²/kJ.",
    mistakes=[
        (0.2 * 1e6, "this converts the metres. The joules have to be converted as well."),
        (0.2 * 1e3, "a square metre is 10⁶ square millimetres, and one for each joule is 1,000 for each kilojoule."),
        (0.2 * 1e-9, "this goes the other way. How many square millimetres are a square metre?"),
        (0.2 * 1e-6 * 1e3, "the joules are right. But how many square millimetres are a square metre?"),
    ],
    hint="write 0.2 m²/J, and put 1000 mm in the place of m and 0.001 kJ in the place of J.",
)

converted = Function(
    "The step size for c f(x/k) + d",
    lambda eps, c, k, d: eps * k * k / c,
    inputs={"eps": [0.5, 0.5, 0.5, 0.1, 2, 1e-3], "c": [1, 8, 1, 10, 0.25, 1e4], "k": [1, 1, 4, 3, 0.1, 100], "d": [0, 1, 5, -2, 3, 1]},
    because="with x/k a slope is divided by k, and so is a step on its way to x/k: k enters twice. d moves the values and no slope.",
    mistakes=[
        (lambda eps, c, k, d: eps / (c * k * k), "this is for c f(kx). Here x is divided by k."),
        (lambda eps, c, k, d: eps * k / c, "k enters twice: in the slope, and in the length of a step."),
        (lambda eps, c, k, d: eps * c * k * k, "multiplying f by c makes the slope steeper. Which way does eps go?"),
        (lambda eps, c, k, d: eps * c / (k * k), "this is the step size that f sees. Solve for the one that c f(x/k) needs."),
        (lambda eps, c, k, d: eps * k * k, "and what does c do?"),
        (lambda eps, c, k, d: eps / c, "and what does k do?"),
    ],
    hint="one step is x ← x - eps c f′(x/k) / k. Divide it by k, and compare with a step on f.",
)

reach = 5 / arctan_integral().grad(5.0)

longest_step = Number(
    "A limit found by search",
    2 * reach,
    rtol=1e-3,
    because=f"a step of exactly twice the distance goes back and forth between 5 and -5: eps f′(5) = 10, so eps = {2 * reach:.4f}.",
    mistakes=[
        (2, "this is 2/f″ at the minimum. Far out the curvature is smaller, and a longer step still ends nearer."),
        (reach, "this step lands on 0 at once. A longer one overshoots. How long may it be?"),
        (2 * 26, "this is 2/f″ at the start, where the function is almost straight. What does the run do?"),
        (10, "this takes the slope at 5 to be 1. It is arctan 5."),
    ],
    hint="give bisect a test that runs 200 steps from 5 and asks whether the end is at most 5 away from 0.",
)

clipping = Number(
    "A threshold for the gradient",
    5.0 * 100,
    because="a threshold for the slope has units of f over those of x, so it is multiplied by c = 100.",
    mistakes=[
        (5.0, "then the threshold cuts slopes that it let pass before: all of them have become 100 times as large."),
        (5.0 / 100, "this is how eps changes. A threshold is compared with the slope itself."),
        (5.0 * 10, "the loss is multiplied by 100. By what are its slopes multiplied?"),
        (5.0 * 100**2, "the slope contains f once."),
    ],
    hint="what are the units of a slope? The threshold has the same.",
)
