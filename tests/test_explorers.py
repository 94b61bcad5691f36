"""Every frame of every explorer: it draws, warns nobody, says a sentence with numbers, and is light."""

import gzip
import json
import re
import warnings
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from slopes.activations import sigmoid
from slopes.explorers import EXPLORERS, cost, front, keeping, ruler, wrong
from slopes.optimizers import Newton, run


@pytest.fixture(scope="module", params=EXPLORERS, ids=lambda make: make.__name__)
def explorer(request):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return request.param()


@pytest.fixture(scope="module")
def frames(explorer):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return [(setting, *explorer.frame(**setting)) for setting in explorer.settings()]


def test_every_sentence_is_one_that_a_reader_can_use(frames):
    for setting, sentence, _ in frames:
        assert re.search(r"\d", sentence) and sentence[0].isupper() and sentence.endswith("."), setting
        assert not re.search(r"\b(nan|inf|None)\b|array\(|np\.", sentence), setting


def test_every_frame_is_drawn_and_its_coordinates_are_numbers(frames):
    for setting, _, fragments in frames:
        for fragment in fragments:
            ET.fromstring(f"<svg>{fragment}</svg>")
            assert not re.search(r"\b(nan|inf)\b", fragment), setting


def test_coordinates_stay_near_the_panel(frames):
    """A point far outside is clipped, but browsers lose precision on coordinates beyond some 10^6."""
    for setting, _, fragments in frames:
        for number in re.findall(r"(?<=[ \"])-?\d+\.?\d*(?=[ \"])", " ".join(fragments)):
            assert abs(float(number)) < 1e6, setting


def test_settings_differ_in_what_they_say(frames):
    sentences = [sentence for _, sentence, _ in frames]
    assert len(set(sentences)) == len(sentences)


def test_no_sentence_counts_to_minus_zero(frames):
    assert not [sentence for _, sentence, _ in frames if re.search(r"−0(\.0+)?(?![.\d])", sentence)]
    assert not [sentence for _, sentence, _ in frames if re.search(r"(?<!\w)-\d", sentence)]  # the sign is a minus


def test_an_explorer_is_light(explorer, frames):
    published = json.dumps(explorer.published()).encode()
    per_frame = 2000 if len(frames) > 30 else 60_000 / len(frames)
    assert len(published) <= per_frame * len(frames)
    assert len(gzip.compress(published)) <= max(30_000, 1000 * len(frames))


@pytest.mark.parametrize("slope", [0.2, 0.1, 0.01])
def test_the_front_page_counts_the_steps_that_it_names(slope):
    z, steps = front.tail_with_slope(slope), 0
    while z > 0:
        z, steps = z - sigmoid.deriv(z), steps + 1
    assert f"takes {steps:,} steps to come down to 0.5, the middle of the sigmoid" in front.same_slope().frame(slope=slope)[0]


@pytest.mark.parametrize("name", ruler.LAWS)
def test_the_laws_of_the_digits_are_those_of_newtons_method(name):
    """Near a minimum a step leads from the error e to K e^order: from an error of 0.01, to within the next order."""
    f, order, constant = ruler.LAWS[name]
    after = abs(run(Newton(), f, np.array(f.minimizer + 0.01), 1).last - f.minimizer)
    assert after == pytest.approx(constant * 0.01**order, rel=0.02, abs=0)


def test_the_sigmoid_has_no_minimum_to_come_to():
    shown = wrong.one_start()
    sentences = [shown.frame(**values)[0] for values in shown.settings() if values["function"] is shown.controls["function"].values[2]]
    assert "sigmoid" in sentences[0] and not [sentence for sentence in sentences if "a minimum with" in sentence]
    assert any("there is no minimum" in sentence for sentence in sentences)


def test_a_gradient_explodes_beyond_the_edge_and_not_before():
    """The dashed line of each activation, against chi as the sentence says it."""
    shown = keeping.edge_of_chaos()
    edge = dict(zip(*reversed(keeping._edge_from_one("gelu", np.array([0.0, 0.1, 0.5, 1.0])))))
    for values in shown.settings():
        if values["name"] == "gelu" and values["sigma_b"] in edge and abs(values["sigma_w"] - edge[values["sigma_b"]]) > 0.01:
            chi = float(re.search(r"chi = ([\d.]+)", shown.frame(**values)[0]).group(1))
            assert (chi > 1) == (values["sigma_w"] > edge[values["sigma_b"]]), values


def test_no_eigenvalue_is_marked_where_none_is():
    h = np.concatenate([np.linspace(1.0, 1.5, 191), np.geomspace(1e3, 1e4, 9)])
    distance = np.abs(np.log(cost._apart(h)[:, None] / h))
    assert distance.min(axis=1).max() < 0.025 and distance.min(axis=0).max() < 0.025
