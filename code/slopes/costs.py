"""What each method costs, counted: numbers to keep, and multiplications and additions to make.

Counts are whole numbers of any size. A flop is one multiplication or one addition of two numbers. The
flops of a network are those of its matrix products; activations are left out.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from slopes.checks import whole


def parameters(sizes):
    """The weights and biases of a network with layers of these sizes, features first."""
    return sum((fan_in + 1) * fan_out for fan_in, fan_out in pairwise(_whole_numbers(sizes)))


def hessian_bytes(n, itemsize=8):
    """The bytes of an n × n matrix of numbers of `itemsize` bytes each."""
    n, itemsize = whole("n", n), whole("itemsize", itemsize)
    return n * n * itemsize


def cholesky_flops(n):
    """The flops of a Cholesky factorisation, n (n + 1) (2n + 1) / 6: about n^3 / 3, for a solve by Newton's method."""
    n = whole("n", n)
    return n * (n + 1) * (2 * n + 1) // 6


def numbers_kept(method, n, memory=10):
    """How many numbers a method keeps beside n parameters and their gradient. memory: the pairs of L-BFGS.

    method: one of `METHODS`. The count of Kronecker factors is for square layers without biases, where the
    two factors of a layer have as many entries as its weights, each.
    """
    if method not in METHODS:
        raise ValueError(f"there is no count for {method!r}: the known methods are {', '.join(METHODS)}")
    return METHODS[method](whole("n", n), whole("memory", memory))


METHODS = {
    "gradient descent": lambda n, memory: 0,
    "momentum": lambda n, memory: n,
    "Adam": lambda n, memory: 2 * n,
    "Kronecker factors": lambda n, memory: 2 * n,
    "L-BFGS": lambda n, memory: 2 * memory * n,
    "BFGS": lambda n, memory: n * n,
    "Newton": lambda n, memory: n * n,
}


def forward_flops(sizes, examples):
    """Of one pass forward."""
    return sum(_layers(sizes, examples))


def gradient_flops(sizes, examples):
    """Of a value and a gradient: forward, back to every layer but the first, and a product for each layer's weights."""
    return 2 * sum(_layers(sizes, examples)) + sum(_back(sizes, examples))


def hessian_product_flops(sizes, examples):
    """Of a Hessian-vector product by the R-operator, where the passes at this point have been made."""
    return 2 * sum(_layers(sizes, examples)) + 4 * sum(_back(sizes, examples))


def gauss_newton_product_flops(sizes, examples):
    """Of a product with the Gauss-Newton matrix, where the passes at this point have been made."""
    return 2 * sum(_layers(sizes, examples)) + 2 * sum(_back(sizes, examples))


def kronecker_flops(sizes, examples, renew=1):
    """Of a K-FAC step beside the gradient and the Gauss-Newton product: the drawn labels' passes, factors and solves.

    renew: how many steps the factors are kept; what they cost is shared by these steps, rounded up.
    """
    sizes, examples, renew = _whole_numbers(sizes), whole("examples", examples), whole("renew", renew)
    factors = sum(2 * examples * ((i + 1) ** 2 + o**2) for i, o in pairwise(sizes))
    solves = sum(2 * ((i + 1) ** 3 + o**3) // 3 + 2 * (i + 1) * o * (i + 1 + o) for i, o in pairwise(sizes))
    fresh = forward_flops(sizes, examples) + gradient_flops(sizes, examples) + factors
    return -(-fresh // renew) + solves


def _layers(sizes, examples):
    """Flops of (fan_in + 1) × fan_out times each example, layer by layer."""
    examples = whole("examples", examples)
    return [2 * (fan_in + 1) * fan_out * examples for fan_in, fan_out in pairwise(_whole_numbers(sizes))]


def _back(sizes, examples):
    """Flops of bringing a gradient back through the weights of every layer but the first, layer by layer."""
    examples = whole("examples", examples)
    return [2 * fan_in * fan_out * examples for fan_in, fan_out in pairwise(_whole_numbers(sizes)[1:])]


def _whole_numbers(sizes):
    if not (isinstance(sizes, Sequence | np.ndarray) and len(sizes) > 1):
        raise ValueError(f"sizes must be a list of two or more whole numbers, features first and outputs last, got {sizes!r}")
    return [whole("a layer's size", size) for size in sizes]


_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB", "RB", "QB")


def in_bytes(count):
    """A count of bytes as people write it, in decimal units: 4.55 GB."""
    power = 0
    while "e+" in f"{count / 1000**power:.3g}" and power < len(_UNITS) - 1:
        power += 1
    return f"{count / 1000**power:.3g} {_UNITS[power]}"
