"""Exercises that check themselves: a question's right answer, why it is right, and what goes wrong.

In a chapter's module an exercise is one value, and its name there is its name in the notebook:

    landing_step = Number(
        "The step that lands",
        1 / 6,
        because="the curvature of 3x² is 6, and eps f″ = 1 at eps = 1/6.",
        mistakes=[
            (1 / 3, "3 is the coefficient of x². What is the second derivative?"),
            (6, "this is the curvature. Which eps makes eps f″ equal to 1?"),
        ],
        hint="write down the factor that multiplies the error, and ask when it is 0.",
    )

The notebook asks, leaves `answer = ...` and calls `exercises.step_length.landing_step.check(answer)`.
A mistake is a typical wrong answer and the hint that it deserves; the last hint is for all others.
Where a function stands in place of a text, it is given the reader's answer, as it was read, and
returns the text. An exercise proves itself when it is made: it raises ValueError unless it accepts
its own answer and meets each mistake with that mistake's own hint.
"""

from typing import NamedTuple

import numpy as np

from slopes.exercises.reading import Refused, Untouched, numbers, option, returned


class Verdict(NamedTuple):
    """What an exercise says of an answer. status: "untouched", "right", "wrong" or "refused"."""

    status: str
    text: str


class Exercise:
    """A right answer with its reason, and pairs (wrong answer, hint).

    A kind says how to `read` an answer, which may raise `Untouched` or `Refused`, when two that were
    read are the `same`, and what `evidence` to show against a wrong one. `wanted` is what to write.
    """

    wanted = "answer"

    def __init__(self, title, answer, *, because, mistakes, hint):
        self.title, self.answer, self.because, self.hint = title, answer, because, hint
        self.mistakes = tuple(mistakes)
        self._right = self.read(answer)
        self._foreseen = [(self.read(wrong), hint) for wrong, hint in self.mistakes]
        self._prove()

    def __repr__(self):
        return f"<{type(self).__name__}: {self.title}>"

    def check(self, answer):
        """Print one line: not answered yet; right, and why; or what to think of next."""
        print(self.judge(answer).text)

    @np.errstate(all="ignore")
    def judge(self, answer):
        """The `Verdict` on an answer, whatever its type."""
        try:
            given = self.read(answer)
        except Untouched:
            return Verdict("untouched", f"{self.title}: not answered yet. "
                                        f"Put your {self.wanted} in place of the dots.")
        except Refused as why:
            return Verdict("refused", f"{self.title}: {why}")
        if self.same(given, self._right):
            return self._accept(answer, given)
        return Verdict("wrong", f"Not yet: {_text(self._hint(given), given)}{self.evidence(given)}")

    def evidence(self, given):
        return ""

    def _accept(self, answer, given):
        return Verdict("right", f"Right: {_text(self.because, given)}")

    def _hint(self, given):
        return next((hint for wrong, hint in self._foreseen if self.same(given, wrong)), self.hint)

    def _prove(self):
        hints = [hint for _, hint in self.mistakes] + [self.hint]
        if not self.mistakes or not all([self.title, self.because, *hints]):
            raise ValueError(f"{self!r} wants because=, hint= and at least one (wrong answer, hint) in mistakes=")
        if self.judge(self.answer).status != "right":
            raise ValueError(f"{self!r} must accept its own answer, but says: {self.judge(self.answer).text}")
        for (given, hint), (wrong, _) in zip(self._foreseen, self.mistakes):
            if self.same(given, self._right) or self._hint(given) is not hint or hints.count(hint) > 1:
                raise ValueError(f"{self!r} must meet the mistake {wrong!r} with a hint of its own, "
                                 f"but says: {self.judge(wrong).text}")


class Numbers(Exercise):
    """A row or an array of numbers, each right to a relative error rtol or an absolute error atol."""

    def __init__(self, title, answer, *, rtol=5e-3, atol=0.0, **texts):
        answer = np.asarray(answer, float)
        if not (rtol >= 0 and atol >= 0) or (rtol > 0 and atol == 0 and not np.all(answer)):
            raise ValueError(f"{title}: rtol and atol must be at least 0, and a right answer of 0 needs an "
                             f"atol; got rtol={rtol}, atol={atol}")
        self.rtol, self.atol, self.shape = rtol, atol, answer.shape
        allowed = " or ".join([f"{100 * rtol:g}%"] * (rtol > 0) + [f"{atol:g}"] * (atol > 0))
        count = f"{answer.size} numbers" if answer.shape else "number"
        self.wanted = f"{count} (within {allowed})" if allowed else f"{count} (exact)"
        super().__init__(title, answer, **texts)

    def read(self, answer):
        found = numbers(answer, self.shape)
        if not np.all(np.isfinite(found)):
            raise Refused("your answer is nan or inf. Look for a division by zero, or for a run that diverged.")
        return found[()]

    def same(self, given, other):
        return bool(np.all(self._near(given, other)))

    def evidence(self, given):
        first = np.flatnonzero(~self._near(given, self._right))[0]
        return f" (Number {first + 1}, {np.ravel(given)[first]:.6g}, is off.)" if self.shape else ""

    def _near(self, given, other):
        return np.abs(given - other) <= np.maximum(self.atol, self.rtol * np.abs(other))


class Number(Numbers):
    """One number: an int, a float, a fraction or an array without axes."""

    def __init__(self, title, answer, **texts):
        if np.ndim(answer):
            raise TypeError(f"{title}: Number takes one number, got shape {np.shape(answer)}; use Numbers")
        super().__init__(title, answer, **texts)


class Choice(Exercise):
    """One of several named options: the answer, and the wrong ones, each with its hint, in `mistakes`."""

    wanted = "choice"

    def __init__(self, title, answer, *, because, mistakes):
        mistakes = tuple(mistakes)
        names = [answer, *(wrong for wrong, _ in mistakes)]
        self.options = ", ".join(f'"{name}"' for name in sorted(names))
        if len({self.read(name) for name in names}) < len(names):
            raise ValueError(f"{title}: the options must differ from each other, got {self.options}")
        super().__init__(title, answer, because=because, mistakes=mistakes, hint=f"the options are {self.options}.")

    def read(self, answer):
        return option(answer, self.options)

    def same(self, given, other):
        return given == other


class Function(Exercise):
    """A function that the reader writes: `answer` is a right one, and mistakes are wrong ones.

    inputs: {"x": values, "eps": values, ...}, arrays of one length, given in this order. The reader's
    function is called point by point, then once with the whole arrays, and has to give the same.
    """

    wanted = "formula"

    def __init__(self, title, answer, *, inputs, rtol=1e-9, atol=1e-12, **texts):
        self.inputs = {argument: np.asarray(values, float) for argument, values in inputs.items()}
        if len({len(values) for values in self.inputs.values()}) != 1:
            raise ValueError(f"{title}: inputs must be arrays of one length, as in inputs={{'x': [1, 2]}}")
        self.points, self.rtol, self.atol = list(zip(*self.inputs.values())), rtol, atol
        self._values = [np.asarray(answer(*point)) for point in self.points]
        super().__init__(title, answer, **texts)

    def read(self, answer):
        return [self._value(answer, point, value.shape, self._at(point))
                for point, value in zip(self.points, self._values)]

    def same(self, given, other):
        return all(map(self._near, given, other))

    def evidence(self, given):
        i = [self._near(*pair) for pair in zip(given, self._values)].index(False)
        shown, wanted = _show(given[i]), _show(self._values[i])
        if shown == wanted:
            return f" (For {self._at(self.points[i])} it gives {shown} in six digits, and differs further on: a difference, or single precision, is not exact enough.)"
        return f" (For {self._at(self.points[i])} it gives {shown}, not {wanted}.)"

    def _accept(self, answer, given):
        where = f"arrays of {len(self.points)} values"
        try:
            at_once = self._value(answer, self.inputs.values(), np.shape(self._values), where)
            fault = "" if self._near(at_once, self._values) else f"for {where} it gives other numbers."
        except Refused as why:
            fault = str(why)
        if not fault:
            return super()._accept(answer, given)
        return Verdict("wrong", f"Not yet: your formula is right for one point at a time, but {fault} "
                                "Use np.sqrt, np.where and their like in place of math.sqrt and if.")

    def _value(self, function, arguments, shape, where):
        return numbers(returned(function, arguments, where), shape, f"for {where} what your function gives")

    def _near(self, given, other):
        return np.allclose(given, other, self.rtol, self.atol, equal_nan=True)

    def _at(self, point):
        return " and ".join(f"{argument} = {_show(value)}" for argument, value in zip(self.inputs, point))


def _show(value):
    return np.array2string(np.asarray(value), formatter={"float": "{:.6g}".format})


def _text(text, given):
    return text(given) if callable(text) else text
