"""Newton's step from products alone: conjugate gradients, stopped early."""

from dataclasses import dataclass

import numpy as np

from slopes.checks import whole
from slopes.conjugate import Ending, conjugate_gradients

_CURVATURES = ("hessian", "gauss_newton")


@dataclass(frozen=True)
class NewtonCG:
    """x <- x + p, where conjugate gradients make |H p + g| a share of |g| that shrinks with |g|.

    The share is min(1/2, sqrt(|g| / |g of the start|)), which makes convergence faster than linear.
    max_products: at most so many in a step. curvature: "hessian", or "gauss_newton", the part of the
    Hessian that is never indefinite. damping: mu >= 0 is added to it, in units of [f]/[x]^2. Where
    negative curvature is met the step is what has been found so far; if that is nothing, it is -g times
    the length g·g / |g·Hg|. For one start at a time; put it into Backtracking far from a minimum.
    Source: R. S. Dembo, S. C. Eisenstat, T. Steihaug, SIAM J. Numer. Anal. 19 (1982) 400-408,
    doi:10.1137/0719025, and J. Nocedal and S. J. Wright, Numerical Optimization, 2nd ed., algorithm 7.1.
    """

    max_products: int = 50
    curvature: str = "hessian"
    damping: float = 0.0

    def __post_init__(self):
        whole("max_products", self.max_products)
        if self.curvature not in _CURVATURES:
            raise ValueError(f"curvature must be {' or '.join(map(repr, _CURVATURES))}, got {self.curvature!r}")
        if not (np.ndim(self.damping) == 0 and self.damping >= 0):
            raise ValueError(f"damping must be a number, at least 0, got {self.damping}")

    def start(self, at):
        if at.x.ndim != 1:
            raise TypeError(f"NewtonCG follows one start of shape (n,), got points of shape {at.x.shape}: "
                            "run the starts one by one, or use Newton")
        return float(at.grad_norm)

    def step(self, at, first):
        product = self._product(at)
        if at.grad_norm == 0.0:
            return np.zeros_like(at.grad), first
        share = min(0.5, np.sqrt(at.grad_norm / first))
        solved = conjugate_gradients(product, -at.grad, tolerance=share, max_products=self.max_products)
        if solved.ending == Ending.NEGATIVE_CURVATURE and not solved.x.any():
            curvature = abs(at.grad @ product(at.grad))
            return -at.grad * (at.grad @ at.grad) / (curvature if curvature > 0 else np.nan), first
        return solved.x, first

    def _product(self, at):
        f = at.objective
        times = f.hvp if self.curvature == "hessian" else f.gnvp
        return lambda v: times(at.x, v) + self.damping * v
