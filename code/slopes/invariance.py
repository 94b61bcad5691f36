"""Which rule does not feel which change of units: the gap between a path and its image, measured."""

import numpy as np

from slopes.objectives import Objective
from slopes.optimizers import run

CHANGES = ("f → c f", "x → k x", "x → D x", "x → Q x", "x → A x")


def bowl(n=3):
    """A convex function of n variables that is not a quadratic: x^T H x / 2 plus the sum of sqrt(1 + x_i^2).

    H has the entries 1/(1 + |i - j|), with 2 added along the diagonal.
    """
    i = np.arange(n)
    h = 1.0 / (1.0 + np.abs(i[:, None] - i)) + 2.0 * np.eye(n)

    def hess(x):
        r = np.hypot(1.0, x)
        return h + (1.0 / (r * r * r))[..., None] * np.eye(n)

    return Objective(
        f"a bowl in {n} variables",
        lambda x: 0.5 * np.vecdot(x, x @ h) + np.sum(np.hypot(1.0, x), axis=-1),
        lambda x: x @ h + x / np.hypot(1.0, x),
        hess,
        point_shape=(n,),
        minimizer=np.zeros(n),
    )


def draw(change, rng, n):
    """A factor c of the value and an invertible n × n matrix A of the variable, of one of `CHANGES`.

    c, k and the entries of D lie between 1/20 and 20, as logarithms evenly; Q is orthogonal; and A is
    a product Q D Q'. What does not change is 1, or the identity.
    """
    if change not in CHANGES:
        raise ValueError(f"there is no change {change!r}: the known ones are {', '.join(CHANGES)}")
    factors = lambda size=None: np.exp(rng.uniform(-np.log(20), np.log(20), size))
    turn = lambda: np.linalg.qr(rng.standard_normal((n, n)))[0]
    matrix = {
        "f → c f": lambda: np.eye(n),
        "x → k x": lambda: factors() * np.eye(n),
        "x → D x": lambda: np.diag(factors(n)),
        "x → Q x": turn,
        "x → A x": lambda: turn() @ np.diag(factors(n)) @ turn(),
    }[change]()
    return (factors() if change == "f → c f" else 1.0), matrix


def gap(rule, objective, x0, steps, c, matrix):
    """How far apart a rule's path on f and its path on c f(A y), seen in x = A y, are at the most.

    x0: (n,), the start in x. Returns their largest distance over that of the first path from its
    start, and inf where the second one diverges. 0 means that the rule does not feel the change.
    """
    return _gap(rule, objective, run(rule, objective, x0, steps).x, c, matrix)


def _gap(rule, objective, plain, c, matrix):
    changed = objective.scaled(c).transformed(matrix)
    other = run(rule, changed, np.linalg.solve(matrix, plain[0]), len(plain) - 1)
    if other.diverged:
        return np.inf
    n = min(len(plain), len(other.x)) - 1  # a run that stopped early stays where it stopped
    mapped = other.x @ np.asarray(matrix).T
    apart = np.linalg.norm(np.concatenate([mapped[:n] - plain[:n], mapped[n:] - plain[n], mapped[n] - plain[n:]]), axis=-1)
    return np.max(apart) / np.max(np.linalg.norm(plain - plain[0], axis=-1))


def table(rules, objective, x0, steps, *, draws=10, seed=0):
    """The largest gap over random draws of each change, for each rule: (rules, changes).

    rules: name -> rule. The same draws serve every rule.
    """
    if len(objective.point_shape) != 1:
        raise ValueError(f"{objective.name} is a function of one variable, and has no D, Q or A: take one of points of shape (n,)")
    n, rng = objective.point_shape[0], np.random.default_rng(seed)
    drawn = [[draw(change, rng, n) for _ in range(draws)] for change in CHANGES]
    plain = {name: run(rule, objective, x0, steps).x for name, rule in rules.items()}
    return np.array([[max(_gap(rule, objective, plain[name], *one) for one in many) for many in drawn]
                     for name, rule in rules.items()])


def written(gap):
    """A gap in a few letters: 0 at the level of rounding, a power of ten if it is small, or "diverges"."""
    if gap < 1e-11:
        return "0"
    if gap < 0.01:
        return f"1e{round(np.log10(gap)):03d}"
    return f"{gap:.2g}" if gap < 100 else "diverges" if gap == np.inf else f"{gap:.0f}"
