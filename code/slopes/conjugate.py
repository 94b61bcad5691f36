"""Conjugate gradients: a symmetric linear system solved by products with its matrix alone."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np


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
    """x: (n,), the last iterate. residuals: (products + 1,), |b - H x| of every iterate. ending: an `Ending`.

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
    b, most = _right_side(b, max_products, tolerance)
    x, r, p, before = np.zeros_like(b), b, b, None
    rr = r @ r
    residuals = [np.sqrt(rr)]
    wanted = tolerance * residuals[0]
    for products in range(most):
        if residuals[-1] <= wanted:
            return Solution(x, np.array(residuals), products, Ending.CONVERGED)
        image = _image(product, p, before)
        curvature = p @ image
        if curvature <= 0.0:
            return Solution(x, np.array(residuals), products + 1, Ending.NEGATIVE_CURVATURE, p)
        before = p, image
        x = x + (rr / curvature) * p
        r = r - (rr / curvature) * image
        rr, old = r @ r, rr
        p = r + (rr / old) * p
        residuals.append(np.sqrt(rr))
    ending = Ending.CONVERGED if residuals[-1] <= wanted else Ending.OUT_OF_PRODUCTS
    return Solution(x, np.array(residuals), most, ending)


def _right_side(b, max_products, tolerance):
    b = np.asarray(b, float)
    if b.ndim != 1 or len(b) == 0 or not np.isfinite(b).all():
        raise ValueError(f"b must be one vector of finite numbers, (n,), got shape {b.shape}")
    if not 0 <= tolerance < 1:
        raise ValueError(f"tolerance is a share of |b|, at least 0 and below 1, got {tolerance}")
    most = len(b) if max_products is None else max_products
    if int(most) != most or most < 1:
        raise ValueError(f"max_products must be a whole number, at least 1, got {max_products}")
    return b, int(most)


def _image(product, p, before):
    image = np.asarray(product(p))
    if image.shape != p.shape:
        raise ValueError(f"the product of a vector of shape {p.shape} has shape {image.shape}: it must keep the shape")
    if not np.isfinite(image).all():
        raise ValueError("a product is not finite: the matrix is not finite, or the vector has grown too long")
    if before is not None:
        u, hu = before
        size = np.sqrt((u @ u) * (image @ image)) + np.sqrt((p @ p) * (hu @ hu))
        if abs(u @ image - p @ hu) > 1e-6 * size:
            raise ValueError("the operator is not symmetric: u·(Hv) and v·(Hu) differ; conjugate gradients want a symmetric "
                             "one, and for any other H solve (H^T H) x = H^T b")
    return image
