"""The clinic: how often the diagnosis is right, that it is silent on the healthy, and what it takes as input."""

import numpy as np
import pytest

from slopes.activations import ACTIVATIONS
from slopes import diagnosis
from slopes.adaptive import Adam
from slopes.datasets import digits, wine
from slopes.diagnosis import DISEASES, ELASTICITY, OUTPUT_SIZE, SATURATED_SHARE, Finding, Layer, diagnose, elasticities, from_arrays
from slopes.features import standardised
from slopes.network import Network
from slopes.optimizers import GradientDescent, run
from slopes.patients import passer_by, patient


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


def relu_network(depth, scale, rng):
    net = Network([64] + [30] * depth + [10], "relu", loss="cross_entropy")
    return net, net.init(rng, "he", scale)


def test_elasticity_is_the_largest_relative_change_of_the_loss():
    """A step of 1e-6 of a layer's weights along its gradient changes the loss by 1e-6 of it times the elasticity."""
    p = patient("healthy", 2)
    signals, f = p.network.backward(p.theta, p.x, p.y), p.network.objective(p.x, p.y)
    for i, e in enumerate(elasticities(p.network, p.theta, signals)):
        moved = p.theta.copy()
        w, g = p.network.weights(moved)[i], signals.weight_grad[i]
        w[:-1] += 1e-6 * np.linalg.norm(w[:-1]) * g[:-1] / np.linalg.norm(g[:-1])
        assert (f.value(moved) / signals.value - 1) / 1e-6 == pytest.approx(e, rel=1e-3)


def test_elasticity_does_not_feel_the_units_of_a_layer_and_delta_does():
    data, (net, theta) = digits(200, ink=1), relu_network(4, 1.0, np.random.default_rng(0))
    other = theta.copy()
    net.weights(other)[1][:] *= 10
    net.weights(other)[2][:-1] /= 10
    old, new = diagnose(net, theta, data.x, data.y), diagnose(net, other, data.x, data.y)
    assert [a.elasticity for a in old.layers] == pytest.approx([b.elasticity for b in new.layers], rel=1e-9)
    assert old.layers[1].delta == pytest.approx(10 * new.layers[1].delta) and old.diagnosis == new.diagnosis == "healthy"


@pytest.mark.parametrize("activation, depth, scale, seen", [("relu", 4, 3.0, "the last pre-activations have the size"), ("tanh", 24, 3.0, "one percent of its weights")])
def test_an_exploding_network_is_named_without_a_step_size(activation, depth, scale, seen):
    data = digits(200, ink=1)
    net = Network([64] + [30] * depth + [10], activation, loss="cross_entropy")
    report = diagnose(net, net.init(np.random.default_rng(0), "he" if activation == "relu" else "normal", scale), data.x, data.y)
    assert report.diagnosis == "exploding signal" and seen in report.findings[0].evidence


def test_large_logits_that_are_right_are_no_explosion():
    """A network that has learned is sure of itself."""
    data, (net, theta) = digits(200, ink=1), relu_network(2, 1.0, np.random.default_rng(0))
    theta = run(Adam(0.03), net.objective(data.x, data.y), theta, 300, keep="last").last
    report = diagnose(net, theta, data.x, data.y)
    assert report.output_size > OUTPUT_SIZE and report.loss < 0.01 and report.diagnosis == "healthy"


def test_features_with_a_mean_far_from_0_are_named_by_it():
    """Years, say: of an ordinary size once divided by 1,000, and all alike."""
    rng = np.random.default_rng(0)
    x = 2.0 + 0.02 * rng.standard_normal((200, 13))
    net = Network([13, 20, 3], loss="cross_entropy")
    theta = net.init(rng, "glorot")
    report = diagnose(net, theta, x, rng.integers(0, 3, 200))
    assert report.diagnosis == "unscaled features" and "a mean 1e+02 times its spread" in report.findings[0].evidence
    assert diagnose(net, theta, standardised(x), rng.integers(0, 3, 200)).diagnosis == "healthy"


@pytest.mark.parametrize("unit, seen", [(1e3, "the targets have the size"), (1e-3, "no target is larger than")])
def test_targets_in_other_units_are_named(unit, seen):
    x, y = standardised(wine().x), standardised(wine().x[:, :1])
    net = Network([13, 20, 1])
    theta = net.init(np.random.default_rng(0), "glorot")
    assert diagnose(net, theta, x, y).diagnosis == "healthy"
    report = diagnose(net, theta, x, unit * y)
    assert report.diagnosis == "unscaled targets" and seen in report.findings[0].evidence


def test_a_network_that_has_arrived_is_not_called_collapsed():
    """At a minimum that is not 0 every elasticity goes to 0: the loss is below that of the best constant, so nothing is wrong."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((100, 3))
    net = Network([3, 2, 1], "identity")
    y = x[:, :1] + 0.3 * rng.standard_normal((100, 1))
    theta = run(GradientDescent(0.2), net.objective(x, y), net.init(rng, "glorot"), 3000, keep="last").last
    report = diagnose(net, theta, x, y)
    assert max(layer.elasticity for layer in report.layers) < ELASTICITY[0] and report.diagnosis == "healthy"


def test_units_killed_by_a_step_are_told_from_units_badly_drawn():
    """The report cannot know which it was, so it names both repairs."""
    data, (net, theta) = digits(200, ink=1), relu_network(2, 1.0, np.random.default_rng(0))
    killed = run(GradientDescent(30.0), net.objective(data.x, data.y), theta, 5, keep="last").last
    report = diagnose(net, killed, data.x, data.y, step_size=30.0)
    assert report.diagnosis == "dead or collapsed" and "take shorter ones from the start" in report.findings[0].remedy


def test_a_healthy_report_is_better_news_than_a_finding():
    """On networks drawn without regard to the thresholds the healthy learn about twice as often."""
    learns = {True: [], False: []}
    for seed in range(60):
        p = passer_by(seed, 100)
        report = diagnose(*p[:4], step_size=p.step_size)
        end = run(GradientDescent(p.step_size), p.network.objective(p.x, p.y), p.theta, 100, keep="last").value[-1]
        learns[report.diagnosis == "healthy"].append(end < 0.9 * report.constant_loss)
    assert np.mean(learns[True]) > 1.3 * np.mean(learns[False]) > 0


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
    assert {field for field in Layer.__dataclass_fields__} == {"weight", "delta", "elasticity", "update", "signal", "spread", "dead", "saturated"}


W, B = [np.ones((3, 4)), np.ones((4, 2))], [np.zeros(4), np.zeros(2)]
P = patient("healthy", 0)


@pytest.mark.parametrize("call, error, message", [
    (lambda: from_arrays([W[0], np.ones((5, 2))], B), ValueError, "layer 2 takes 5 inputs, but layer 1 gives 4"),
    (lambda: from_arrays([W[0].T, W[1].T], B), ValueError, 'layer 1 has weights of shape \\(4, 3\\).*say layout="out_in"'),
    (lambda: from_arrays(W, B, layout="out_in"), ValueError, 'layer 1 has weights of shape \\(4, 3\\).*say layout="in_out"'),
    (lambda: from_arrays(W, B[:1]), ValueError, "got 2 and 1"),
    (lambda: from_arrays([], []), ValueError, "got 0 and 0"),
    (lambda: from_arrays([W[0], np.full((4, 2), np.nan)], B), ValueError, "layer 2 are not finite"),
    (lambda: from_arrays(W, B, "swoosh"), ValueError, "no activation 'swoosh'"),
    (lambda: from_arrays(W, B, layout="torch"), ValueError, 'layout must be "in_out" or "out_in"'),
    (lambda: diagnose(W, P.theta, P.x, P.y), TypeError, "make one of plain arrays with from_arrays"),
    (lambda: diagnose(P.network, np.full_like(P.theta, np.nan), P.x, P.y), ValueError, r"not finite in W\[0\]"),
    (lambda: diagnose(P.network, P.theta, P.x, P.y + 10), ValueError, "labels run from"),
    (lambda: diagnose(P.network, P.theta, P.x, P.y, step_size=-1.0), ValueError, "step_size must be positive"),
    (lambda: diagnose(P.network, P.theta, P.x, P.y, step_size=[0.1, 0.2]), ValueError, "one number.*diagnose once for each"),
    (lambda: diagnose(P.network, P.theta, P.x, P.y, step_size="0.1"), TypeError, "step_size must be a positive number"),
    (lambda: diagnose(P.network, P.theta, P.x, P.y, rng=3), TypeError, "rng must be a generator"),
    (lambda: diagnose(P.network, np.stack([P.theta, P.theta]), P.x, P.y), ValueError, "one vector of parameters"),
    (lambda: diagnose(P.network, P.theta, P.x[:1], P.y[:1]), ValueError, "1 examples and no two that differ"),
    (lambda: patient("flu", 0), ValueError, "no disease 'flu'"),
])
def test_bad_input_says_what_was_given_and_what_to_do(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_every_column_of_a_report_is_what_its_docstring_says():
    p = patient("healthy", 3)
    report, s = diagnose(p.network, p.theta, p.x, p.y), p.network.backward(p.theta, p.x, p.y)
    rms = lambda a: np.sqrt(np.mean(a * a))
    for i, layer in enumerate(report.layers):
        assert layer.delta == pytest.approx(len(p.x) * rms(s.delta[i]))
        assert layer.signal == pytest.approx(rms(s.a[i + 1]))


def test_the_remedy_for_a_step_that_is_too_long_works():
    p = next(q for q in (patient("wrong step size", s) for s in range(20)) if diagnose(*q[:4], step_size=q.step_size).step_sharpness > 2)
    report = diagnose(*p[:4], step_size=p.step_size)
    by = float(report.findings[0].remedy.split("divide the step size by ")[1].split()[0])
    assert diagnose(*p[:4], step_size=p.step_size / by).diagnosis == "healthy"


def test_a_constant_pixel_is_no_feature():
    data = digits(200, ink=1)
    net = Network([128, 20, 10], loss="cross_entropy")
    report = diagnose(net, net.init(np.random.default_rng(0)), np.hstack([data.x, 0 * data.x]), data.y)
    assert report.feature_size > 0.1 and report.diagnosis == "healthy"
    same = np.full((200, 100), 0.1)
    assert same.std() > 0  # by rounding
    net = Network([164, 20, 10], loss="cross_entropy")
    report = diagnose(net, net.init(np.random.default_rng(0)), np.hstack([data.x, same]), data.y)
    assert report.feature_offset < 10 and report.diagnosis == "healthy"


def test_a_good_fit_is_no_explosion_and_right_outputs_are_no_saturation():
    """An elasticity grows as the loss goes to 0, and outputs of 0.01 and 0.99 are in their tails."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((200, 6))
    net = Network([6, 32, 1], "identity")
    f = net.objective(x, x[:, :1])
    theta = run(GradientDescent(0.05), f, net.init(rng, "glorot"), 300, keep="last").last
    report = diagnose(net, theta, x, x[:, :1])
    assert max(layer.elasticity for layer in report.layers) > ELASTICITY[1] and report.diagnosis == "healthy"
    data = digits(200, ink=1)
    net = Network([64, 30, 10], "tanh", output="sigmoid")
    theta = run(Adam(0.01), net.objective(data.x, data.y), net.init(rng, "glorot"), 900, keep="last").last
    report = diagnose(net, theta, data.x, data.y)
    assert report.layers[-1].saturated > SATURATED_SHARE and report.loss < 0.02 and report.diagnosis == "healthy"


def test_a_last_layer_of_zeros_is_a_start_and_no_collapse():
    data, (net, theta) = digits(200, ink=1), relu_network(2, 1.0, np.random.default_rng(0))
    net.weights(theta)[-1][:] = 0.0
    report = diagnose(net, theta, data.x, data.y)
    assert report.layers[0].elasticity == 0.0 and report.diagnosis == "healthy"


@pytest.mark.parametrize("seed", range(5))
def test_pixels_from_0_to_16_are_named_and_rare_categories_are_not(seed):
    data, rng = digits(200), np.random.default_rng(seed)
    net = Network([64, 30, 30, 10], "tanh", loss="cross_entropy")
    assert data.x.max() == 16 and diagnose(net, net.init(rng, "glorot"), data.x, data.y, step_size=0.01).diagnosis == "unscaled features"
    rare = np.eye(150)[rng.integers(0, 150, 400)]
    net = Network([150, 30, 3], loss="cross_entropy")
    assert diagnose(net, net.init(rng, "glorot"), rare, rng.integers(0, 3, 400)).feature_size < 0.1
    assert diagnose(net, net.init(rng, "glorot"), rare, rng.integers(0, 3, 400)).diagnosis == "healthy"


def layer(**seen):
    return Layer(**{"weight": 0.3, "delta": 0.1, "elasticity": 1.0, "update": None, "signal": 1.0, "spread": 0.5, "dead": 0.0, "saturated": None} | seen)


@pytest.mark.parametrize("number, threshold", [(0, diagnosis.FEATURE_RATIO), (1, diagnosis.FEATURE_SIZE[1]), (3, diagnosis.OFFSET)])
def test_a_feature_is_named_just_beyond_its_threshold_and_not_before(number, threshold):
    numbers = lambda value: [value if i == number else 1.0 for i in range(4)]
    assert list(diagnosis._features(*numbers(0.99 * threshold))) == []
    (found,) = diagnosis._features(*numbers(1.01 * threshold))
    assert found.factor == pytest.approx(1.01)


def test_the_certainty_of_a_finding_is_that_of_its_evidence():
    (found,) = diagnosis._features(31.0, 1e-6, 1e-6, 1.0)
    assert found.factor == pytest.approx(1e5) and "the size 1e-06" in found.evidence


@pytest.mark.parametrize("spread, rescaling", [(1e-6, True), (1e-8, False)])
def test_what_rounding_has_swallowed_is_lost(spread, rescaling):
    (found,) = diagnosis._dead((layer(spread=spread), layer()), True)
    assert ("such as Adam" in found.remedy) == rescaling


def test_a_layer_half_dead_is_told_by_its_dead_and_one_all_dead_by_nothing_else():
    (half,) = diagnosis._dead((layer(dead=0.6), layer()), True)
    (dead,) = diagnosis._dead((layer(dead=1.0, spread=0.0, elasticity=0.0), layer()), True)
    assert "a step has killed" in half.remedy and half.certainty == "likely"
    assert "100% of the units" in dead.evidence and dead.factor == 3.0


def test_rare_targets_are_not_called_small():
    """One in 200 is 1: of size 0.07, and in no other unit."""
    net, x = Network([3, 4, 1]), np.random.default_rng(0).standard_normal((200, 3))
    report = diagnose(net, net.init(np.random.default_rng(0), "glorot"), x, np.eye(200)[:, :1])
    assert "unscaled targets" not in [f.disease for f in report.findings]


@pytest.mark.parametrize("seed", [0, 1])
def test_the_edge_of_stability_is_no_disease(seed):
    """The network of chapter 1.1, whose sharpness hovers about 2/eps while it learns."""
    data = digits(300, ink=1)
    net = Network([64, 50, 50, 10], "tanh", loss="squared")
    theta = run(GradientDescent(0.1), net.objective(data.x, data.y), net.init(np.random.default_rng(seed)), 1500, keep="last").last
    report = diagnose(net, theta, data.x, data.y, step_size=0.1)
    assert report.step_sharpness > 2 and report.diagnosis == "healthy"
    assert diagnose(net, theta, data.x, data.y, step_size=0.2).diagnosis == "wrong step size"


@pytest.mark.parametrize("output, unit", [("tanh", 5.0), ("sigmoid", 255.0), ("sigmoid", 1.5), ("softplus", -1.0)])
def test_targets_that_an_output_cannot_reach_are_named(output, unit):
    x = np.random.default_rng(0).standard_normal((200, 3))
    net = Network([3, 8, 1], "tanh", output=output)
    theta, y = net.init(np.random.default_rng(0), "glorot"), 1.0 * (x[:, :1] > 0)
    report = diagnose(net, theta, x, unit * y)
    assert diagnose(net, theta, x, y).diagnosis == "healthy" and report.diagnosis == "unscaled targets"
    assert report.findings[0].evidence.startswith(f"{y.mean():.0%} of the targets lie outside")


def test_targets_with_a_mean_far_from_0_are_named_by_it():
    x = standardised(wine().x)
    net = Network([13, 20, 1])
    report = diagnose(net, net.init(np.random.default_rng(0), "glorot"), x, 9.0 + 0.01 * np.sin(x[:, :1]))
    assert report.diagnosis == "unscaled targets" and "times their spread" in report.findings[0].evidence


def test_labels_of_a_single_yes_or_no_are_told_their_shape():
    net = Network([64, 10, 1], loss="cross_entropy", output="sigmoid")
    with pytest.raises(ValueError, match=r"a column of zeros and ones, y\[:, None\]"):
        diagnose(net, net.init(np.random.default_rng(0)), digits(50).x, digits(50).y % 2)


def wine_network(*sizes, **settings):
    net = Network([13, *sizes], **settings)
    return net, net.init(np.random.default_rng(0), "glorot"), standardised(wine().x)


@pytest.mark.parametrize("dtype, scale", [(np.float32, 1e3), (float, 1e20)])
def test_a_signal_beyond_all_numbers_is_refused_and_one_nearly_there_explodes(dtype, scale):
    data = digits(100, ink=1)
    net, theta = relu_network(20, scale, np.random.default_rng(0))
    with pytest.raises(ValueError, match="pre-activations of layer .* of 21 are not finite: the signal explodes"):
        diagnose(net, theta.astype(dtype), data.x.astype(dtype), data.y)
    large = diagnose(net, net.init(np.random.default_rng(0), "he", 1e9), data.x, data.y)
    assert large.diagnosis == "exploding signal" and 1e170 < large.layers[-2].signal < 1e190  # their squares are not finite


def test_what_no_network_can_learn_is_no_collapse():
    """At the minimum of a fit to much noise the loss is little below the best constant's, and every elasticity is 0."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((300, 5))
    net, y = Network([5, 4, 1], "identity"), 0.25 * x[:, :1] + rng.standard_normal((300, 1))
    theta = run(GradientDescent(0.1), net.objective(x, y), net.init(rng, "glorot"), 3000, keep="last").last
    report = diagnose(net, theta, x, y)
    assert 0.9 < report.loss / report.constant_loss < 0.97 and max(layer.elasticity for layer in report.layers) < ELASTICITY[0]
    assert report.diagnosis == "healthy"


def test_targets_that_teach_nothing_and_targets_in_two_units_are_named():
    net, theta, x = wine_network(20, 2)
    y = standardised(wine().x[:, :2])
    assert diagnose(net, theta, x, y).diagnosis == "healthy"
    assert diagnose(net, theta, x, np.full_like(y, 3.0)).findings[0].evidence == "the targets are the same for all examples"
    assert "one target is 1e+04 times another" in diagnose(net, theta, x, y / np.abs(y).max(axis=0) * [1.0, 1e-4]).findings[0].evidence
    assert diagnose(net, theta, x, np.column_stack([y[:, 0], np.zeros(len(y))])).diagnosis == "healthy"
    net, theta, x = wine_network(20, 3)
    odd = np.column_stack([y, 9.0 + 0.01 * np.sin(y[:, 1])])  # one of three is enough
    assert "times their spread" in diagnose(net, theta, x, odd).findings[0].evidence


def test_copies_are_told_from_small_weights():
    """Units with the same weights on both sides have the same gradient for ever; Adam does not part them."""
    net, theta, x = wine_network(20, 3, loss="cross_entropy")
    report = diagnose(net, np.full_like(theta, 0.1), x, wine().y)
    assert report.diagnosis == "dead or collapsed" and "copies of one another" in report.findings[0].evidence
    after = run(Adam(0.01), net.objective(x, wine().y), np.full_like(theta, 0.1), 50, keep="last").last
    assert np.ptp(net.weights(after)[0], axis=1) == pytest.approx(0.0, abs=1e-9)
    net.weights(theta)[0][:] = 0.1  # what comes back tells them apart
    assert "copies" not in str(diagnose(net, theta, x, wine().y))


def test_a_squared_error_of_bounded_outputs_gets_another_loss_for_its_remedy_only_at_the_output():
    (at_output,) = diagnosis._saturated((layer(), layer(saturated=0.9)), True)
    (hidden,) = diagnosis._saturated((layer(saturated=0.9), layer()), True)
    assert at_output.remedy.startswith("take a cross-entropy") and "cross-entropy" not in hidden.remedy


@pytest.mark.parametrize("product, certainty", [(1e-4, "certain"), (0.008, "likely"), (0.0, None), (-0.1, None)])
def test_a_short_step_is_one_where_a_longer_would_be_right(product, certainty):
    assert [finding.certainty for finding in diagnosis._step(product, True)] == [certainty] * (certainty is not None)


def test_what_logits_have_in_common_is_no_size():
    net, theta, x = wine_network(20, 3, loss="cross_entropy")
    shifted = theta.copy()
    net.weights(shifted)[-1][-1] += 1000.0
    assert diagnose(net, shifted, x, wine().y).diagnosis == diagnose(net, theta, x, wine().y).diagnosis == "healthy"


def test_a_layer_without_biases_has_biases_of_0():
    arrays = [np.ones((3, 4)), np.ones((4, 2))]
    given = from_arrays(arrays, [np.zeros(4), np.zeros(2)])[1]
    assert np.array_equal(from_arrays(arrays, None)[1], given) and np.array_equal(from_arrays(arrays, [None, np.zeros(2)])[1], given)


def test_a_spread_of_rounding_is_none():
    assert diagnosis._spread(np.full((200, 3), 0.1)) == 0.0


@pytest.mark.parametrize("settings, words", [
    ({"loss": "cross_entropy"}, 'with output="sigmoid" as a column of zeros and ones'), ({}, r"give numbers as a column, y\[:, None\]")])
def test_labels_for_one_output_are_told_what_it_wants(settings, words):
    net, theta, x = wine_network(1, **settings)
    with pytest.raises(ValueError, match=words):
        diagnose(net, theta, x, wine().y)
