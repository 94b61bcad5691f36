"""Every rule on every problem: how many steps each took, where it ended, and the value there."""

from typing import NamedTuple

from slopes.landscapes import Kind, kind_of
from slopes.objectives import Objective
from slopes.optimizers import Status, grad_below, run

_ROUNDED_FROM = 1000  # one rounding error moves a count as long as that


class Ending(NamedTuple):
    """How one run ended. value: of the objective there, in units of [f]."""

    steps: int
    status: Status
    kind: Kind
    value: float

    @property
    def words(self):
        """The count of steps, and what is wrong with where they led."""
        if self.status in (Status.DIVERGED, Status.LEFT_DOMAIN, Status.STUCK):
            return f"{self.status.words} {_count(self.steps)}"
        if self.status == Status.CONVERGED and self.kind != Kind.MINIMUM:
            return f"{self.kind.words} {_count(self.steps)}"
        return _count(self.steps) if self.status == Status.CONVERGED else f"> {self.steps:,}"


class Comparison(dict):
    """An `Ending` for each pair (rule, problem) of names."""

    def steps_table(self):
        """A table of steps, a line a rule; counts from 1,000 on are rounded to two digits."""
        return self._table(lambda ending: ending.words)

    def values_table(self):
        """A table of the values at the end, to three decimals."""
        return self._table(lambda ending: _value(ending.value))

    def _table(self, text):
        rules, problems = (list(dict.fromkeys(names)) for names in zip(*self))
        rows = [["", *problems]] + [[rule, *(text(self[rule, problem]) for problem in problems)] for rule in rules]
        first, *others = (max(map(len, column)) for column in zip(*rows))
        return "\n".join("  ".join([row[0].ljust(first), *map(str.rjust, row[1:], others)]).rstrip() for row in rows)


def compare(rules, problems, steps=20_000, *, tolerance=1e-6):
    """Run each rule on each problem until the gradient norm is at most `tolerance`, or for `steps` steps.

    rules: {name: rule}. problems: {name: (objective, start)}, each start a point. Returns a `Comparison`.
    """
    for name, problem in problems.items():
        if not (isinstance(problem, tuple) and len(problem) == 2 and isinstance(problem[0], Objective)):
            raise TypeError(f"the problem {name!r} must be a pair (objective, start), got {problem!r}")
    if not rules or not problems:
        raise ValueError(f"give at least one rule and one problem, got {len(rules)} and {len(problems)}")
    return Comparison({(r, p): _ending(rule, *problem, steps, tolerance)
                       for r, rule in rules.items() for p, problem in problems.items()})


def _ending(rule, objective, start, steps, tolerance):
    path = run(rule, objective, start, steps, until=grad_below(tolerance), keep="last")
    if path.status.ndim:
        raise ValueError(f"{objective.name} was given starts of shape {path.last.shape}: give one point")
    kind = Kind(int(kind_of(objective, path.last, tolerance)))
    return Ending(int(path.steps), Status(int(path.status)), kind, float(path.value[-1]))


def _value(value):
    if not abs(value) >= 1e6:
        return f"{value:.3f}" if value == value else "undefined"
    return "above 10⁶" if value > 0 else "below −10⁶"


def _count(steps):
    return f"{steps:,}" if steps < _ROUNDED_FROM else f"{float(f'{steps:.2g}'):,.0f}"
