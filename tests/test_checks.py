"""What the public edge of the package asks of numbers and matrices."""

from fractions import Fraction

import numpy as np
import pytest

from slopes.checks import positive, symmetric, whole


@pytest.mark.parametrize("number", [2**64, Fraction(1, 3), np.float32(0.5), 3, [1, Fraction(1, 2)]])
def test_every_real_number_is_one(number):
    assert np.all(positive("c", number) == np.asarray(number, float)) and positive("c", number).dtype == float


@pytest.mark.parametrize("number", [True, "2", None, 1j, [1, "2"], [2**64, True], np.timedelta64(3, "s")])
def test_what_is_no_real_number_is_refused(number):
    with pytest.raises(TypeError, match="c must be a positive number"):
        positive("c", number)


@pytest.mark.parametrize("number", [0, -1, np.nan, np.inf, [1, 0], Fraction(-1, 2)])
def test_what_is_not_positive_is_refused(number):
    with pytest.raises(ValueError, match="c must be positive"):
        positive("c", number)


@pytest.mark.parametrize("number", [True, "3", 0, 2.5, np.nan, None])
def test_a_whole_number_counts(number):
    assert whole("n", 3) == whole("n", 3.0) == whole("n", np.int64(3)) == 3
    with pytest.raises(ValueError, match="n must be a whole number"):
        whole("n", number)


@pytest.mark.parametrize("matrix, error, message", [
    (1e-13 * np.array([[1.0, 0.5], [0.0, 1.0]]), ValueError, "must be symmetric"), (np.empty((0, 0)), ValueError, "no entries"),
    ([1e13 * np.eye(2), [[1.0, 0.5], [0.0, 1.0]]], ValueError, "must be symmetric"), (1j * np.eye(2), TypeError, "must be real"),
    (np.ones((2, 3)), ValueError, "square matrix"), (np.full((2, 2), np.nan), ValueError, "finite")])
def test_what_is_symmetric_does_not_depend_on_units_or_neighbours(matrix, error, message):
    assert symmetric("H", np.array([[1e20, 1.0], [1.0 + 1e-9, 1e20]])) is not None
    with pytest.raises(error, match=message):
        symmetric("H", matrix)
