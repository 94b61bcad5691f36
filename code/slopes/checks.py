"""What the public edge of the package asks of a number."""

from numbers import Real

import numpy as np


def positive(name, number):
    """`number` as an array of floats; raises where an entry is not positive and finite."""
    a = _array(number)
    if a is None:
        raise TypeError(f"{name} must be a positive number, got {number!r}")
    a = a.astype(float)
    if not np.all((a > 0) & np.isfinite(a)):
        raise ValueError(f"{name} must be positive, got {number}")
    return a


def _array(number):
    """`number` as an array of real numbers; None for a text, a truth value or anything else."""
    try:
        a = np.asarray(number)
    except (TypeError, ValueError):
        return None
    if a.dtype.kind == "O" and all(isinstance(n, Real) and not isinstance(n, bool) for n in a.flat):
        a = a.astype(float)  # fractions, and whole numbers beyond 64 bits
    return a if a.dtype.kind in "iuf" else None


def whole(name, number):
    """`number` as an int; raises where it is not a whole number, at least 1."""
    try:
        n = int(number)
    except (TypeError, ValueError, OverflowError):
        n = 0
    if isinstance(number, (bool, str)) or n < 1 or n != number:
        raise ValueError(f"{name} must be a whole number, at least 1, got {number!r}")
    return n


def generator(rng):
    """`rng`; raises where it is not a generator of random numbers."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a generator such as np.random.default_rng(0), got {rng!r}")
    return rng


def symmetric(name, matrix, slack=1e-12):
    """`matrix` as an array of floats, (..., n, n); raises where it is not square, finite and symmetric.

    slack: by how much a matrix and its transpose may differ, as a share of the largest entry of that matrix.
    """
    a = np.asarray(matrix)
    if a.dtype.kind == "c":
        raise TypeError(f"{name} must be real, got {a.dtype}: a matrix of second derivatives is")
    a = a if a.dtype.kind == "f" else a.astype(float)
    if a.ndim < 2 or a.shape[-1] != a.shape[-2]:
        raise ValueError(f"{name} must be a square matrix, (..., n, n), got shape {a.shape}")
    if a.size == 0 or not np.isfinite(a).all():
        raise ValueError(f"{name} must be finite, and have an entry: got NaN, infinite or no entries")
    if np.any(np.abs(a - a.mT).max(axis=(-2, -1)) > slack * np.abs(a).max(axis=(-2, -1))):
        raise ValueError(f"{name} must be symmetric, as a matrix of second derivatives is; for x^T B x / 2 with any square B, give (B + B^T)/2")
    return a
