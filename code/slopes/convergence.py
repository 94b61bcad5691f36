"""How fast a run converges, from its errors alone: digits, order, and the constant of the law.

Errors are distances to the minimum, (t, ...), one for each iterate along the first axis. A method of
order nu has e[t + 1] ~ K e[t]^nu in the end. Near the rounding of the numbers the law no longer shows,
so errors below a floor are left out.
"""

import numpy as np

FLOOR = 1e-13


def digits(errors):
    """-log10 |e|, the number of correct decimal digits after the point; inf where the error is 0."""
    with np.errstate(divide="ignore"):
        return -np.log10(np.abs(np.asarray(errors, float)))


def usable(errors, floor=FLOOR, least=3):
    """The errors from the first on that are above the floor, of one run. errors: (t,).

    Raises ValueError where there are fewer than `least`.
    """
    e = np.abs(np.asarray(errors, float))
    if e.ndim != 1:
        raise ValueError(f"errors has shape {e.shape}: give those of one run, of shape (t,)")
    above = e > floor
    count = len(e) if above.all() else int(np.argmin(above))
    if count < least:
        raise ValueError(f"only {count} errors are above {floor:g} before the first that is not, and {least} are wanted: "
                         "take a start further out, or a lower floor")
    return e[:count]


def order(errors, floor=FLOOR):
    """The order of convergence of one run, log(e2/e1) / log(e1/e0) of the last three errors above the floor."""
    e = usable(errors, floor)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.log(e[-1] / e[-2]) / np.log(e[-2] / e[-3])
    if not e[-1] < e[-2] < e[-3]:
        raise ValueError(f"the last three errors, {e[-3]:g}, {e[-2]:g} and {e[-1]:g}, do not shrink: "
                         "the run does not converge, or not to this point")
    return float(found)


def ratios(errors, order=1.0, floor=FLOOR):
    """e[t + 1] / e[t]^order while the errors of one run are above the floor: its end is the constant K of the law."""
    if not order >= 1:
        raise ValueError(f"order must be at least 1, got {order}")
    e = usable(errors, floor, least=2)
    return e[1:] / e[:-1] ** order
