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
