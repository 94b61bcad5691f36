"""The exercises of chapter 1.3, One step size, many directions, in the order of its pages."""

import numpy as np

from slopes.exercises.kinds import Number, Numbers
from slopes.theory import best_step, condition_number, descent_rate, momentum_rate, momentum_steps, steps_to_shrink


def steps(kappa, ratio=1e-6):
    return int(steps_to_shrink(descent_rate(kappa), ratio))


# The prediction that opens the chapter: from 69 steps at kappa = 10 to kappa = 1000 ----------------

narrow_valley = Number(
    "Prediction",
    steps(1000),
    rtol=0.1,
    because=f"the count grows like kappa itself: {steps(1000):,} steps, about a hundred times {steps(10)}.",
    mistakes=[
        (steps(100), "this is the count at kappa = 100."),
        (steps(10), "it would not change if each direction had a step size of its own. Here they share one."),
        (3 * steps(10), "this would be so if the count grew like the logarithm of kappa. It grows faster."),
        (steps(10) * 100**2, "this would be so if the count grew like the square of kappa. It grows like kappa itself."),
    ],
    hint="keep your number in mind and read on; the run will tell.",
)

# Exercises ---------------------------------------------------------------------------------------

best_of_two = Number(
    "The best step size",
    best_step(2, 8),
    because=f"the factors 1 - 2 eps and 1 - 8 eps are equal and opposite at eps = 2/(2 + 8) = {best_step(2, 8)}: "
            f"both have size {descent_rate(4)}.",
    mistakes=[
        (2 / 8, "this is where the steep direction goes back and forth for ever. Go a little below."),
        (1 / 8, "here the steep direction lands at once and the flat one keeps 0.75 of its error. Can you do better?"),
        (1 / 2, "here the flat direction lands at once, and the steep one is multiplied by -3."),
        (1 / 10, "nearly: at this step size the factors are 0.8 and 0.2. Make them equal and opposite."),
        (5, "this is upside down: it is 10/2."),
    ],
    hint="for which eps are 1 - 2 eps and 1 - 8 eps equal and opposite?",
)

tilted = np.array([[5.0, 4.0], [4.0, 5.0]])

round_on_its_diagonal = Number(
    "Round on its diagonal",
    condition_number(tilted),
    because="the eigenvalues are 9 along (1, 1) and 1 along (1, -1): a valley turned by 45°, which the diagonal hides.",
    mistakes=[
        (1, "this is the ratio of the entries on the diagonal. Curvatures of a tilted valley are eigenvalues."),
        (5 / 4, "5 is the curvature along both axes, and 4 is no curvature. The extremes lie between the axes: compute the eigenvalues."),
        (3, "this is the square root of the ratio, as the singular values of a root of H would give."),
        (1 / 9, "the larger eigenvalue over the smaller one, not the other way round."),
        (81, "the ratio of the eigenvalues, not of their squares."),
    ],
    hint="np.linalg.eigvalsh gives the eigenvalues of a symmetric matrix.",
)

new_units = Numbers(
    "Units that make it round",
    [1 / 2, 1 / 10],
    because="4 (y1/2)² = y1² and 100 (y2/10)² = y2²: each unit is one over the square root of a curvature.",
    mistakes=[
        ([1 / 4, 1 / 100], "curvature goes with the square of a unit: 4 d² should be 1, not 4 d."),
        ([2, 10], "this makes the valley narrower: the curvatures become 16 and 10,000."),
        ([1 / 10, 1 / 2], "these are the wrong way round: the steep direction needs the shorter unit."),
        ([1, 1 / 5], "this makes it round, with both curvatures 4. They should be 1."),
        ([5, 1], "this makes it round, with both curvatures 100. They should be 1."),
    ],
    hint="put d1 y1 and d2 y2 into f, and read off what multiplies y1²/2 and y2²/2.",
)

count = int(momentum_steps(400, 1e-6))

steps_with_momentum = Number(
    "Steps with momentum",
    count,
    rtol=0,
    because=f"momentum needs {count} steps where gradient descent needs {steps(400):,}.",
    mistakes=[
        (steps(400), "this is gradient descent at its best step size."),
        (int(steps_to_shrink(momentum_rate(400), 1e-6)), "this is what the rate alone gives. The error is larger: "
                                                         "it has the factor t as well. Count with a run."),
        (int(momentum_steps(20, 1e-6)), "this is for kappa = 20. The root of kappa is taken in the formula already."),
        (count - 1, "nearly. Round up to the first step at which the distance is a millionth."),
    ],
    hint="run Momentum(*best_momentum(1, 400)) from (1, 1) until the distance is below 1e-6 times √2.",
)

one_stretch = Number(
    "One stretch",
    5,
    because="bring the 50 down to anything from 1 to 5, and the curvatures 1 and 5 are the extremes.",
    mistakes=[
        (50, "this is the condition number as it is. A stretch multiplies one curvature by a number of your choice."),
        (10, "this is reached by stretching the flattest coordinate. Is there a better one to stretch?"),
        (1, "two curvatures stay as they are, and no two of them are equal."),
        (25, "the curvatures 1 and 50 are still there if you stretch the second coordinate. Which one is out of line?"),
    ],
    hint="a stretch can give one coordinate any curvature. Which two do you leave, and what is their ratio?",
)
