"""Where a test changes its answer: bisection on many intervals at once."""

import numpy as np

SPACINGS = ("linear", "log")


def bisect(holds, low, high, *, tolerance=1e-6, spacing="linear"):
    """The largest number for which a monotone test was seen to hold, between low, where it does, and high, where it does not.

    holds: a function of an array of numbers that says of each whether the test holds there. low,
    high: numbers, or arrays that broadcast. Returns an array of the shape of the answers. The
    threshold is above the result by at most `tolerance`: by that difference with linear spacing,
    by that share with log spacing, which wants positive numbers and suits step sizes.
    """
    low, high = _ends(low, high, tolerance, spacing)
    _check_answers(holds, low, high)
    log = spacing == "log"
    width = np.max(np.log(high / low) if log else high - low)
    for _ in range(int(np.ceil(np.log2(max(width / tolerance, 1.0))))):
        middle = np.sqrt(low) * np.sqrt(high) if log else low + 0.5 * (high - low)
        yes = holds(middle)
        low, high = np.where(yes, middle, low), np.where(yes, high, middle)
    return low


def _ends(low, high, tolerance, spacing):
    if spacing not in SPACINGS:
        raise ValueError(f'spacing must be "linear" or "log", got {spacing!r}')
    if not tolerance > 0:
        raise ValueError(f"tolerance must be positive, got {tolerance}")
    ends = low, high = np.asarray(low, float), np.asarray(high, float)
    if not np.all(np.isfinite(low)) or not np.all(np.isfinite(high)) or not np.all(low < high):
        raise ValueError(f"low must be below high and both finite, got {low} and {high}")
    if spacing == "log" and not np.all(low > 0):
        raise ValueError(f'spacing "log" wants low above 0, got {low}: use spacing="linear"')
    return ends


def _check_answers(holds, low, high):
    for end, name, wanted in ((low, "low", True), (high, "high", False)):
        if np.any(np.asarray(holds(end)) != wanted):
            raise ValueError(f"the test {'fails' if wanted else 'holds'} at {name} = {end}, so the threshold "
                             f"is not between the ends: take a {'smaller low' if wanted else 'larger high'}")
