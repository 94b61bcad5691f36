"""Rules on problems side by side: what each cell of the table says."""

import numpy as np
import pytest

from slopes.comparison import Comparison, Ending, compare
from slopes.landscapes import Kind, himmelblau, wave
from slopes.newton import Backtracking
from slopes.objectives import Objective, hyperbola, parabola
from slopes.optimizers import GradientDescent, Newton, Status, run

RULES = {"gradient descent": GradientDescent(0.01), "Newton": Newton(), "searched": Backtracking(Newton())}
PROBLEMS = {"bowl": (parabola(), 3.0), "root": (hyperbola(), 2.0), "wave": (wave(), 10.0), "hills": (himmelblau(), [0.0, 0.0])}


@pytest.fixture(scope="module")
def found():
    return compare(RULES, PROBLEMS, 500)


@pytest.mark.parametrize("rule, problem, words", [
    ("Newton", "bowl", "1"), ("Newton", "root", "diverged 4"), ("Newton", "wave", "maximum 6"),
    ("searched", "hills", "stuck 0"), ("searched", "root", "4"), ("gradient descent", "root", "> 500"),
])
def test_each_ending_is_named(found, rule, problem, words):
    assert found[rule, problem].words == words


def test_a_cell_is_the_run(found):
    path = run(GradientDescent(0.01), himmelblau(), [0.0, 0.0], found["gradient descent", "hills"].steps)
    assert found["gradient descent", "hills"].value == pytest.approx(path.value[-1], abs=1e-12)
    assert found["gradient descent", "hills"].kind == Kind.MINIMUM


def test_the_tables_have_a_line_a_rule_and_columns_in_line(found):
    for table in (found.steps_table(), found.values_table()):
        head, *lines = table.splitlines()
        assert head.split() == list(PROBLEMS) and [line[:16].strip() for line in lines] == list(RULES)
        assert len({len(line) for line in [head, *lines]}) == 1
    assert "above 10⁶" in found.values_table() and "181.617" in found.values_table()


def test_a_long_count_is_rounded_and_a_short_one_is_not():
    ending = Ending(13756, Status.CONVERGED, Kind.MINIMUM, 0.0)
    assert ending.words == "14,000" and ending._replace(steps=999).words == "999"


def test_a_reader_adds_a_problem_in_three_lines():
    mine = Objective("x - ln x", lambda x: x - np.log(x), lambda x: 1 - 1 / x, lambda x: 1 / x**2)
    table = compare(RULES, PROBLEMS | {"mine": (mine, 0.1)})
    assert compare(RULES, {"mine": (mine, 3.0)})["Newton", "mine"].words == "left domain 1"
    assert isinstance(table, Comparison) and table["Newton", "mine"].value == pytest.approx(1.0)


@pytest.mark.parametrize("call, error, message", [
    (lambda: compare(RULES, {"mine": parabola()}), TypeError, r"'mine' must be a pair \(objective, start\)"),
    (lambda: compare(RULES, {"mine": (np.sin, 1.0)}), TypeError, "'mine' must be a pair"),
    (lambda: compare(RULES, {"mine": (parabola(), [1.0, 2.0])}), ValueError, "give one point"),
    (lambda: compare({}, PROBLEMS), ValueError, "at least one rule"),
])
def test_bad_input_says_what_was_given_and_what_to_do(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_a_value_far_below_is_not_called_high():
    for value, words in ((-1e12, "below −10⁶"), (np.nan, "undefined"), (1e12, "above 10⁶")):
        assert words in Comparison({("r", "p"): Ending(1, Status.DIVERGED, Kind.NOT_STATIONARY, value)}).values_table()
