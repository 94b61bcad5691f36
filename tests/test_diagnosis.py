"""The clinic: how often the diagnosis is right, that it is silent on the healthy, and what it takes as input."""

import numpy as np
import pytest

from slopes.activations import ACTIVATIONS
from slopes.adaptive import Adam
from slopes.datasets import digits, wine
from slopes.diagnosis import DISEASES, Finding, Layer, diagnose, from_arrays
from slopes.features import standardised
from slopes.network import Network
from slopes.optimizers import GradientDescent, run
from slopes.patients import patient


def named(disease, seeds):
    reports = []
    for seed in seeds:
        p = patient(disease, seed)
        reports.append(diagnose(p.network, p.theta, p.x, p.y, step_size=p.step_size))
    return [r.diagnosis for r in reports]


@pytest.mark.parametrize("disease", DISEASES)
def test_the_right_disease_is_named_in_95_of_100_cases(disease):
    assert named(disease, range(100)).count(disease) >= 95


def test_at_most_2_of_100_healthy_networks_are_accused():
    assert named("healthy", range(100)).count("healthy") >= 98


@pytest.mark.parametrize("activation", [a for a in ACTIVATIONS if a not in ("sigmoid", "softplus")])
def test_a_network_on_another_table_is_healthy_for_every_activation(activation):
    x, y = standardised(wine().x), wine().y
    net = Network([13, 20, 20, 3], activation, loss="cross_entropy")
    theta = net.init(np.random.default_rng(0), "glorot")
    theta = run(Adam(0.01), net.objective(x, y), theta, 30, keep="last").last
    assert diagnose(net, theta, x, y).diagnosis == "healthy"


def test_raw_wine_is_a_case_of_unscaled_features():
    net = Network([13, 20, 3], loss="cross_entropy")
    report = diagnose(net, net.init(np.random.default_rng(0)), wine().x, wine().y, step_size=0.1)
    assert report.diagnosis == "unscaled features" and report.findings[0].certainty == "certain"


def test_the_numbers_of_a_report_are_what_they_say():
    p = patient("healthy", 3)
    report = diagnose(p.network, p.theta, p.x, p.y, step_size=p.step_size)
    signals = p.network.backward(p.theta, p.x, p.y)
    assert report.loss == pytest.approx(signals.value) and len(report.layers) == len(p.network.shapes)
    shares = np.bincount(p.y, minlength=10) / len(p.y)
    assert report.constant_loss == pytest.approx(-np.sum(shares[shares > 0] * np.log(shares[shares > 0])))
    w = p.network.weights(p.theta)[0]
    after = run(GradientDescent(p.step_size), p.network.objective(p.x, p.y), p.theta, 1).last
    moved = np.linalg.norm(p.network.weights(after - p.theta)[0]) / np.linalg.norm(w)
    assert report.layers[0].update == pytest.approx(moved) and report.layers[0].weight == pytest.approx(np.sqrt(np.mean(w[:-1] ** 2)))


def test_the_constant_loss_is_reached_by_the_output_bias():
    data = digits(300, ink=1)
    for loss, output in (("squared", None), ("cross_entropy", "softmax"), ("cross_entropy", "sigmoid")):
        net = Network([64, 10], loss=loss, output=output)
        theta = np.zeros(net.n_params)
        f, last = net.objective(data.x, data.y), np.r_[np.zeros(640), np.ones(10)]
        for _ in range(300):
            theta = theta - 1.0 * last * f.grad(theta)
        assert diagnose(net, theta, data.x, data.y).constant_loss == pytest.approx(float(f.value(theta)), abs=1e-3)


def test_the_cause_is_named_before_its_consequences():
    p = patient("unscaled features", 0)
    report = diagnose(p.network, p.theta, p.x, p.y, step_size=1.0)
    assert [f.disease for f in report.findings][0] == "unscaled features" and len(report.findings) > 1
    assert "as a consequence: wrong step size" in " ".join(str(report).split())


@pytest.mark.parametrize("activation, bias, rescaling", [("tanh", 0.0, True), ("relu", -20.0, False)])
def test_what_is_small_is_told_from_what_is_lost(activation, bias, rescaling):
    """Small weights keep the differences between examples, and Adam learns; a dead layer passes on nothing."""
    data = digits(300, ink=1)
    net = Network([64] + [30] * 8 + [10], activation, loss="cross_entropy")
    theta = net.init(np.random.default_rng(0), "normal", 0.3)
    net.weights(theta)[3][-1] = bias
    report = diagnose(net, theta, data.x, data.y)
    assert report.diagnosis == "dead or collapsed" and ("such as Adam" in report.findings[0].remedy) == rescaling
    after = run(Adam(0.01), net.objective(data.x, data.y), theta, 60, keep="last").value[-1]
    assert (after < 0.8 * report.constant_loss) == rescaling


def test_without_a_step_size_the_step_is_not_judged():
    p = patient("wrong step size", 0)
    report = diagnose(p.network, p.theta, p.x, p.y)
    assert report.diagnosis == "healthy" and report.step_sharpness is None and report.layers[0].update is None
    assert "Healthy" in str(report) and " - " in str(report)


def test_certainty_is_how_far_a_threshold_is_passed():
    assert Finding("", 2.9, "", "").certainty == "likely" and Finding("", 3.0, "", "").certainty == "certain"


def test_plain_arrays_make_the_same_network():
    p = patient("healthy", 1)
    weights = [w[:-1] for w in p.network.weights(p.theta)]
    biases = [w[-1] for w in p.network.weights(p.theta)]
    for layout, arrays in (("in_out", weights), ("out_in", [w.T for w in weights])):
        net, theta = from_arrays(arrays, biases, p.network.activation.name, loss="cross_entropy", layout=layout)
        assert net.sizes == p.network.sizes and np.array_equal(theta, p.theta)
        assert diagnose(net, theta, p.x, p.y, step_size=p.step_size) == diagnose(p.network, p.theta, p.x, p.y, step_size=p.step_size)


def test_a_report_is_read_line_by_line():
    p = patient("dead or collapsed", 0)
    lines = str(diagnose(p.network, p.theta, p.x, p.y, step_size=p.step_size)).splitlines()
    assert len(lines) >= len(p.network.shapes) + 4 and any(line.startswith("Try this") for line in lines) and max(map(len, lines)) <= 68
    assert {field for field in Layer.__dataclass_fields__} == {"weight", "delta", "weight_grad", "update", "signal", "spread", "dead", "saturated"}


W, B = [np.ones((3, 4)), np.ones((4, 2))], [np.zeros(4), np.zeros(2)]
P = patient("healthy", 0)


@pytest.mark.parametrize("call, error, message", [
    (lambda: from_arrays([W[0], np.ones((5, 2))], B), ValueError, "layer 2 takes 5 inputs, but layer 1 gives 4"),
    (lambda: from_arrays([W[0].T, W[1].T], B), ValueError, 'layer 1 has weights of shape \\(4, 3\\).*say layout="out_in"'),
    (lambda: from_arrays(W, B[:1]), ValueError, "got 2 and 1"),
    (lambda: from_arrays([], []), ValueError, "got 0 and 0"),
    (lambda: from_arrays([W[0], np.full((4, 2), np.nan)], B), ValueError, "layer 2 are not finite"),
    (lambda: from_arrays(W, B, "swoosh"), ValueError, "no activation 'swoosh'"),
    (lambda: from_arrays(W, B, layout="torch"), ValueError, 'layout must be "in_out" or "out_in"'),
    (lambda: diagnose(W, P.theta, P.x, P.y), TypeError, "make one of plain arrays with from_arrays"),
    (lambda: diagnose(P.network, np.full_like(P.theta, np.nan), P.x, P.y), ValueError, r"not finite in W\[0\]"),
    (lambda: diagnose(P.network, P.theta, P.x, P.y + 10), ValueError, "labels run from"),
    (lambda: diagnose(P.network, P.theta, P.x, P.y, step_size=-1.0), ValueError, "step_size must be positive"),
    (lambda: patient("flu", 0), ValueError, "no disease 'flu'"),
])
def test_bad_input_says_what_was_given_and_what_to_do(call, error, message):
    with pytest.raises(error, match=message):
        call()
