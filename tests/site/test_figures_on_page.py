"""Outputs of `slopes.figures` become <figure> elements: themed, with unique ids, spoken by their sentence."""

import base64
import json
import re
import zlib
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from slopes.book.figures import EXPLORER_TYPE, SVG_TYPE, FigureRenderer, explorer, picture
from slopes.figures import Choice, Explorer, Picture, Slider
from slopes.plots import ROLES


def line(ax):
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ax.plot([0, 1], [0, 2], color=ROLES["newton"][0])  # cut off at the edge, so that the drawing has a clip path
    return "The line rises & rises to 2."


def lever(left, right):
    (moved,) = left.plot([0, 1], [0, 1], animated=True, color=ROLES["descent"][0])
    (other,) = right.plot([0, 1], [0, 1], animated=True)

    def move(slope, side):
        moved.set_ydata([0, slope])
        other.set_ydata([0, -slope if side == "down" else slope])
        return f"The slope is {slope:g}, {side}."

    return move


@pytest.fixture(scope="module")
def drawn():
    return Picture(line)._repr_mimebundle_()[SVG_TYPE]


@pytest.fixture(scope="module")
def published():
    return Explorer(lever, slope=Slider("slope", [0, 0.5, 1], start=0.5, unit="m", play=True),
                    side=Choice("side", {"up": "up", "down": "down"}, start="down")).published()


def frames(html):
    data = json.loads(re.search(r"<script[^>]*>(.*?)</script>", html)[1])
    return json.loads(zlib.decompress(base64.b64decode(data["frames"])))


def test_a_picture_is_spoken_by_its_sentence(drawn):
    figure = ElementTree.fromstring(picture(drawn, "figure-1"))
    assert figure.find("figcaption/span").text == "The line rises & rises to 2."
    assert figure.find("div").get("aria-labelledby") == figure.find("figcaption/span").get("id")


def test_colours_follow_the_theme(drawn, published):
    for html in (picture(drawn, "a"), explorer(published, "a"), json.dumps(frames(explorer(published, "a")))):
        assert "var(--slopes-" in html
        assert not any(light in html for light, _ in ROLES.values())


def test_ids_belong_to_their_figure_and_references_to_ids(drawn, published):
    for html in (picture(drawn, "one"), explorer(published, "one")):
        ids = re.findall(r' id="([^"]+)"', html)
        assert len(ids) == len(set(ids)) and all(name.startswith("one") for name in ids)
        named = re.findall(r'url\(#([^)]+)\)| (?:href|for|aria-labelledby)="#?([^"]+)"', html)
        assert len(named) > 2 and {a or b for a, b in named} <= set(ids)


def test_frames_are_in_step_with_the_controls(published):
    html = explorer(published, "lever")
    assert frames(html)["sentences"][3] == "The slope is 0.5, down."
    assert '<span id="lever-caption" aria-live="polite">The slope is 0.5, down.</span>' in html
    assert 'aria-valuetext="0.5 m"' in html and '<option value="1" selected>down</option>' in html
    assert html.count('class="play"') == 1


@pytest.fixture
def warned():
    """What the renderer says of an output, by its type and content."""

    def render(mime_type, content, cell_index=6):
        said, temporary = [], {}
        logger = SimpleNamespace(warning=lambda message, **_: said.append(message))
        document = SimpleNamespace(settings=SimpleNamespace(env=SimpleNamespace(temp_data=temporary)))
        renderer = SimpleNamespace(logger=logger, renderer=SimpleNamespace(document=document))
        data = SimpleNamespace(mime_type=mime_type, content=content, cell_index=cell_index, output_index=0, line=1)
        FigureRenderer.handle_mime(renderer, data, False)
        FigureRenderer.handle_mime(renderer, SimpleNamespace(**vars(data) | {"output_index": 1}), False)
        return said

    return render


def test_what_has_no_sentence_is_refused_and_its_cell_named(warned, drawn, published):
    untitled = re.sub("<title>.*?</title>", "", drawn)
    for mime_type, content in ((SVG_TYPE, untitled), (SVG_TYPE, "<svg"), (EXPLORER_TYPE, published | {"version": 9})):
        assert "cell 7" in warned(mime_type, content)[0]
    assert warned(SVG_TYPE, drawn) == []


def test_two_explorers_of_one_name_are_refused(warned, published):
    assert "rename one" in warned(EXPLORER_TYPE, published)[0]
