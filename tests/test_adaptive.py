"""Each adaptive rule against a plain restatement of its source, one number at a time, and at the edges."""

import math
import warnings

import numpy as np
import pytest

from slopes.adaptive import AdaDelta, AdaGrad, Adam, NormalizedGradient, RMSProp
from slopes.objectives import hyperbola, parabola, quadratic, rosenbrock
from slopes.optimizers import run


def normalised(g, t, memory, norm):
    return -0.1 * g / norm


def adagrad(g, t, memory, norm):
    memory["G"] = memory.get("G", 0.0) + g**2
    return -0.3 * g / (math.sqrt(memory["G"]) + 1e-10)


def rmsprop(g, t, memory, norm):
    memory["v"] = 0.9 * memory.get("v", 0.0) + 0.1 * g**2
    return -0.05 * g / (math.sqrt(memory["v"]) + 1e-8)


def adam(g, t, memory, norm):
    memory["m"] = 0.9 * memory.get("m", 0.0) + 0.1 * g
    memory["v"] = 0.999 * memory.get("v", 0.0) + 0.001 * g**2
    m_hat, v_hat = memory["m"] / (1 - 0.9**t), memory["v"] / (1 - 0.999**t)
    return -0.05 * m_hat / (math.sqrt(v_hat) + 1e-8)


def adadelta(g, t, memory, norm):
    memory["g2"] = 0.95 * memory.get("g2", 0.0) + 0.05 * g**2
    step = -math.sqrt(memory.get("x2", 0.0) + 1e-6) / math.sqrt(memory["g2"] + 1e-6) * g
    memory["x2"] = 0.95 * memory.get("x2", 0.0) + 0.05 * step**2
    return step


RULES = {
    "normalised gradient": (NormalizedGradient(0.1), normalised),
    "AdaGrad": (AdaGrad(0.3), adagrad),
    "RMSProp": (RMSProp(0.05), rmsprop),
    "Adam": (Adam(0.05), adam),
    "AdaDelta": (AdaDelta(), adadelta),
}


@pytest.fixture(autouse=True)
def warnings_are_errors():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.mark.parametrize("f, start", [(rosenbrock(), [-1.2, 1.0]), (quadratic([[3.0, 1.0], [1.0, 2.0]]), [2.0, -1.0])])
@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_what_its_source_says_number_by_number(name, f, start):
    rule, plain = RULES[name]
    x, memories = list(start), [{} for _ in start]
    for t in range(1, 31):
        g = [float(slope) for slope in f.grad(x)]
        x = [a + plain(slope, t, memory, math.hypot(*g)) for a, slope, memory in zip(x, g, memories)]
    np.testing.assert_allclose(run(rule, f, start, 30).last, x, rtol=1e-10)


@pytest.mark.parametrize("name", RULES)
def test_a_batch_gives_what_its_runs_give_one_at_a_time(name):
    rule = RULES[name][0]
    for f, starts in ((hyperbola(), [3.0, -0.5, 10.0]), (rosenbrock(), [[-1.2, 1.0], [0.3, 0.4]])):
        whole = run(rule, f, starts, 20)
        for i, start in enumerate(starts):
            np.testing.assert_allclose(whole.x[:, i], run(rule, f, start, 20).x, rtol=1e-12)


@pytest.mark.parametrize("rule", [NormalizedGradient, AdaGrad, RMSProp, Adam])
def test_a_batch_of_step_sizes_gives_what_each_gives_alone(rule):
    eps = np.array([0.01, 0.1, 1.0])
    whole = run(rule(eps), rosenbrock(), [-1.2, 1.0], 15)
    for i, one in enumerate(eps):
        np.testing.assert_allclose(whole.x[:, i], run(rule(one), rosenbrock(), [-1.2, 1.0], 15).x, rtol=1e-12)


@pytest.mark.parametrize("name", RULES)
def test_at_a_minimum_every_rule_rests(name):
    assert np.all(run(RULES[name][0], rosenbrock(), [1.0, 1.0], 5).x == 1.0)


@pytest.mark.parametrize("slope", [1e-4, 1.0, 1e6])
def test_the_first_steps_do_not_know_how_steep_it_is(slope):
    f = parabola(slope)
    for rule, length in ((NormalizedGradient(0.1), 0.1), (AdaGrad(0.1), 0.1), (RMSProp(0.1), 0.1 / math.sqrt(0.1)), (Adam(0.1), 0.1)):
        assert 1.0 - run(rule, f, 1.0, 1).last == pytest.approx(length, rel=0.02)


@pytest.mark.parametrize("call, error, message", [
    (lambda: Adam(-0.1), ValueError, "step_size must be positive, got -0.1"),
    (lambda: Adam(0.1, beta1=1.0), ValueError, "beta1 must be one number, at least 0 and below 1, got 1.0"),
    (lambda: Adam(0.1, beta2=-0.5), ValueError, "beta2 must be"),
    (lambda: Adam(0.1, stabilizer=0.0), ValueError, "stabilizer must be positive"),
    (lambda: AdaGrad("small"), TypeError, "step_size must be a positive number, got 'small'"),
    (lambda: RMSProp(0.1, decay=np.nan), ValueError, "decay must be one number"),
    (lambda: AdaDelta(decay=2.0), ValueError, "decay must be one number"),
    (lambda: NormalizedGradient(0.0), ValueError, "step_size must be positive"),
])
def test_bad_input_says_what_was_given_and_what_to_do(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_the_stabilizer_stands_beside_the_root():
    step, _ = AdaGrad(1.0, stabilizer=3.0).step(parabola().at(4.0), 0.0)
    assert step == pytest.approx(-4.0 / 7.0)
