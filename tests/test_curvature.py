"""Largest eigenvalues and Hessians from products, against dense linear algebra."""

import numpy as np
import pytest

from slopes.curvature import hessian_from_products, largest_eigenvalue


def symmetric(rng, eigenvalues):
    q = np.linalg.qr(rng.standard_normal((len(eigenvalues),) * 2))[0]
    return q * eigenvalues @ q.T


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize("eigenvalues", [
    np.linspace(-3, 5, 60), -np.linspace(1, 2, 40), np.r_[20, 19.9, np.zeros(80)], [2.0], [0.0, 0.0, 0.0], [1.0] * 5,
    np.r_[-100, np.linspace(-1, 1, 50)],
], ids=["spread", "negative", "near pair", "one", "zero", "identity", "largest is not largest in size"])
def test_largest_eigenvalue_agrees_with_dense_algebra(rng, eigenvalues):
    h = symmetric(rng, np.array(eigenvalues))
    found = largest_eigenvalue(lambda v: h @ v, rng.standard_normal(len(h)), tol=1e-6)
    assert found.converged
    assert found.value == pytest.approx(np.max(eigenvalues), abs=1e-9 * max(1, np.abs(eigenvalues).max()))
    assert np.linalg.norm(h @ found.vector - found.value * found.vector) == pytest.approx(found.residual, abs=1e-9)
    assert np.linalg.norm(found.vector) == pytest.approx(1)


def test_a_start_near_the_eigenvector_saves_products(rng):
    h = symmetric(rng, np.linspace(-3, 5, 200))
    cold = largest_eigenvalue(lambda v: h @ v, rng.standard_normal(200))
    near = h + 1e-3 * symmetric(rng, np.linspace(-1, 1, 200))
    warm = largest_eigenvalue(lambda v: near @ v, cold.vector)
    assert warm.converged and warm.products < cold.products / 2
    assert warm.value == pytest.approx(np.linalg.eigvalsh(near)[-1], rel=1e-5)


def test_a_start_near_the_wrong_eigenvector_does_not_stop_there(rng):
    h = symmetric(rng, np.r_[np.linspace(0, 1, 50), 4, 5])
    values, vectors = np.linalg.eigh(h)
    start = vectors[:, -2] + 1e-5 * rng.standard_normal(52)
    assert largest_eigenvalue(lambda v: h @ v, start).value == pytest.approx(5, rel=1e-5)


def test_not_converging_is_a_result(rng):
    h = symmetric(rng, np.linspace(-3, 5, 200))
    found = largest_eigenvalue(lambda v: h @ v, rng.standard_normal(200), tol=1e-12, max_products=5)
    assert not found.converged and found.products == 5
    assert found.value < 5


def test_single_precision_stays_single(rng):
    h = symmetric(rng, np.linspace(-3, 5, 60)).astype(np.float32)
    found = largest_eigenvalue(lambda v: h @ v, rng.standard_normal(60).astype(np.float32))
    assert found.vector.dtype == np.float32
    assert found.value == pytest.approx(5, rel=1e-4)


def test_a_product_in_single_precision_may_meet_a_start_in_double(rng):
    h = symmetric(rng, np.linspace(-1, 50, 40)).astype(np.float32)
    found = largest_eigenvalue(lambda v: h @ v.astype(np.float32), rng.standard_normal(40))
    assert found.converged and found.value == pytest.approx(50, rel=1e-4)


def test_operators_that_are_none(rng):
    start = rng.standard_normal(6)
    a = rng.standard_normal((6, 6))
    with pytest.raises(ValueError, match="not a product with a symmetric matrix"):
        largest_eigenvalue(lambda v: a @ v, start)
    with pytest.raises(ValueError, match=r"shape \(6,\) into one of shape \(1,\)"):
        largest_eigenvalue(lambda v: v[:1], start)
    with pytest.raises(ValueError, match="not finite"):
        largest_eigenvalue(lambda v: v * np.nan, start)
    for bad in (np.zeros(6), np.full(6, np.nan), np.ones((6, 1)), 3.0, np.ones(6, int)):
        with pytest.raises(ValueError, match="start must be"):
            largest_eigenvalue(lambda v: v, bad)
    with pytest.raises(ValueError, match="max_products"):
        largest_eigenvalue(lambda v: v, start, max_products=0)
    with pytest.raises(ValueError, match="must be symmetric"):
        hessian_from_products(lambda v: a @ v, 6)


def test_hessian_from_products(rng):
    h = symmetric(rng, np.linspace(-3, 5, 7))
    np.testing.assert_allclose(hessian_from_products(lambda v: h @ v, 7), h)
