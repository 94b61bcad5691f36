"""The shipped data: shapes, checksums, ranges, scaling, errors."""

import hashlib

import numpy as np
import pytest

from slopes.datasets import DATASETS, digits, load, wine


def checksum(data):
    return hashlib.sha256(np.column_stack([data.x, data.y]).astype("<f8").tobytes()).hexdigest()[:16]


def test_wine():
    data = wine()
    assert data.x.shape == (178, 13) and len(data) == 178
    assert np.bincount(data.y).tolist() == [59, 71, 48]
    assert (data.x.min(), data.x.max()) == (0.13, 1680.0)
    assert data.features[0] == "alcohol" and data.features[-1] == "proline"
    assert checksum(data) == "b6ff7c6847be41ee"


def test_digits():
    data = digits()
    assert data.x.shape == (1797, 64)
    assert set(np.unique(data.x)) == set(range(17))
    assert np.bincount(data.y).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert checksum(data) == "30aa855cd90427ff"


def test_the_first_digits_and_scaled_pixels():
    np.testing.assert_array_equal(digits(300).x, digits().x[:300])
    np.testing.assert_array_equal(digits(300).y, digits().y[:300])
    np.testing.assert_array_equal(digits(300, ink=1).x, digits(300).x / 16)


@pytest.mark.parametrize("name", DATASETS)
def test_each_dataset_describes_itself(name):
    data = load(name)
    assert len(data.features) == len(data.units) == data.x.shape[1]
    assert set(data.y) == set(range(len(data.classes)))
    assert f"{len(data)} examples" in repr(data)
    with pytest.raises(ValueError, match="read-only"):
        data.x[0] = 0


def test_errors():
    with pytest.raises(ValueError, match="no dataset 'iris': the shipped ones are wine, digits"):
        load("iris")
    for n in (0, 1798, 3.5, -1):
        with pytest.raises(ValueError, match="n must be a whole number from 1 to 1797"):
            digits(n)
    for ink in (0, -1, np.inf, np.nan):
        with pytest.raises(ValueError, match="ink must be positive"):
            digits(3, ink=ink)
