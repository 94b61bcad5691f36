"""The law of every tail, fitted against declared, and the crossing of two slopes."""

import math

import numpy as np
import pytest

from slopes.activations import ACTIVATIONS, Tail, elu, leaky_relu, rescaled, sigmoid, tanh
from slopes.tails import SIDES, crossing, fitted, in_words

ALL = [*ACTIVATIONS.values(), leaky_relu(0.2), elu(0.3), rescaled("gelu", 0.1, 5.0), rescaled("softsign", 3.0, 0.5), rescaled("silu", 0.2, 1.0)]


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("f", ALL, ids=lambda f: f.name)
def test_the_declared_law_is_the_one_that_fits(f, side):
    declared, found = getattr(f, side), fitted(f, side)
    assert found.law == declared.law
    assert found.rate == pytest.approx(declared.rate, rel=2e-3) and found.power == pytest.approx(declared.power, abs=0.01)
    assert found.scale == pytest.approx(declared.scale, rel=0.05)


def test_sigmoid_and_tanh_have_the_same_slope_where_the_closed_form_says():
    closed = 2 * math.acosh((1 + math.sqrt(3)) / 2)
    assert closed == pytest.approx(1.6628858911, abs=1e-10)
    assert crossing("sigmoid", "tanh", 0.1, 5.0) == pytest.approx(closed, abs=1e-12)
    assert sigmoid.deriv(5.0) / tanh.deriv(5.0) == pytest.approx(36.6, abs=0.05)
    assert sigmoid.deriv(0.0) == tanh.deriv(0.0) / 4


def test_at_a_matched_input_scale_tanh_has_twice_the_slope():
    x = np.linspace(-700, 700, 57)
    np.testing.assert_allclose(rescaled(tanh, 0.5, 1.0).log_deriv(x) - sigmoid.log_deriv(x), math.log(2), atol=1e-12)


@pytest.mark.parametrize("tail, words", [
    (Tail("zero"), "0"), (Tail("constant", scale=0.01), "0.01"), (Tail("polynomial", 2.0, 1.0), "1 r^-2"),
    (Tail("exponential", 2.0, 4.0), "4 exp(-2 r)"), (Tail("gaussian", 0.5, 0.399, 1.0), "0.399 r^1 exp(-0.5 r²)"),
])
def test_a_law_in_words(tail, words):
    assert in_words(tail) == words


@pytest.mark.parametrize("call, message", [
    (lambda: fitted("tanh", "top"), "side must be \"left\" or \"right\", got 'top'"),
    (lambda: fitted("tanh", "left", 5.0, 1.0), "0 < low < high"),
    (lambda: crossing("sigmoid", "tanh", 3.0, 5.0), "the test holds at high"),
    (lambda: fitted("swoosh", "left"), "no activation 'swoosh'"),
])
def test_bad_input_says_what_was_given(call, message):
    with pytest.raises(ValueError, match=message):
        call()
