"""The book's figures, one module a chapter: functions that return a `Picture` or an `Explorer`.

A picture is given the arrays that its notebook computed. An explorer runs its own experiments,
for every setting of its sliders. `EXPLORERS` lists them all, so that the tests can draw every frame.
"""

from slopes.explorers import (
    by_rule, clinic, cost, directions, flat, front, keeping, product, ruler, step_length, tails, units, wrong,
)

EXPLORERS = (
    front.same_slope,
    step_length.parabola,
    step_length.other_bowls,
    units.two_units,
    directions.zigzag,
    directions.heavy_ball,
    by_rule.one_valley,
    ruler.two_rulers,
    ruler.correct_digits,
    wrong.one_start,
    cost.price,
    cost.eigenvalues_and_products,
    product.every_layer,
    tails.one_activation,
    flat.leaving,
    keeping.edge_of_chaos,
    clinic.ward,
)
