"""The curvature of an objective, from its Hessian or from products with it alone."""

from dataclasses import dataclass

import numpy as np

from slopes.checks import generator, symmetric, whole

_LEAST_PRODUCTS = 4  # a start that is all but an eigenvector of a smaller eigenvalue would stop at once


@dataclass(frozen=True)
class Eigenpair:
    """An eigenvalue, its unit eigenvector, and how well they are known.

    residual: |H vector - value vector|, within which of `value` H has an eigenvalue. converged: whether
    it reached the tolerance. products: how many Hessian-vector products it took.
    """

    value: float
    vector: np.ndarray
    residual: float
    converged: bool
    products: int


def largest_eigenvalue(hvp, start, *, tol=1e-3, max_products=100):
    """The largest eigenvalue of a symmetric operator H (the sharpness, of a Hessian), by Lanczos's method.

    hvp: the function v -> H v. start: a vector (n,), random at first; along a trajectory the last
    eigenvector saves products. tol: the residual wanted, relative to the largest |eigenvalue| seen; the
    eigenvalue's own error is of the order of its square. Not converging is a result, not an error.
    Raises ValueError where H shows that it is not symmetric. Returns an `Eigenpair`.
    Source: C. Lanczos, J. Res. Natl. Bur. Stand. 45 (1950) 255-282, with full reorthogonalisation.
    """
    q, most = _start(start, max_products)
    basis, alpha, beta = np.empty((most, len(q)), q.dtype), [], []
    for k in range(most):
        basis[k] = q
        done = basis[: k + 1]
        image = _image(hvp, q)
        along = done @ image
        alpha.append(along[-1])
        rest = image - along @ done
        rest -= (done @ rest) @ done
        values, vectors = np.linalg.eigh(np.diag(alpha) + np.diag(beta, 1) + np.diag(beta, -1))
        size = np.abs(values).max()
        _check_symmetric(along[:-1], beta, _slack(image) * size)
        beta.append(np.linalg.norm(rest))
        residual = beta[-1] * abs(vectors[-1, -1])
        exhausted = beta[-1] <= len(q) * np.finfo(q.dtype).eps * size
        if exhausted or residual <= tol * size and k + 1 >= _LEAST_PRODUCTS:
            break
        q = rest / beta[-1]
    return Eigenpair(float(values[-1]), vectors[:, -1] @ done, float(residual), bool(residual <= tol * size), k + 1)


def hessian_from_products(hvp, n):
    """The n x n matrix of a symmetric operator, column by column: n products, so for small n.

    Raises ValueError where it is not symmetric.
    """
    h = np.stack([_image(hvp, e) for e in np.eye(n)], axis=-1)
    return symmetric("the Hessian", h, _slack(np.asarray(h)))


def spectral_density(hvp, n, rng, *, probes=5, products=80):
    """The eigenvalues of a symmetric n × n operator as a distribution, by Lanczos from random starts.

    Returns nodes (k,) and weights (k,) that sum to 1: the mean over the probes of the quadrature that
    `products` Hessian-vector products give. Single eigenvalues at the ends come out as they are; the bulk
    comes out as a density, with an error that falls with the number of probes.
    Raises ValueError where the operator shows that it is not symmetric.
    Source: B. Ghorbani, S. Krishnan, Y. Xiao, ICML 2019, doi:10.48550/arXiv.1901.10159, section 2.
    """
    generator(rng)
    n, nodes, weights = whole("n", n), [], []
    for _ in range(whole("probes", probes)):
        start, most = _start(rng.standard_normal(n), products)
        alpha, beta = _tridiagonal(hvp, start, most)
        values, vectors = np.linalg.eigh(np.diag(alpha) + np.diag(beta, 1) + np.diag(beta, -1))
        nodes.append(values)
        weights.append(vectors[0] ** 2 / probes)
    return np.concatenate(nodes), np.concatenate(weights)


def _tridiagonal(hvp, q, most):
    """The Lanczos matrix of at most `most` products from the unit vector q: its diagonal and the one beside it."""
    basis, alpha, beta = np.empty((most, len(q)), q.dtype), [], []
    for k in range(most):
        basis[k] = q
        image, done = _image(hvp, q), basis[: k + 1]
        along = done @ image
        alpha.append(q @ image)
        size = np.abs([*alpha, *beta]).max()
        _check_symmetric(along[:-1], beta, _slack(image) * size)
        rest = image - along @ done
        rest -= (done @ rest) @ done
        length = np.linalg.norm(rest)
        if length <= len(q) * np.finfo(q.dtype).eps * size or k + 1 == most:
            break
        beta.append(length)
        q = rest / length
    return np.array(alpha), np.array(beta)


def _start(start, max_products):
    q = np.asarray(start)
    if q.ndim != 1 or not np.issubdtype(q.dtype, np.floating):
        raise ValueError(f"start must be one vector of real numbers, such as rng.standard_normal(n), got {start!r}")
    norm = np.linalg.norm(q)
    if not (norm > 0 and np.isfinite(norm)):
        raise ValueError("start must be finite and not zero: give random numbers, rng.standard_normal(n)")
    return q / norm, min(whole("max_products", max_products), len(q))


def _image(hvp, v):
    image = np.asarray(hvp(v))
    if image.shape != v.shape:
        raise ValueError(f"hvp turned a vector of shape {v.shape} into one of shape {image.shape}: it must keep the shape")
    if not np.isfinite(image).all():
        raise ValueError("hvp gave a product that is not finite: the Hessian is not finite at this point")
    return image


def _check_symmetric(along, beta, slack):
    """H q has no part along earlier vectors but the last, and there the part known from that one, within the slack."""
    expected = np.zeros(len(along))
    expected[-1:] = beta[-1:]
    if np.abs(along - expected).max(initial=0.0) > slack:
        raise ValueError("hvp is not a product with a symmetric matrix: u.(Hv) and v.(Hu) differ")


def _slack(a):
    return np.sqrt(np.finfo(a.dtype if a.dtype.kind == "f" else float).eps)
