"""The book's exercises, one module a chapter: each is a value that checks the reader's answer.

How to add one is said in `slopes.exercises.kinds`. `EXERCISES` finds them all by the name that a
notebook uses, such as "step_length.two_step_sizes", so that the tests can try every one.
"""

from slopes.exercises import (
    by_rule, clinic, cost, directions, flat, keeping, product, ruler, step_length, tails, units, wrong,
)
from slopes.exercises.kinds import Exercise

CHAPTERS = {"step_length": step_length, "units": units, "directions": directions,
            "by_rule": by_rule, "ruler": ruler, "wrong": wrong, "cost": cost,
            "product": product, "tails": tails, "flat": flat, "keeping": keeping,
            "clinic": clinic}

EXERCISES = {f"{chapter}.{name}": exercise for chapter, module in CHAPTERS.items()
             for name, exercise in vars(module).items() if isinstance(exercise, Exercise)}
