"""The normal distribution function, and Mills' ratio, without a library that has them.

erfcx(x) = exp(x^2) erfc(x) is smooth and falls from 1 like 1/(sqrt(pi) x), so (1 + 2x) erfcx(x) is a
smooth function of t = (x - 3.75)/(x + 3.75), which runs from -1 to 1 as x runs from 0 to infinity. We
interpolate it at Chebyshev points of t, by a polynomial of degree 24. Its values there come from the
standard library's erfc, and far out from the asymptotic series. It is right to 5e-15 of
itself, some twenty units of the last place; more degrees would add rounding and take nothing away.
Source of the variable: M. M. Shepherd, J. G. Laframboise, Math. Comp. 36 (1981) 249-253.
"""

import math
from functools import cache

import numpy as np
from numpy.polynomial import chebyshev

_MIDDLE, _DEGREE, _FAR = 3.75, 24, 25.0


def erfcx(x):
    """exp(x^2) erfc(x) for x >= 0, of any shape; its relative error is below 5e-15."""
    t = (x - _MIDDLE) / (x + _MIDDLE)
    return chebyshev.chebval(t, _coefficients()) / (1.0 + 2.0 * x)


def mills(r):
    """(1 - Phi(r)) / phi(r), the tail of the normal distribution over its density, for r >= 0."""
    return math.sqrt(math.pi / 2.0) * erfcx(r / math.sqrt(2.0))


def density(x):
    """The standard normal density."""
    return np.exp(-0.5 * np.square(x)) / math.sqrt(2.0 * math.pi)


def distribution(x):
    """The standard normal distribution function, right to its last digits in the left tail as well."""
    tail = density(x) * mills(np.abs(x))
    return np.where(np.less(x, 0), tail, 1.0 - tail)


@cache
def _coefficients():
    return chebyshev.chebinterpolate(np.vectorize(_at), _DEGREE)


def _at(t):
    x = _MIDDLE * (1.0 + t) / (1.0 - t)
    return (1.0 + 2.0 * x) * (_asymptotic(x) if x > _FAR else _direct(x))


def _direct(x):
    """exp(x^2) erfc(x), with the rounding of x^2 put back."""
    high = float(np.float32(x))
    low = x - high  # x^2 = high^2 + low (x + high), and high^2 is exact
    return math.exp(high * high) * math.exp(low * (x + high)) * math.erfc(x)


def _asymptotic(x):
    term = total = 1.0
    for k in range(1, 8):
        term *= -(2 * k - 1) / (2.0 * x * x)
        total += term
    return total / (math.sqrt(math.pi) * x)
