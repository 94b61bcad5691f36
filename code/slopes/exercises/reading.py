"""Reading what a reader may have written as an answer, of any type, and saying what is wrong with it."""

from numbers import Real

import numpy as np


class Refused(ValueError):
    """The answer cannot be compared with the right one; the message tells the reader why."""


class Untouched(Refused):
    """The answer still holds its dots."""


def numbers(answer, shape, subject="your answer"):
    """The answer as an array of floats of this shape; raises `Untouched`, or `Refused` with a line on `subject`."""
    if _holds_dots(answer):
        raise Untouched("your answer still holds its dots.")
    found = _floats(answer)
    if found is None or found.shape != shape:
        given = _kind(answer) if found is None else _size(found.shape)
        first = " Take its first entry." if found is not None and found.shape == (1,) and not shape else ""
        raise Refused(f"{subject} is {given}; it should be {_size(shape)}.{first}{_remedy(answer)}")
    return found


def option(answer, options):
    """The answer as the name of an option: lower case, single spaces, without a full stop or quotes of its own."""
    if _holds_dots(answer):
        raise Untouched("your answer still holds its dots.")
    if not isinstance(answer, str):
        raise Refused(f"your answer is {_kind(answer)}; it should be one of {options}, with the quotes.")
    return " ".join(answer.lower().strip(" .'\"").split())


def returned(function, arguments, where):
    """What the function returns for copies of the arguments; raises `Refused` where it raises anything."""
    if _holds_dots(function):
        raise Untouched("your answer still holds its dots.")
    if not callable(function):
        raise Refused(f"your answer is {_kind(function)}; it should be a function: give its name alone, "
                      "without brackets after it.")
    try:
        with np.errstate(all="ignore"):
            return function(*(np.copy(argument)[()] for argument in arguments))
    except Exception as error:  # it is the reader's code, and may raise anything
        said = " ".join(str(error).split()).rstrip(".")
        raise Refused(f"for {where} your function raises {type(error).__name__}: {said}.") from None


def _holds_dots(answer):
    """Whether the answer is `...`, or a tuple or list of which an entry is."""
    return answer is ... or (isinstance(answer, (tuple, list)) and any(entry is ... for entry in answer))


def _floats(answer):
    try:
        a = np.asarray(answer)
        if a.dtype.kind in "iuf" or (a.dtype.kind == "O" and all(isinstance(entry, Real) for entry in a.flat)):
            return a.astype(float)
    except Exception:  # any object can be an answer, and its own conversion may raise anything
        pass
    return None


def _kind(answer):
    names = {str: "a text", bool: "True or False", complex: "a complex number", type(None): "None"}
    return "a function" if callable(answer) else names.get(type(answer), f"of type {type(answer).__name__}")


def _size(shape):
    row = f"a row of {shape[0]} number{'s' * (shape[0] != 1)}" if len(shape) == 1 else f"an array of numbers of shape {shape}"
    return row if shape else "one number"


def _remedy(answer):
    if isinstance(answer, str):
        return " Write numbers without quotes."
    if answer is None:
        return " A function without a return gives None, and so does print."
    return " Call it, and give what it returns." if callable(answer) else ""
