"""Every exercise accepts its answer, meets each typical mistake with a hint of its own, and survives junk."""

import math
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from slopes import exercises
from slopes.exercises import EXERCISES, by_rule, keeping, step_length
from slopes.exercises.kinds import Choice, Function, Number, Numbers, Verdict
from slopes.objectives import hyperbola, parabola, power, quartic
from slopes.optimizers import GradientDescent, distance_below, run

pytestmark = pytest.mark.filterwarnings("error")

MISTAKES = [pytest.param(exercise, wrong, id=f"{name}-{i}")
            for name, exercise in EXERCISES.items() for i, (wrong, _) in enumerate(exercise.mistakes)]


class Hostile:
    """An object whose own code fails wherever it is asked."""

    def __array__(self, *args, **kwargs):
        raise RuntimeError("no array")

    def __eq__(self, other):
        raise RuntimeError("no comparison")

    __hash__ = None


def no_arguments():
    return 1.0


def raises(*arguments):
    return 1 / 0


JUNK = {
    "None": None, "empty text": "", "text": "one third", "number as text": "0.5", "bytes": b"0.5", "true": True,
    "nan": math.nan, "inf": math.inf, "zero": 0, "huge": 1e308, "minus huge": -1e308, "too big for a float": 10**400,
    "complex": 1 + 2j, "empty list": [], "ragged": [[1], [2, 3]], "arrays": [np.zeros(2), np.zeros(3)],
    "list of texts": ["a", "b"], "dict": {"a": 1}, "set": {1, 2}, "array": np.zeros((2, 3)), "nans": [math.nan] * 2,
    "date": np.datetime64("2020-01-01"), "object": object(), "hostile": Hostile(), "a class": dict, "np.sqrt": np.sqrt,
    "no arguments": no_arguments,
    "raises": raises, "gives None": lambda *a: None, "gives text": lambda *a: "a", "gives a list": lambda *a: [1, 2],
    "gives a function": lambda *a: no_arguments, "gives nan": lambda *a: math.nan, "gives inf": lambda *a: math.inf,
    "generator": (i for i in range(2)),
}


@pytest.fixture(params=EXERCISES.values(), ids=EXERCISES.keys())
def exercise(request):
    return request.param


# Every exercise ----------------------------------------------------------------------------------


def test_a_chapter_has_at_least_three():
    chapters = [name.split(".")[0] for name in EXERCISES]
    assert chapters and min(chapters.count(chapter) for chapter in chapters) >= 3


def test_the_right_answer_is_accepted_with_its_reason(exercise):
    status, text = exercise.judge(exercise.answer)
    assert status == "right" and text.startswith("Right: ") and len(text) > 40


@pytest.mark.parametrize("exercise, wrong", MISTAKES)
def test_a_typical_mistake_meets_a_hint_that_no_other_mistake_meets(exercise, wrong):
    status, text = exercise.judge(wrong)
    assert status == "wrong" and text.startswith("Not yet: ")
    others = [exercise.judge(other).text for other, _ in exercise.mistakes if other is not wrong]
    last = exercise.hint(exercise.read(wrong)) if callable(exercise.hint) else exercise.hint
    assert text not in others and last not in text


@pytest.mark.parametrize("exercise, given, hint", [
    (by_rule.how_much_it_buys, 1.8e6, "Which power of ten"), (by_rule.how_much_it_buys, 5, "read on"),
    (keeping.how_many_dead, 94, "from 0 to 1"), (keeping.how_many_dead, 0.7, "ten of them in a row")])
def test_a_hint_for_all_others_looks_at_what_was_given(exercise, given, hint):
    assert hint in exercise.judge(given).text


def test_untouched_is_one_calm_line(exercise, capsys):
    assert exercise.check(...) is None
    printed = capsys.readouterr().out
    assert printed.startswith(f"{exercise.title}: not answered yet. Put your ")
    assert printed.endswith(" in place of the dots.\n") and printed.count("\n") == 1


def test_check_prints_the_verdict_and_returns_nothing(exercise, capsys):
    assert exercise.check(exercise.answer) is None
    assert capsys.readouterr().out == exercise.judge(exercise.answer).text + "\n"


@pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK.keys())
def test_junk_gets_one_helpful_line(exercise, junk):
    status, text = exercise.judge(junk)
    assert status in ("refused", "wrong"), text
    assert "\n" not in text and "Traceback" not in text and len(text) < 400


def test_titles_are_distinct_within_a_chapter():
    titles = [(name.split(".")[0], exercise.title) for name, exercise in EXERCISES.items()]
    assert len(set(titles)) == len(titles)


# Kinds -------------------------------------------------------------------------------------------

TEXTS = dict(because="it is.", hint="think again.")
THIRD = Number("A third", 1 / 3, mistakes=[(2 / 3, "halve it.")], **TEXTS)
EXACT = Number("A count", 32, rtol=0, mistakes=[(31, "round up.")], **TEXTS)
PAIR = Numbers("A pair", [0, 2], atol=0.1, mistakes=[([2, 0], "swap them.")], **TEXTS)
COLOUR = Choice("A colour", "deep blue", because="it is.", mistakes=[("red", "cooler."), ("green", "bluer.")])
ROOT = Function("A root", lambda x: np.sqrt(np.abs(x)), inputs={"x": [1, -4, 9]},
                mistakes=[(np.sqrt, "mind the sign."), (np.abs, "take the root.")], **TEXTS)
NORM = Function("A norm", lambda x, k: k * np.linalg.norm(x, axis=-1),
                inputs={"x": [[3, 4], [6, 8]], "k": [1, 2]}, mistakes=[(lambda x, k: k + 0 * x[..., 0], "x?")], **TEXTS)


@pytest.mark.parametrize("answer", [
    1 / 3, Fraction(1, 3), np.float32(1 / 3), np.array(1 / 3), 0.333, 1 / 3 * 1.0049, 1 / 3 * 0.9951])
def test_a_number_is_accepted_in_any_form_and_within_its_tolerance(answer):
    assert THIRD.judge(answer) == Verdict("right", "Right: it is.")


@pytest.mark.parametrize("answer", [1 / 3 * 1.0051, 1 / 3 * 0.9949, -1 / 3, 0, 3, 1e308])
def test_a_number_outside_the_tolerance_is_not(answer):
    assert THIRD.judge(answer) == Verdict("wrong", "Not yet: think again.")


@pytest.mark.parametrize("answer", [32, 32.0, np.int64(32), np.uint8(32), Fraction(64, 2)])
def test_a_count_is_exact(answer):
    assert EXACT.judge(answer).status == "right"
    assert EXACT.judge(answer + 1).status == EXACT.judge(float(answer) + 1e-9).status == "wrong"


def test_the_tolerance_is_stated():
    assert "your number (within 0.5%) in" in THIRD.judge(...).text
    assert "your number (exact) in" in EXACT.judge(...).text
    assert "your 2 numbers (within 0.5% or 0.1) in" in PAIR.judge(...).text


@pytest.mark.parametrize("answer, line", [
    ("0.33", "A third: your answer is a text; it should be one number. Write numbers without quotes."),
    (None, "A third: your answer is None; it should be one number. A function without a return gives None, and so "
           "does print."),
    (max, "A third: your answer is a function; it should be one number. Call it, and give what it returns."),
    ([1, 2], "A third: your answer is a row of 2 numbers; it should be one number."),
    (True, "A third: your answer is True or False; it should be one number."),
    (1j, "A third: your answer is a complex number; it should be one number."),
    (Decimal("0.3"), "A third: your answer is of type Decimal; it should be one number."),
    (math.nan, "A third: your answer is nan or inf. Look for a division by zero, or for a run that diverged."),
])
def test_an_answer_of_another_type_is_told_so(answer, line):
    assert THIRD.judge(answer) == Verdict("refused", line)


def test_a_row_of_numbers_says_which_is_off_and_how_many_are_wanted():
    assert PAIR.judge((0.05, 2.05)).status == PAIR.judge(np.array([0, 2])).status == "right"
    assert PAIR.judge([0, 3]).text == "Not yet: think again. (Number 2, 3, is off.)"
    assert PAIR.judge([2, 0]).text == "Not yet: swap them. (Number 1, 2, is off.)"
    assert PAIR.judge([0, 2, 4]).text == "A pair: your answer is a row of 3 numbers; it should be a row of 2 numbers."
    assert PAIR.judge((..., ...)).status == PAIR.judge([0, ...]).status == "untouched"


def test_a_choice_forgives_case_and_spaces_and_lists_its_options_in_no_telling_order():
    assert COLOUR.judge(" Deep  BLUE ").status == "right"
    assert COLOUR.judge("red").text == "Not yet: cooler."
    options = '"deep blue", "green", "red"'
    assert COLOUR.judge("pink").text == f"Not yet: the options are {options}."
    assert COLOUR.judge(2).text == ("A colour: your answer is of type int; it should be one of "
                                    f"{options}, with the quotes.")


def test_a_function_is_shown_the_first_point_where_it_fails():
    assert ROOT.judge(lambda x: abs(x) ** 0.5).status == "right"
    assert ROOT.judge(lambda x: 0 * x + 1).text == "Not yet: think again. (For x = -4 it gives 1, not 2.)"
    assert ROOT.judge(abs).text == "Not yet: take the root. (For x = -4 it gives 4, not 2.)"
    assert ROOT.judge(lambda x: np.sqrt(x)).text == "Not yet: mind the sign. (For x = -4 it gives nan, not 2.)"


def test_a_function_left_with_its_dots_is_untouched():
    assert ROOT.judge(lambda x: ...).status == "untouched"


@pytest.mark.parametrize("answer, line", [
    (lambda x: 1.0 if x > 0 else raises(), "for x = -4 your function raises ZeroDivisionError: division by zero."),
    (lambda: 1.0, "for x = 1 your function raises TypeError: "),
    (lambda x: None, "for x = 1 what your function gives is None; it should be one number. A function without a"),
    (lambda x: "a", "for x = 1 what your function gives is a text; it should be one number."),
    (lambda x: [x, x], "for x = 1 what your function gives is a row of 2 numbers; it should be one number."),
    (2.0, "your answer is of type float; it should be a function: give its name alone, without brackets after it."),
])
def test_a_function_that_cannot_be_compared_is_told_where_and_why(answer, line):
    status, text = ROOT.judge(answer)
    assert status == "refused" and text.startswith("A root: " + line)


@pytest.mark.parametrize("answer, fault", [
    (lambda x: math.sqrt(abs(x)), "for arrays of 3 values your function raises TypeError: only "),
    (lambda x: np.sqrt(x if x > 0 else -x), "for arrays of 3 values your function raises ValueError: The truth value"),
    (lambda x: np.sqrt(np.abs(x)).sum(), "for arrays of 3 values what your function gives is one number; it should"),
    (lambda x: np.sqrt(np.abs(x)) if np.ndim(x) == 0 else 0 * x, "for arrays of 3 values it gives other numbers."),
])
def test_a_function_has_to_take_arrays_too(answer, fault):
    status, text = ROOT.judge(answer)
    assert status == "wrong" and text.startswith(f"Not yet: your formula is right for one point at a time, but {fault}")
    assert "np.sqrt" in text


def test_a_function_may_change_its_arguments():
    def root(x):
        x -= 1
        return np.sqrt(np.abs(x + 1))

    assert ROOT.judge(root).status == "right"
    assert ROOT.judge(lambda x: np.sqrt(np.abs(x))).status == "right"


def test_a_point_may_have_several_variables():
    assert NORM.judge(lambda x, k: k * np.sqrt(np.sum(x * x, axis=-1))).status == "right"
    assert NORM.judge(lambda x, k: k * x[..., 0]).text == (
        "Not yet: think again. (For x = [3 4] and k = 1 it gives 3, not 5.)")


def test_a_text_may_be_made_from_the_answer():
    exercise = Number("A third", 1 / 3, mistakes=[(2 / 3, "halve it.")], because=lambda a: f"{a:.2f} is it.",
                      hint=lambda a: f"three times {a:.1f} is {3 * a:.1f}, and its inverse {1 / a:.1f}.")
    assert exercise.judge(Fraction(1, 3)).text == "Right: 0.33 is it."
    assert exercise.judge(1).text == "Not yet: three times 1.0 is 3.0, and its inverse 1.0."
    assert exercise.judge(0).status == "wrong"


# Authors' mistakes --------------------------------------------------------------------------------


@pytest.mark.parametrize("change, complaint", [
    (dict(hint=""), "hint="),
    (dict(because=""), "because="),
    (dict(title=""), "wants"),
    (dict(mistakes=[]), "at least one"),
    (dict(mistakes=[(2, "")]), "wants"),
    (dict(mistakes=[(1 / 3, "no.")]), "must meet the mistake 0.333"),
    (dict(mistakes=[(2, "no."), (2.001, "never.")]), "must meet the mistake 2.001"),
    (dict(mistakes=[(2, "no."), (3, "no.")]), "a hint of its own"),
    (dict(mistakes=[(2, "think again.")]), "a hint of its own"),
    (dict(mistakes=[("two", "no.")]), "it should be one number"),
    (dict(mistakes=[(..., "no.")]), "dots"),
    (dict(rtol=-1), "rtol and atol"),
    (dict(rtol=math.nan), "rtol and atol"),
    (dict(answer=0), "needs an atol"),
    (dict(answer=math.nan), "nan"),
])
def test_an_exercise_that_cannot_work_is_refused_when_it_is_made(change, complaint):
    arguments = dict(title="A third", answer=1 / 3, mistakes=[(2 / 3, "halve it.")]) | TEXTS | change
    with pytest.raises(ValueError, match=complaint):
        Number(**arguments)


def test_a_number_is_one_number():
    with pytest.raises(TypeError, match="use Numbers"):
        Number("Two", [1, 2], mistakes=[([2, 1], "swap.")], **TEXTS)


@pytest.mark.parametrize("answer, wrong", [
    ("blue", []), ("blue", ["blue"]), ("blue", ["Blue "]), ("blue", ["red", "red"]), (3, ["red"]), ("blue", [3])])
def test_a_choice_needs_distinct_named_options(answer, wrong):
    with pytest.raises((ValueError, TypeError)):
        Choice("A colour", answer, because="it is.", mistakes=[(option, f"hint {i}") for i, option in enumerate(wrong)])


@pytest.mark.parametrize("inputs", [{}, {"x": []}, {"x": [1, 2], "eps": [1]}, {"x": 3}])
def test_a_function_needs_inputs_of_one_length(inputs):
    with pytest.raises((ValueError, TypeError)):
        Function("A root", lambda *a: a[0], inputs=inputs, mistakes=[(lambda *a: -a[0], "sign.")], **TEXTS)


def test_a_mistake_that_overflows_warns_nobody():
    Function("A root", np.abs, inputs={"x": [1, -4]}, mistakes=[(np.sqrt, "nan."), (lambda x: x / 0, "inf.")], **TEXTS)


def test_a_right_function_that_takes_no_arrays_is_refused_when_the_exercise_is_made():
    with pytest.raises(ValueError, match="must accept its own answer, but says: .*arrays of 2 values"):
        Function("A root", lambda x: math.sqrt(x), inputs={"x": [1, 4]}, mistakes=[(np.abs, "root.")], **TEXTS)


# Chapter 1.1: the answers against runs that know no formula ----------------------------------------


def right(exercise, answer):
    return exercise.judge(answer).status == "right"


def test_third_run_is_where_the_run_ends():
    assert right(step_length.third_run, run(GradientDescent(1.1), parabola(2), 10, 10).last)


def test_the_two_step_sizes_land_and_no_longer_close_in():
    lands, limit = step_length.two_step_sizes.answer
    end = run(GradientDescent(np.array([lands, limit, 0.99 * limit, 1.01 * limit])), parabola(6), 1.0, 1000).x
    assert abs(end[1, 0]) < 1e-15 and abs(end[-1, 1]) == pytest.approx(1)
    assert abs(end[-1, 2]) < 1e-6 and abs(end[-1, 3]) > 1


def test_the_curvature_is_read_off_two_errors_of_a_run():
    end = run(GradientDescent(step_length.curvature_from_errors.answer), parabola(1.0), 4.0, 1).last
    assert end == pytest.approx(-2.4)


def test_the_mirror_image_of_a_step_takes_as_many_steps():
    eps = np.array([0.2, step_length.mirror_step.answer])
    path = run(GradientDescent(eps), parabola(2), [10, 10], 99, until=distance_below(1e-6))
    assert path.steps[0] == path.steps[1] > 1 and eps[0] != eps[1]


def test_the_slope_of_the_logarithm_is_that_of_a_difference():
    step, f, x = step_length.log_step.answer, lambda x: np.log1p(x * x), np.array([3.0, -2.0, 0.1])
    np.testing.assert_allclose(x - step(x, 1.0), (f(x + 1e-6) - f(x - 1e-6)) / 2e-6, rtol=1e-6)


def test_the_longest_step_on_the_sixth_power_is_where_runs_begin_to_diverge():
    start = np.array([0.1, 1, -7.0])
    limit = step_length.sixth_limit.answer(start)
    assert not run(GradientDescent(limit * 0.999), power(6), start, 2000, keep="last").diverged.any()
    assert run(GradientDescent(limit * 1.001), power(6), start, 2000, keep="last").diverged.all()


def test_one_more_digit_costs_what_a_run_takes():
    path = run(GradientDescent(0.1), quartic(), 1.0, 40000, until=distance_below(0.01), keep="last")
    assert right(step_length.one_more_digit, path.steps) and right(step_length.one_more_digit, 100 * 120)
    assert run(GradientDescent(0.1), quartic(), 1.0, 999, until=distance_below(0.1)).steps == 120


def test_a_loss_can_rise_without_the_run_diverging():
    path = run(GradientDescent(3.0), hyperbola(), 0.1, 1000)
    assert path.value[1] > path.value[0]
    np.testing.assert_allclose(np.sort(path.x[-2:]), [-np.sqrt(1.25), np.sqrt(1.25)])
    assert "between -1.118 and 1.118" in step_length.loss_went_up.judge("the run diverges").text


def test_a_chapter_is_loaded_when_it_is_asked_for():
    code = "import sys, slopes.exercises as e; e.units; print([m for m in e.CHAPTERS if f'slopes.exercises.{m}' in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "['units']"
    with pytest.raises(AttributeError, match="there are no exercises 'algebra': the chapters with exercises are step_length"):
        exercises.algebra


def test_tolerances_do_not_add_up_and_a_function_has_its_own():
    n = Number("n", 100.0, rtol=0.01, atol=1.0, because="b", hint="h", mistakes=[(50, "m")])
    assert n.judge(100.9).status == "right" and n.judge(101.5).status == "wrong"
    f = Function("f", lambda x: x, inputs={"x": [1.0, 2.0]}, because="b", hint="h", mistakes=[(lambda x: 2 * x, "m")])
    assert f.judge(lambda x: x * (1 + 1e-6)).status == "wrong"


def test_small_slips_of_form_are_forgiven_or_named():
    one = Number("n", 2.0, because="b", hint="h", mistakes=[(1, "m")])
    assert "a row of 1 number; it should be one number. Take its first entry." in one.judge([2.0]).text
    said = Choice("c", "yes", because="b", mistakes=[("no", "m")])
    assert all(said.judge(answer).status == "right" for answer in ('"yes"', "Yes.", " 'yes' "))
    f = Function("f", lambda x: 2 * x, inputs={"x": [1.0, 3.0]}, because="b", hint="h", mistakes=[(lambda x: x, "m")])
    assert "in six digits, and differs further on" in f.judge(lambda x: 2 * x * (1 + 1e-8)).text
