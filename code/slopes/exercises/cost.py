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
    hint="the gradient at x + hv is 4(x + hv)³, entry by entry. Differentiate by h at h = 0.",
)

two_of_three = Number(
    "Two kinds out of three",
    conjugate_gradients(lambda v: np.repeat([1.0, 10.0, 1e6], 333) * v, np.repeat([1.0, 0.0, 1.0], 333)).products,
    rtol=0,
    because="after t products the residual is b times the best polynomial of degree t that is 1 at 0. It has to be 0 at 1 and at a million; where "
            "b has no part it may be anything.",
    mistakes=[
        (3, "this is for a right side with a part along all eigenvectors. Does conjugate gradients ever see the 10?"),
        (999, "this is the bound for any matrix of this size. What do equal eigenvalues do to a polynomial that has to vanish at all of them?"),
        (1000, "the condition number is a million, and its root a thousand. But that bound holds for any eigenvalues; these are special."),
        (1, "that would do for one eigenvalue. The right side has parts along the eigenvectors of two."),
    ],
    hint="try it: conjugate_gradients(lambda v: h * v, b) with h = np.repeat([1, 10, 1e6], 333) and a b that is 0 in the middle.",
)

# Curvature that can be afforded

at_targets = Choice(
    "Where nothing is left to be learned",
    "not at all",
    because="what Gauss–Newton leaves out is the curvature of the outputs, weighted with the slope of the loss in the outputs. With a squared error that "
            "slope is the error, and it is 0 for every example.",
    mistakes=[
        ("by the curvature of the model", "that is what it leaves out. With which factor does the loss multiply it?"),
        ("by a factor", "both contain JᵀBJ with the same B. What does the Hessian have beside it?"),
        ("by its sign", "JᵀBJ is never indefinite, and at such a place the Hessian is not either: it is a minimum."),
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
