"""The exercises of chapter 2.3, What a second derivative costs, in the order of its pages."""

import numpy as np

from slopes import costs
from slopes.conjugate import conjugate_gradients
from slopes.exercises.kinds import Choice, Function, Number

# The prediction that opens the chapter: the Hessian of a 784-30-10 network

_N = costs.parameters([784, 30, 10])
_GB = costs.hessian_bytes(_N) / 1e9

hessian_size = Number(
    "Prediction",
    _GB,
    rtol=0.1,
    because=f"the network has {_N:,} parameters, the Hessian the square of that, and each entry 8 bytes: {_GB:.2f} GB.",
    mistakes=[
        (8 * _N / 1e9, "this is one number for each parameter. The Hessian has one for each pair of them."),
        (_N**2 / 1e9, "each of these entries takes 8 bytes."),
        (_GB / 2, "a symmetric matrix can be kept in half the space, and the text means the whole of it. The order of magnitude is right."),
        (_GB * 1e9, "this is in bytes. A GB is 10⁹ of them."),
    ],
    hint="count the weights and biases, (784 + 1) · 30 + (30 + 1) · 10; square that; and take 8 bytes for each entry.",
)

# Products

fourth_powers = Function(
    "A product without a matrix",
    lambda x, v: 12.0 * x**2 * v,
    inputs={"x": [1.0, -2.0, 0.5, 3.0], "v": [1.0, 0.5, -4.0, 0.1]},
    because="the gradient is 4x³, and its derivative along v is 12x² v: n multiplications, and no n × n matrix.",
    mistakes=[
        (lambda x, v: 12.0 * x**2, "this is the diagonal of the Hessian. Multiply it by v."),
        (lambda x, v: 4.0 * x**3 * v, "this is the gradient times v. Differentiate the gradient once more, along v."),
        (lambda x, v: 4.0 * (x + v) ** 3 - 4.0 * x**3, "this is a difference of gradients for a step of length v. Take its limit for short steps."),
        (lambda x, v: 12.0 * v**2 * x, "x and v have changed places."),
    ],
    hint="the gradient at x + tv is 4(x + tv)³, entry by entry. Differentiate by t at t = 0.",
)

three_kinds = Number(
    "Three kinds of eigenvalues",
    conjugate_gradients(lambda v: np.repeat([1.0, 10.0, 1e6], 333)[:999] * v, np.ones(999)).products,
    rtol=0,
    because="after j products the residual is b times the best polynomial of degree j that is 1 at 0, and one of degree 3 "
            "is 0 at all three eigenvalues.",
    mistakes=[
        (999, "this is the bound for any matrix of this size. What do equal eigenvalues do to a polynomial that has to vanish at all of them?"),
        (1000, "the condition number is a million, and its root a thousand. But that bound holds for any eigenvalues; these are special."),
        (2, "a polynomial of degree 2 has two zeros, and there are three eigenvalues."),
        (1, "that would do for a matrix with one eigenvalue, a multiple of I."),
    ],
    hint="try it: conjugate_gradients(lambda v: h * v, np.ones(999)) with h = np.repeat([1, 10, 1e6], 333).",
)

# Curvature that can be afforded

left_out = Choice(
    "What Gauss–Newton leaves out",
    "model",
    because="it keeps how the loss curves in the outputs, and takes the outputs to be linear in the parameters. What is left is JᵀBJ, which is "
            "never indefinite when the loss is convex in the outputs.",
    mistakes=[
        ("loss", "that is what it keeps: B in JᵀBJ. What is linearised?"),
        ("off-diagonal", "the matrix JᵀBJ is full. Keeping the diagonal alone is another idea, Adam's for one."),
        ("nothing", "then it would be the Hessian, and it could be indefinite."),
    ],
)

two_factors = Number(
    "Two small matrices",
    1000**2 + 500**2,
    because="the one over the inputs is 1000 × 1000, the one over the outputs 500 × 500: 1.25 million numbers, where the layer's own Hessian would have (500,000)², or 250 billion.",
    mistakes=[
        (1000 * 500, "this is the number of weights. One factor has a row and a column for each input, the other for each output."),
        ((1000 * 500) ** 2, "this is the layer's whole Hessian, which the two factors stand for."),
        (1500, "these are the sizes. Square each of them."),
        (1500**2, "one matrix over inputs and outputs together would be this large. There are two, one for each."),
    ],
    hint="one factor holds a number for each pair of inputs, the other for each pair of outputs.",
)
