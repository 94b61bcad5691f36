"""The exercises of chapter 3.1, A product of slopes, in the order of its pages."""

from slopes import meanfield
from slopes.activations import sigmoid
from slopes.exercises.kinds import Function, Number

# The prediction that opens the chapter

_FACTOR = float(meanfield.chi("sigmoid", meanfield.fixed_point("sigmoid", 1.0, 1.0), 1.0)) ** -0.5

per_layer = Number(
    "Prediction",
    _FACTOR,
    rtol=0.15,
    because=f"each layer divides the gradient by about {_FACTOR:.2f}, the same for every pair of layers, so that ten of them make "
            f"{_FACTOR ** 10:.0e}.",
    mistakes=[
        (4, "this is the inverse of the largest slope, 1/4, and the weights do not enlarge anything. Most units are not at 0, where the slope is largest."),
        (1, "then all layers would learn alike. What does the slope of a sigmoid do to what comes back through it?"),
        (1 / _FACTOR, "the size is right, and the other way up: the later layer has the larger gradient."),
        (100, "no; the slopes are near 1/4 or a bit less, and the squares of a unit's weights add up to about 1."),
    ],
    hint="keep your number in mind and read on; the experiment will tell.",
)

# A chain

chain = Function(
    "A chain of three",
    lambda w2, w3, s1, s2: w2 * w3 * s1 * s2,
    inputs={"w2": [0.5, 2.0, -1.0], "w3": [1.5, 0.3, 2.0], "s1": [0.25, 0.1, 0.2], "s2": [0.2, 0.25, 0.05]},
    because="on its way back from z₃ to z₁ the gradient crosses two weights and two slopes.",
    mistakes=[
        (lambda w2, w3, s1, s2: w2 * w3 * s2, "the first node's own slope is also on the way: z₁ reaches z₂ through φ."),
        (lambda w2, w3, s1, s2: w2 * w3, "between one pre-activation and the next there is an activation function. Its slope counts."),
        (lambda w2, w3, s1, s2: w2 * s1 + w3 * s2, "along one path the factors multiply. Paths are added, and here there is only one."),
        (lambda w2, w3, s1, s2: w3 * s2, "this is dz₃/dz₂. One more link leads to z₁."),
    ],
    hint="write z₂ = w₂ φ(z₁) and z₃ = w₃ φ(z₂), and differentiate step by step.",
)

_NEEDED = float(1.0 / sigmoid.deriv(3.0))

weight_needed = Number(
    "A weight that keeps the gradient",
    _NEEDED,
    rtol=0.02,
    because=f"the slope at 3 is {1 / _NEEDED:.4f}, so the weight has to be {_NEEDED:.1f}; and such a weight sends the next node far out, unless its bias "
            "brings it back.",
    mistakes=[
        (1 / _NEEDED, "this is the slope at 3. Which weight makes the product 1?"),
        (4, "this would do at z = 0, where the slope is 1/4."),
        (1, "then a layer leaves no more than the slope, some 5%."),
    ],
    hint="which w makes w σ′(3) equal to 1?",
)

# Paths

paths = Number(
    "Counting paths",
    4 * 4,
    because="a path takes one of 4 nodes in each of the two layers.",
    mistakes=[
        (4 + 4, "a path goes through a node in the one layer and a node in the other: multiply."),
        (1, "a single path takes a single node in each layer. How many such choices are there?"),
        (4**4, "there are two layers to choose a node in, not four."),
    ],
    hint="choose a node in the first layer, then one in the second.",
)

open_paths = Number(
    "Two dead nodes",
    3 * 3,
    rtol=0,
    because="a path is open if both of its nodes are alive: 3 choices in each layer.",
    mistakes=[
        (16 - 4 - 4, "each dead node stands in four paths, but one path goes through both and is counted twice."),
        (16 - 2, "a dead node blocks every path through it, and that is more than one."),
        (12, "this is with one dead node. There is one in each layer."),
        (0, "the network would be cut off if a whole layer were dead. Three nodes of each are alive."),
    ],
    hint="choose a living node in the first layer, then a living one in the second.",
)

# Delta and weight

weight_gradient = Number(
    "Small delta, large gradient",
    10,
    because="the gradient by a weight is delta times the activation below it: 0.01 · 1000 against 1 · 1. By delta A learns a hundred times more slowly, by its weights ten times faster.",
    mistakes=[
        (0.01, "this is the ratio of the deltas. The gradient by a weight has another factor."),
        (1000, "this is the ratio of the inputs. The gradient by a weight has delta as a factor, too."),
        (0.1, "the size is right, and the other way up."),
        (1e5, "the deltas are as 0.01 to 1: multiply by that, and do not divide."),
    ],
    hint="the gradient by a weight is delta times the activation below it, equation (weight).",
)
