"""Functions to be minimised, with the derivatives that are known, and changes of their variables.

A point of a function of one real variable has no axis of its own, so an array of any shape is a
batch of points. A point of a function of n variables is the last axis of an array, shape (..., n).
Everything broadcasts over the other axes, parameters of the function included.
"""

from functools import cached_property

import numpy as np

from slopes.checks import positive, symmetric


class Objective:
    """A function f, its gradient and, where they are known, its Hessian and its minimizer.

    point_shape is () for one real variable and (n,) for n of them. The callables take points of
    shape (..., *point_shape): `value` returns (...), `grad` (..., *point_shape), `hess`
    (..., *point_shape, *point_shape), and `hvp(x, v)` the product of the Hessian with v.
    Where one pass gives both, `value_and_grad` returns the pair and is used for gradients. `gnvp` is the
    product with the Gauss–Newton matrix, for a loss of a model's outputs.
    """

    __array_ufunc__ = None  # array * f asks f, and does not multiply entry by entry

    def __init__(self, name, value, grad=None, hess=None, *, hvp=None, gnvp=None, value_and_grad=None,
                 point_shape=(), minimizer=None):
        for argument, function in (("value", value), ("grad", grad), ("hess", hess), ("hvp", hvp), ("gnvp", gnvp)):
            if not callable(function) and (function is not None or argument == "value"):
                raise TypeError(f"{argument} of {name} must be a function of points, got {function!r}")
        self.name = name
        self.point_shape = tuple(point_shape)
        self.minimizer = None if minimizer is None else self.points(minimizer)
        self._value, self._grad, self._hess, self._hvp, self._gnvp = value, grad, hess, hvp, gnvp
        self._value_and_grad = value_and_grad

    def __repr__(self):
        return f"<Objective {self.name}>"

    def points(self, x):
        """x as an array of points; raises ValueError where its shape is not (..., *point_shape)."""
        x = np.asarray(x)
        if x.dtype.kind != "f":
            x = _as_float(x)
        if x.shape[x.ndim - len(self.point_shape):] != self.point_shape:
            wanted = ", ".join(["...", *map(str, self.point_shape)])
            raise ValueError(f"x has shape {x.shape}, but {self.name} takes points of shape ({wanted})")
        return x

    def at(self, x):
        """The function seen from the points x: an `At` with its value and derivatives there."""
        return At(self, self.points(x))

    def value(self, x):
        """f(x). x: (..., *point_shape). Returns (...)."""
        return self.at(x).value

    def grad(self, x):
        """The gradient of f, in units of [f]/[x]. Returns (..., *point_shape)."""
        return self.at(x).grad

    def hess(self, x):
        """The Hessian of f, in units of [f]/[x]^2. Returns (..., *point_shape, *point_shape)."""
        return self.at(x).hess

    def hvp(self, x, v):
        """The Hessian at x times v, without the Hessian where that is possible."""
        x, v = self.points(x), self.points(v)
        if self._hvp is not None:
            return self._hvp(x, v)
        hess = At(self, x).hess
        return _matvec(hess, v) if self.point_shape else hess * v

    def gnvp(self, x, v):
        """The Gauss–Newton matrix at x times v: the Hessian without the curvature of the model, never indefinite."""
        if self._gnvp is None:
            raise TypeError(f"{self.name} is not a loss of a model's outputs, so it has no Gauss–Newton matrix: use its Hessian, "
                            "or give one, Objective(..., gnvp=...)")
        return self._gnvp(self.points(x), self.points(v))

    def scaled(self, c):
        """The function c f(x), for c > 0: a number or an array that broadcasts over a batch."""
        c = positive("c", c)
        return self._changed(
            f"c × {self.name}",
            outer=lambda value: c * value,
            pull=lambda grad: self._lift(c, 1) * grad,
            pull_hess=lambda hess: self._lift(c, 2) * hess,
            minimizer=self.minimizer,
        )

    __rmul__ = scaled

    def stretched(self, k, center=0.0):
        """The function f(k (x - center)), for k > 0: the same function in other units of x."""
        k, center = positive("k", k), self._center(center)
        return self._changed(
            f"{self.name} of k × (x - center)",
            inner=lambda x: self._lift(k, 1) * (x - center),
            push=lambda v: self._lift(k, 1) * v,
            pull=lambda grad: self._lift(k, 1) * grad,
            pull_hess=lambda hess: self._lift(k * k, 2) * hess,
            minimizer=None if self.minimizer is None or k.ndim else center + self.minimizer / k,
        )

    def transformed(self, matrix, center=0.0):
        """The function f(A (x - center)) for an invertible n × n matrix A."""
        a, center = self._invertible(matrix), self._center(center)
        return self._changed(
            f"{self.name} of A × (x - center)",
            inner=lambda x: _matvec(a, x - center),
            push=lambda v: _matvec(a, v),
            pull=lambda grad: _matvec(a.T, grad),
            pull_hess=lambda hess: a.T @ hess @ a,
            minimizer=None if self.minimizer is None else center + np.linalg.solve(a, self.minimizer),
        )

    def rotated(self, rotation):
        """The function f(Q x) for an orthogonal n × n matrix Q, or for an angle in radians if n = 2."""
        if np.ndim(rotation) == 0 and self.point_shape == (2,):
            cos, sin = np.cos(rotation), np.sin(rotation)
            rotation = [[cos, -sin], [sin, cos]]
        q = self._invertible(rotation)
        if not np.allclose(q.T @ q, np.eye(len(q)), atol=1e-10):
            raise ValueError("rotated() wants an orthogonal matrix, with Q^T Q = I; "
                             "use transformed() for any other invertible one")
        return self.transformed(q)

    def _changed(self, name, *, pull, pull_hess, minimizer, outer=np.positive, inner=np.positive, push=np.positive):
        """The function outer(f(inner(x))): its gradient is `pull` of f's, and its Hessian times v is
        `pull` of f's Hessian times `push(v)`."""
        def value_and_grad(x):
            value, grad = self._value_and_grad(inner(x))
            return outer(value), pull(grad)

        return Objective(
            name,
            lambda x: outer(self._value(inner(x))),
            self._grad and (lambda x: pull(self._grad(inner(x)))),
            self._hess and (lambda x: pull_hess(self._hess(inner(x)))),
            hvp=self._hvp and (lambda x, v: pull(self._hvp(inner(x), push(v)))),
            gnvp=self._gnvp and (lambda x, v: pull(self._gnvp(inner(x), push(v)))),
            value_and_grad=self._value_and_grad and value_and_grad,
            point_shape=self.point_shape,
            minimizer=minimizer,
        )

    def _center(self, center):
        return np.asarray(center, float) if np.ndim(center) == 0 else self.points(center)

    def _lift(self, c, order):
        return c if not self.point_shape else c.reshape(c.shape + (1,) * order)

    def _invertible(self, matrix):
        a = np.asarray(matrix, float)
        if self.point_shape == ():
            raise ValueError(f"{self.name} has one real variable: use stretched(k) in place of a matrix")
        if a.shape != self.point_shape * 2:
            raise ValueError(f"the change of variable has shape {a.shape}, but {self.name} wants "
                             f"a square one of shape {self.point_shape * 2}")
        if not np.all(np.isfinite(a)) or np.linalg.cond(a) > 1e15:
            raise ValueError("the change of variable must be invertible, and this matrix is singular "
                             "to working precision")
        return a


class At:
    """An objective seen from the points x: each derivative is evaluated once, when it is asked for."""

    def __init__(self, objective, x):
        self.objective, self.x = objective, x

    @cached_property
    def value(self):
        return self.objective._value(self.x)

    @cached_property
    def grad(self):
        if self.objective._value_and_grad is not None:
            self.value, grad = self.objective._value_and_grad(self.x)
            return grad
        return self._derivative("grad", "gradient")

    @cached_property
    def hess(self):
        return self._derivative("hess", "Hessian")

    @cached_property
    def grad_norm(self):
        """The Euclidean norm of the gradient, shape (...)."""
        return np.sqrt(np.vecdot(self.grad, self.grad)) if self.objective.point_shape else np.abs(self.grad)

    def per_point(self, a):
        """A number, or an array with one number for each point, made to broadcast against points, in their precision."""
        a = np.asarray(a)
        a = a.astype(self.x.dtype, copy=False) if a.dtype.kind in "fiu" else a
        return a[..., None] if self.objective.point_shape else a

    def _derivative(self, argument, word):
        function = getattr(self.objective, "_" + argument)
        if function is None:
            raise TypeError(f"this needs the {word} of {self.objective.name}, which has none: "
                            f"give it one, Objective(..., {argument}=...), or use a rule without it")
        return function(self.x)


def _as_float(x):
    if x.dtype.kind not in "iub":
        raise TypeError(f"points are real numbers, got an array of {x.dtype}")
    return x.astype(float)


def _matvec(a, x):
    return (a @ x[..., None])[..., 0]


# One real variable ------------------------------------------------------------------------------


def parabola(curvature=1.0, minimizer=0.0):
    """f(x) = curvature (x - minimizer)^2 / 2, with f'' = curvature everywhere."""
    h, m = positive("curvature", curvature), np.asarray(minimizer, float)
    return Objective(
        "the parabola",
        lambda x: 0.5 * h * np.square(x - m),
        lambda x: h * (x - m),
        lambda x: h + np.zeros_like(x),
        minimizer=m,
    )


def quartic():
    """f(x) = x^4, with f'' = 12 x^2: no single step size is safe from every start."""
    return Objective(
        "x⁴",
        lambda x: x * x * x * x,
        lambda x: 4.0 * x * x * x,
        lambda x: 12.0 * x * x,
        minimizer=0.0,
    )


def power(p):
    """f(x) = |x|^p for p >= 2: above 2 its curvature vanishes at the minimum, which is then called degenerate.

    p: a number, or an array that broadcasts over a batch.
    """
    p = positive("p", p)
    if np.any(p < 2):
        raise ValueError(f"p must be at least 2, so that the curvature at 0 is finite, got {p}")
    return Objective(
        "|x|^p",
        lambda x: np.abs(x) ** p,
        lambda x: p * np.sign(x) * np.abs(x) ** (p - 1.0),
        lambda x: p * (p - 1.0) * np.abs(x) ** (p - 2.0),
        minimizer=0.0,
    )


def barrier():
    """f(x) = x - ln x for x > 0, with its minimum at 1: the logarithm keeps a run away from 0."""
    return Objective("x − ln x", lambda x: x - np.log(x), lambda x: 1.0 - 1.0 / x, lambda x: 1.0 / (x * x), minimizer=1.0)


def hyperbola():
    """f(x) = sqrt(1 + x^2), a bowl with straight sides (the pseudo-Huber loss plus one)."""
    def hess(x):
        r = np.hypot(1.0, x)
        return 1.0 / (r * r * r)

    return Objective("√(1 + x²)", lambda x: np.hypot(1.0, x), lambda x: x / np.hypot(1.0, x), hess,
                     minimizer=0.0)


def arctan_integral():
    """f(x) = x arctan x - ln(1 + x^2)/2, convex, with f' = arctan x and f'' = 1/(1 + x^2)."""
    return Objective(
        "x arctan x − ln(1 + x²)/2",
        lambda x: x * np.arctan(x) - np.log(np.hypot(1.0, x)),
        np.arctan,
        lambda x: 1.0 / (1.0 + x * x),
        minimizer=0.0,
    )


# Several variables ------------------------------------------------------------------------------


def quadratic(hess, minimizer=None):
    """f(x) = (x - m)^T H (x - m) / 2 for a symmetric n × n matrix H; m is 0 unless given.

    Where H is indefinite, m is its saddle point. Raises ValueError for any H that is not symmetric.
    """
    h = symmetric("the Hessian", hess)
    if h.ndim != 2:
        raise ValueError(f"the Hessian must be one square matrix, got shape {h.shape}")
    n = len(h)
    m = np.zeros(n) if minimizer is None else np.asarray(minimizer, float)
    if m.shape != (n,):
        raise ValueError(f"the minimizer has shape {m.shape}, but a quadratic in {n} variables has one of shape ({n},)")
    return Objective(
        f"a quadratic in {n} variables",
        lambda x: 0.5 * np.vecdot(x - m, _matvec(h, x - m)),
        lambda x: _matvec(h, x - m),
        lambda x: np.broadcast_to(h, x.shape + (n,)),
        hvp=lambda x, v: _matvec(h, v) + np.zeros_like(x),
        point_shape=(n,),
        minimizer=m,
    )


def least_squares(features, target):
    """f(w) = |A w - b|^2 / (2 m), the mean squared residual of m rows, with Hessian A^T A / m.

    features: A, (m, n). target: b, (m,). Its minimizer is the least-squares solution of least norm.
    """
    a, b = np.asarray(features, float), np.asarray(target, float)
    if a.ndim != 2 or b.shape != a.shape[:1]:
        raise ValueError(f"features and target must have shapes (m, n) and (m,), got {a.shape} and {b.shape}")
    if not (a.size and np.isfinite(a).all() and np.isfinite(b).all()):
        raise ValueError(f"features and target must be finite and not empty, got shapes {a.shape} and {b.shape}: drop rows with NaN")
    m, hess = len(a), a.T @ a / len(a)
    return Objective(
        f"least squares in {a.shape[1]} weights",
        lambda w: np.sum((w @ a.T - b) ** 2, axis=-1) / (2 * m),
        lambda w: (w @ a.T - b) @ a / m,
        lambda w: np.broadcast_to(hess, w.shape + hess.shape[:1]),
        hvp=lambda w, v: v @ hess + np.zeros_like(w),
        point_shape=a.shape[1:],
        minimizer=np.linalg.lstsq(a, b, rcond=None)[0],
    )


def rosenbrock():
    """f(x) = 100 (x2 - x1^2)^2 + (1 - x1)^2, a bent valley with its minimum at (1, 1).

    Source: H. H. Rosenbrock, The Computer Journal 3 (1960) 175.
    """
    def value(x):
        bend, rest = x[..., 1] - x[..., 0] * x[..., 0], 1.0 - x[..., 0]
        return 100.0 * bend * bend + rest * rest

    def grad(x):
        bend, rest = x[..., 1] - x[..., 0] * x[..., 0], 1.0 - x[..., 0]
        return np.stack([-400.0 * x[..., 0] * bend - 2.0 * rest, 200.0 * bend], axis=-1)

    def hess(x):
        cross = -400.0 * x[..., 0]
        first = 1200.0 * x[..., 0] * x[..., 0] - 400.0 * x[..., 1] + 2.0
        return np.stack([first, cross, cross, 200.0 + 0.0 * cross], axis=-1).reshape(x.shape + (2,))

    return Objective("Rosenbrock's valley", value, grad, hess, point_shape=(2,), minimizer=[1.0, 1.0])
