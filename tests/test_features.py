"""Centring, standardising and Jacobi scaling, and tables that cannot be."""

import numpy as np
import pytest

from slopes.datasets import wine
from slopes.features import centred, jacobi_scaled, standardised


def test_a_standardised_table_has_mean_0_and_spread_1_and_no_units():
    table = standardised(wine().x)
    np.testing.assert_allclose(table.mean(axis=0), 0.0, atol=1e-12)
    np.testing.assert_allclose(table.std(axis=0), 1.0)
    units = np.geomspace(1e-6, 1e6, 13)
    np.testing.assert_allclose(standardised(wine().x * units + 3 * units), table, rtol=1e-7, atol=1e-9)


def test_a_centred_table_keeps_its_units():
    np.testing.assert_allclose(centred([[1.0, 10.0], [3.0, 30.0]]), [[-1.0, -10.0], [1.0, 10.0]])


def test_jacobi_scaling_is_the_hessian_in_units_with_a_diagonal_of_ones():
    b = np.random.default_rng(0).normal(size=(6, 4))
    hess, d = b.T @ b, np.diag([1e3, 1.0, 0.02, 5.0])
    scaled = jacobi_scaled(hess)
    np.testing.assert_allclose(np.diag(scaled), 1.0)
    np.testing.assert_allclose(jacobi_scaled(d @ hess @ d), scaled, rtol=1e-12)


@pytest.mark.parametrize("call, message", [
    (lambda: standardised([[1.0, 5.0], [2.0, 5.0]]), r"constant columns cannot be standardised: 1; leave them out"),
    (lambda: standardised([[1.0, 5.0], [2.0, 5.0]], names=["ash", "hue"]), r"1 \(hue\)"),
    (lambda: standardised([[0.1, 1.0], [0.1, 2.0], [0.1, 4.0]]), "columns cannot be standardised: 0"),
    (lambda: standardised([1.0, 2.0]), r"shape \(m, n\).*got shape \(2,\)"),
    (lambda: centred([[1.0, np.nan]]), "NaN or infinite entries: drop those rows"),
    (lambda: jacobi_scaled(np.ones((2, 3))), r"square matrix, \(\.\.\., n, n\), got shape \(2, 3\)"),
    (lambda: jacobi_scaled([[1.0, 2.0], [0.0, 1.0]]), "symmetric"),
    (lambda: jacobi_scaled([[0.0, 1.0], [1.0, 1.0]]), "diagonal of the Hessian must be positive"),
])
def test_bad_input_says_what_was_given_and_what_to_do(call, message):
    with pytest.raises(ValueError, match=message):
        call()
