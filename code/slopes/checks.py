"""What the public edge of the package asks of a number."""

import numpy as np


def positive(name, number):
    """`number` as an array of floats; raises where an entry is not positive and finite."""
    try:
        a = np.asarray(number, float)
    except (TypeError, ValueError):
        raise TypeError(f"{name} must be a positive number, got {number!r}") from None
    if not np.all((a > 0) & np.isfinite(a)):
        raise ValueError(f"{name} must be positive, got {number}")
    return a


def whole(name, number):
    """`number` as an int; raises where it is not a whole number, at least 1."""
    try:
        n = int(number)
    except (TypeError, ValueError, OverflowError):
        n = 0
    if isinstance(number, (bool, str)) or n < 1 or n != number:
        raise ValueError(f"{name} must be a whole number, at least 1, got {number!r}")
    return n
