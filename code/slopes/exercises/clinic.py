"""The exercises of chapter 3.5, The clinic, in the order of its pages."""

from slopes.diagnosis import LONGEST
from slopes.exercises.kinds import Choice, Number

# The prediction that opens the chapter

first_look = Choice(
    "Prediction",
    "saturated units",
    because="every output is near 1 and nine of ten should be 0; with a squared error the slope of the cost is error times σ′, and σ′ is what is small.",
    mistakes=[
        ("wrong step size", "a step size multiplies what there is. Which factor of the gradient is nearly 0 when an output is near 1 and should be 0?"),
        ("unscaled features", "pixels from 0 to 1 are all in the same units. Look at the other end of the network."),
        ("dead or collapsed", "the images come through. It is the last factor on the way, at the output, that is small."),
    ],
)

# Reading a report

divide_by = Number(
    "By how much",
    13 / LONGEST,
    because="where eps times sharpness is 2 a step ends as far from the bottom as it began, so 13 has to come down by a factor of 6.5 or more.",
    mistakes=[
        (13, "this brings it to 1, which is safe and more than is needed. Where is the edge?"),
        (11, "the product scales with eps: divide, do not take away."),
        (2, "then it is still 6.5, beyond the edge."),
        (26, "this brings it down to a half. Where is the edge?"),
    ],
    hint="eps times sharpness must not be above 2 (chapter 1.1).",
)

second_report = Choice(
    "A second report",
    "dead or collapsed",
    because="after the fourth layer the examples differ by a ten-thousandth of the signal, and beside what they have in common that is flat. The step is short as "
            "well: mend what stands first, then look again.",
    mistakes=[
        ("wrong step size", "the step is short, and a longer one would not help much. What stands further up in the order of causes?"),
        ("saturated units", "none of the layers has more than a tenth of its units in a tail."),
        ("unscaled features", "the largest feature is 1.4 times the median: they are alike."),
    ],
)

what_helps = Choice(
    "What will help",
    "adam",
    because="the signals differ from image to image in every layer, so nothing is lost on the way up. What comes back is small, which is a matter of scale, and Adam "
            "divides it out. With more layers it may still fail: chapter 3.4.",
    mistakes=[
        ("nothing", "look at the spread: what the layers pass on is all there. Which of the two kinds of vanishing is it?"),
        ("standardising", "the largest feature is 1.4 times the median: the features are alike."),
        ("a shorter step", "eps times sharpness is far below 2. The first layers hardly move as it is."),
    ],
)

compare = Choice(
    "In another unit",
    "update",
    because="the gradient is a tenth and the weights are ten times as large, so a step, as a share of them, is a hundredth. That is news: gradient descent now moves this layer "
            "a hundred times more slowly, and the weights of the next a hundred times faster.",
    mistakes=[
        ("delta", "delta is cost per pre-activation, and the pre-activations of one layer are ten times as large: it changes by ten."),
        ("signal", "this is what has been multiplied by 10."),
        ("elasticity", "it is a relative change over a relative change, so a factor common to a whole layer cancels."),
    ],
)
