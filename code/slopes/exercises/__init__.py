"""The book's exercises, one module a chapter: each is a value that checks the reader's answer.

How to add one is said in `slopes.exercises.kinds`. A chapter is loaded when it is asked for, as in
`exercises.flat.distance`, because some of its answers take a moment to be computed. `EXERCISES` has them
all by the name that a notebook uses, such as "step_length.two_step_sizes", so that the tests can try
every one.
"""

from importlib import import_module

from slopes.exercises.kinds import Exercise

CHAPTERS = ("step_length", "units", "directions", "by_rule", "ruler", "wrong", "cost", "product", "tails", "flat",
            "keeping", "clinic")


def __getattr__(name):
    if name in CHAPTERS:
        return import_module(f"{__name__}.{name}")
    if name == "EXERCISES":
        return {f"{chapter}.{key}": value for chapter in CHAPTERS
                for key, value in vars(import_module(f"{__name__}.{chapter}")).items() if isinstance(value, Exercise)}
    raise AttributeError(f"there are no exercises {name!r}: the chapters with exercises are {', '.join(CHAPTERS)}")


def __dir__():
    return [*CHAPTERS, "EXERCISES"]
