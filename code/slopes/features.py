"""Tables of features in units of their own: centred, standardised, scaled by a diagonal."""

import numpy as np

from slopes.checks import symmetric


def centred(table):
    """Each column minus its mean. table: (m, n), m examples of n features. Returns (m, n)."""
    table = _table(table)
    return table - table.mean(axis=0)


def standardised(table, names=None):
    """Each column minus its mean, divided by its standard deviation: (x - mean)/std, without units.

    table: (m, n). names: of the columns, for the message. Raises ValueError where a column is constant.
    """
    table = _table(table)
    spread = table.std(axis=0)
    constant = np.flatnonzero(spread <= 1e-12 * np.abs(table).max(axis=0))
    if constant.size:
        which = ", ".join(str(i) if names is None else f"{i} ({names[i]})" for i in constant)
        raise ValueError(f"constant columns cannot be standardised: {which}; leave them out, they say nothing")
    return (table - table.mean(axis=0)) / spread


def jacobi_scaled(hess):
    """D H D with D = diag(H)^(-1/2): the Hessian in units of x in which every diagonal entry is 1.

    hess: (n, n), symmetric with a positive diagonal. Source: C. G. J. Jacobi, Astron. Nachr. 22 (1845) 297-306.
    """
    hess = symmetric("the Hessian", hess)
    if hess.ndim != 2:
        raise ValueError(f"the Hessian must be one square matrix, got shape {hess.shape}")
    diagonal = np.diag(hess)
    if not np.all(diagonal > 0):
        raise ValueError(f"the diagonal of the Hessian must be positive, got {diagonal}")
    d = 1.0 / np.sqrt(diagonal)
    return d[:, None] * hess * d


def _table(table):
    table = np.asarray(table, float)
    if table.ndim != 2 or len(table) == 0 or not np.all(np.isfinite(table)):
        raise ValueError(f"a table has shape (m, n) and finite entries, got shape {table.shape}"
                         + ("" if np.all(np.isfinite(table)) else " with NaN or infinite entries: drop those rows"))
    return table
