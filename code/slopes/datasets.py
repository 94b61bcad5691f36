"""The two tables of real measurements that the course uses, shipped with the package.

Sources and licences (CC BY 4.0) are in data/README.md.
"""

import gzip
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np


@dataclass(frozen=True)
class Dataset:
    """Measurements and the class that each example belongs to; its arrays are read-only.

    x: (examples, features). y: (examples,), whole numbers from 0. features: their names. units: one
    a feature, "1" for a ratio, None where the source states none. classes: their names.
    """

    name: str
    x: np.ndarray
    y: np.ndarray
    features: tuple
    units: tuple
    classes: tuple

    def __len__(self):
        return len(self.y)

    def __repr__(self):
        return f"<Dataset {self.name}: {len(self)} examples, {self.x.shape[1]} features, {len(self.classes)} classes>"


def wine():
    """178 wines of Piedmont, 13 chemical measurements from 0.13 to 1,680, three grape varieties.

    Source: S. Aeberhard and M. Forina, UCI Machine Learning Repository, doi:10.24432/C5PC7J.
    """
    names, table = _table("wine.csv", header=1)
    units = ("% vol", None, None, None, "mg/L", None, None, None, None, None, None, "1", "mg/L")
    x, y = _fixed(table[:, :-1].copy()), _fixed(table[:, -1].astype(int))
    return Dataset("wine", x, y, tuple(names[:-1]), units, ("Barolo", "Grignolino", "Barbera"))


def digits(n=None, *, ink=16):
    """1,797 handwritten digits of 8 x 8 pixels, in the order of the source; the first n if n is given.

    ink: what a wholly inked pixel counts as, 16 as published; ink=1 scales pixels to 0..1.
    Source: E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, doi:10.24432/C50P49.
    """
    _, table = _table("digits.csv.gz")
    if n is not None and not (isinstance(n, int | np.integer) and 1 <= n <= len(table)):
        raise ValueError(f"n must be a whole number from 1 to {len(table)}, got {n}")
    if not 0 < ink < np.inf:
        raise ValueError(f"ink must be positive and finite, got {ink}")
    names = tuple(f"pixel {row},{column}" for row in range(8) for column in range(8))
    x, y = table[:n, :-1] * (ink / 16), table[:n, -1]
    return Dataset("digits", _fixed(x), _fixed(y.astype(int)), names, ("1",) * 64, tuple("0123456789"))


DATASETS = {"wine": wine, "digits": digits}


def load(name):
    """The dataset of that name, one of `DATASETS`."""
    if name not in DATASETS:
        raise ValueError(f"there is no dataset {name!r}: the shipped ones are {', '.join(DATASETS)}")
    return DATASETS[name]()


@cache
def _table(file, header=0):
    """The words of a file's header line, and its rows of numbers, with the class last."""
    data = (files("slopes") / "data" / file).read_bytes()
    lines = (gzip.decompress(data) if file.endswith(".gz") else data).decode().splitlines()
    return ",".join(lines[:header]).split(","), np.loadtxt(lines[header:], delimiter=",")


def _fixed(array):
    array.setflags(write=False)
    return array
