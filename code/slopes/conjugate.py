"""Conjugate gradients: a symmetric linear system solved by products with its matrix alone."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from slopes.checks import whole

_SLACK = 1e-6  # of the largest curvature seen: differences of gradients and single precision have such errors


class Ending(IntEnum):
    """Why conjugate gradients stopped. Negative curvature means that the quadratic has no lowest point."""

    CONVERGED = 0
    OUT_OF_PRODUCTS = 1
    NEGATIVE_CURVATURE = 2

    @property
    def words(self):
        return self.name.lower().replace("_", " ")


@dataclass(frozen=True)
class Solution:
    """x: (n,), the last iterate. residuals: |b - H x| of every iterate, one after each step. ending: an `Ending`.

    The residuals are those of the recurrence; where H is ill-conditioned, rounding parts them from b - H x.
    direction: (n,), where the ending is negative curvature: a v with v·Hv <= 0 and b·v > 0. Else None.
    """

    x: np.ndarray
    residuals: np.ndarray
    products: int
    ending: Ending
    direction: np.ndarray | None = None

    @property
    def converged(self):
        return self.ending == Ending.CONVERGED


def conjugate_gradients(product, b, *, tolerance=1e-8, max_products=None):
    """The x with H x = b, the lowest point of x·Hx/2 - b·x, for a positive definite operator v -> H v.

    b: (n,). tolerance: the residual |b - Hx| wanted, as a share of |b|. max_products: n unless given, by
    when it is exact but for rounding. Raises ValueError where the operator shows that it is not symmetric.
    Returns a `Solution`; not converging, and meeting negative curvature, are results.
    Source: M. R. Hestenes, E. Stiefel, J. Res. Natl. Bur. Stand. 49 (1952) 409-436, doi:10.6028/jres.049.044.
    """
    b, unit, most = _right_side(b, max_products, tolerance)
    x, r, p, image_of = np.zeros_like(b), b, b, _watched(product)
    rr = r @ r
    residuals = [np.sqrt(rr)]
    solution = lambda products, ending, *direction: Solution(unit * x, unit * np.array(residuals), products, ending, *direction)
    wanted = tolerance * residuals[0]
    for products in range(most):
        if residuals[-1] <= wanted:
            return solution(products, Ending.CONVERGED)
        image = image_of(p)
        curvature = p @ image
        if curvature <= 0.0:
            return solution(products + 1, Ending.NEGATIVE_CURVATURE, unit * p)
        x = x + (rr / curvature) * p
        r = r - (rr / curvature) * image
        rr, old = r @ r, rr
        p = r + (rr / old) * p
        residuals.append(np.sqrt(rr))
    return solution(most, Ending.CONVERGED if residuals[-1] <= wanted else Ending.OUT_OF_PRODUCTS)


def _right_side(b, max_products, tolerance):
    """b in units of a power of two near its size, so that its square neither overflows nor vanishes; the unit; the most products."""
    b = np.asarray(b, float)
    if b.ndim != 1 or len(b) == 0 or not np.isfinite(b).all():
        raise ValueError(f"b must be one vector of finite numbers, (n,), got shape {b.shape}")
    if not 0 <= tolerance < 1:
        raise ValueError(f"tolerance is a share of |b|, at least 0 and below 1, got {tolerance}")
    most = len(b) if max_products is None else whole("max_products", max_products)
    unit = np.ldexp(0.5, np.frexp(np.abs(b).max())[1])
    return b / unit, unit, most


def _watched(product):
    """The product, which raises where its images cannot be those of a symmetric matrix.

    Each vector is held against the one before; the first, where it shows no curvature, against its own image.
    """
    before, size = None, 0.0

    def image_of(p):
        nonlocal before, size
        image, length = _image(product, p), np.sqrt(p @ p)
        largest = np.sqrt(image @ image)
        size = max(size, largest / length)
        if before is not None:
            _compare(before, (p, image), size)
        elif abs(p @ image) <= _SLACK * largest * length and largest > 0.0:
            again = _image(product, image)
            _compare((p, image), (image, again), max(size, np.sqrt(again @ again) / largest))
        before = p, image
        return image

    return image_of


def _compare(one, other, size):
    (u, hu), (v, hv) = one, other
    if abs(u @ hv - v @ hu) > 2.0 * _SLACK * size * np.sqrt((u @ u) * (v @ v)):
        raise ValueError("the operator is not symmetric: u·(Hv) and v·(Hu) differ; conjugate gradients want a symmetric "
                         "one, and for any other H solve (H^T H) x = H^T b")


def _image(product, p):
    image = np.asarray(product(p), float)
    if image.shape != p.shape:
        raise ValueError(f"the product of a vector of shape {p.shape} has shape {image.shape}: it must keep the shape")
    if not np.isfinite(image).all():
        raise ValueError("a product is not finite: the matrix is not finite, or the vector has grown too long")
    return image
