"""Pictures and explorers as outputs: sentence, SVG, frames, live widget, and bad input."""

import base64
import json
import re
import xml.etree.ElementTree as ET
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from slopes import plots, svg
from slopes.figures import EXPLORER_TYPE, Choice, Explorer, Picture, Slider

SVG = "{http://www.w3.org/2000/svg}"


def waves(left, right):
    x = np.linspace(0, 6, 50)
    for ax in (left, right):
        plots.frame(ax, "a wave", "x", "y", xlim=(0, 6), ylim=(-3, 3))
    (line,) = left.plot([], [], "o-", color=plots.DESCENT, animated=True)
    (bar,) = right.plot([], [], color=plots.NEWTON, animated=True)
    word = plots.label(right, 1, 1, "", animated=True)

    def move(height, shape):
        line.set_data(x, height * shape(x))
        bar.set_data([1, 1], [0, height])
        word.set_text(f"height {height:g} < 3")
        return f"The wave is {height:g} high & rises to {np.max(height * shape(x)):.2f}."

    return move


def explorer(**kwargs):
    return Explorer(waves, height=Slider("height", (0.5, 1, 2.5), start=1, unit="m", **kwargs),
                    shape=Choice("shape", {"sine": np.sin, "cosine": np.cos}))


def unpack(published):
    return json.loads(zlib.decompress(base64.b64decode(published["frames"])))


def ids(text):
    return re.findall(r' id="([^"]*)"', text)


def test_a_picture_is_its_svg_and_its_sentence():
    def dot(ax):
        ax.plot([1], [2], "o")
        return "The dot is at (1, 2) < 3."
    bundle = Picture(dot)._repr_mimebundle_()
    assert bundle["text/plain"] == "The dot is at (1, 2) < 3."
    assert ET.fromstring(bundle["image/svg+xml"]).find(f"{SVG}title").text == bundle["text/plain"]


def test_a_png_shows_all_panels_with_what_moves_and_changes_nothing(monkeypatch):
    monkeypatch.setenv("SLOPES_PUBLISH", "1")
    e = explorer()
    first = e._repr_mimebundle_()
    assert e._repr_mimebundle_() == first
    image = Image.open(BytesIO(base64.b64decode(first["image/png"]))).convert("RGB")
    assert image.size == (700, 270)
    shown = np.array([colour for _, colour in image.getcolors(100_000)])
    for role in (plots.ROLES["paper"][0], plots.DESCENT, plots.NEWTON):
        wanted = [int(role[i : i + 2], 16) for i in (1, 3, 5)]
        assert np.abs(shown - wanted).max(axis=1).min() < 16
    assert len(first["image/png"]) < 20_000


def test_the_same_figure_is_the_same_text():
    assert explorer().document(**explorer().start) == explorer().document(**explorer().start)
    assert explorer().published() == explorer().published()


def test_each_setting_is_a_frame_and_the_last_slider_varies_fastest():
    e = explorer()
    frames, settings = unpack(e.published()), list(e.settings())
    assert [(s["height"], s["shape"]) for s in settings] == [(h, s) for h in (0.5, 1, 2.5) for s in (np.sin, np.cos)]
    assert frames["sentences"] == [e.frame(**s)[0] for s in settings]
    assert frames["moving"] == [e.frame(**s)[1] for s in settings]
    assert len(set(map(str, frames["moving"]))) == len(settings)


def test_what_is_published_says_how_to_play_it():
    published = explorer(play=True).published()
    assert published["name"] == "waves" and published["version"] == 1
    assert published["controls"] == [
        {"name": "height", "kind": "slider", "label": "height", "unit": "m", "texts": ["0.5", "1", "2.5"], "start": 1, "play": True},
        {"name": "shape", "kind": "choice", "label": "shape", "unit": "", "texts": ["sine", "cosine"], "start": 0, "play": False},
    ]
    assert [set(panel) for panel in published["panels"]] == [{"width", "height"}] * 2
    json.dumps(published)


def test_still_and_moving_parts_make_the_picture_that_matplotlib_draws_whole():
    """Every stroke of a full drawing, with the moving artists in it, is in one of the two parts."""
    e = explorer()
    _, (left, _) = e.frame(height=2.5, shape=np.sin)
    for artist in e._axes[0].findobj():
        artist.set_animated(False)
    whole = svg.still(e._axes[0])
    paths = lambda text: set(re.findall(r'<path d="([^"]*)"', text))
    assert paths(whole) == paths(e._still[0]) | paths(left)
    assert paths(left) - paths(e._still[0])


def test_a_document_is_well_formed_and_its_ids_are_its_own():
    sentence, document = explorer().document(height=2.5, shape=np.cos)
    root = ET.fromstring(document)
    assert root.find(f"{SVG}title").text == sentence
    names = ids(document)
    assert len(names) == len(set(names)) > 0
    assert set(re.findall(r'(?:url\(#|href="#)([^)"]+)', document)) == set(names)
    assert "@" not in document and "height 2.5 &lt; 3" in document


def test_colours_are_roles_and_text_is_text():
    _, document = explorer().document(**explorer().start)
    roles = {light for light, _ in plots.ROLES.values()}
    assert set(re.findall(r"#[0-9a-f]{6}", document)) <= roles
    assert "font-family: " not in document and "a wave</text>" in document


def test_the_readers_own_matplotlib_settings_change_nothing():
    import matplotlib
    before = explorer().document(**explorer().start)
    with matplotlib.rc_context({"font.size": 30, "axes.edgecolor": "red", "axes.grid": True, "svg.fonttype": "path"}):
        assert explorer().document(**explorer().start) == before


def test_the_bundle_is_live_in_a_kernel_and_carries_its_frames_when_published(monkeypatch):
    monkeypatch.delenv("SLOPES_PUBLISH", raising=False)
    live = explorer()._repr_mimebundle_()
    assert set(live) == {"text/plain", "image/svg+xml", "application/vnd.jupyter.widget-view+json"}
    monkeypatch.setenv("SLOPES_PUBLISH", "1")
    stored = explorer()._repr_mimebundle_()
    assert set(stored) == {"text/plain", "image/svg+xml", "image/png", EXPLORER_TYPE}
    assert stored["text/plain"] == live["text/plain"] == "The wave is 1 high & rises to 1.00."


def test_the_widget_answers_its_sliders_with_picture_and_caption():
    e = explorer(play=True)
    picture, slider, menu, caption = e.widget().children
    assert slider.children[0].description == "height" and slider.children[0].label == "1 m"
    slider.children[0].index, menu.index = 2, 1
    sentence, document = e.document(height=2.5, shape=np.cos)
    own = f"{picture.model_id}-"
    assert own in picture.value and picture.value.replace(own, "") == document and caption.value == f"<p>{sentence.replace('&', '&amp;')}</p>"


def test_explorers_of_one_notebook_do_not_share_ids():
    """Else the second one is drawn with the marks and the clip paths of the first."""
    one, other = (explorer().widget().children[0].value for _ in range(2))
    for document in (one, other):
        assert set(re.findall(r'(?:url\(|href=")#([^)"]+)', document)) <= set(re.findall(r'id="([^"]+)', document)) != set()
    assert not set(re.findall(r'id="([^"]+)', one)) & set(re.findall(r'id="([^"]+)', other))


def test_a_live_redraw_draws_only_what_moves(monkeypatch):
    e = explorer()
    first = e.document(height=1.0, shape=np.sin)
    monkeypatch.setattr(svg, "still", lambda ax: pytest.fail("what stays is drawn again"))
    assert e.document(height=2.5, shape=np.sin) != first == e.document(height=1.0, shape=np.sin)


def test_sliders_take_arrays_and_write_their_numbers():
    slider = Slider("eps", np.array([0.1, 0.25]), text=".2f")
    assert slider.values == (0.1, 0.25) and slider.texts == ["0.10", "0.25"] and type(slider.values[0]) is float
    assert Slider("n", (1, 2), text=lambda n: f"{n} steps").texts == ["1 steps", "2 steps"]


def still_returns_nothing(ax):
    pass


def move_returns_nothing(ax):
    return lambda a: None


def moves_what_stays(ax):
    (line,) = ax.plot([], [])
    def move(a):
        line.set_data([0, 1], [0, a])
        return f"{a}"
    return move


TWO = Slider("a", (1, 2))


@pytest.mark.parametrize("call, error, message", [
    (lambda: Slider("a", 5), TypeError, "values of “a” are a tuple or an array of numbers, got 5"),
    (lambda: Slider("a", "abc"), TypeError, "tuple or an array of numbers, got 'abc'"),
    (lambda: Slider("a", (1, 2), text="zz"), ValueError, "cannot be written with text='zz'"),
    (lambda: Explorer(5, a=TWO), TypeError, "made from a drawing function of its panels, got 5"),
    (lambda: Explorer(waves, a=5), TypeError, "a must be a Slider or a Choice, got 5"),
    (lambda: Picture(5), TypeError, "made from a drawing function of its panels, got 5"),
    (lambda: Slider("a", ()), ValueError, "“a” has 0 values: give it at least two"),
    (lambda: Slider("a", (1, 2), start=3), ValueError, "“a” cannot start at 3"),
    (lambda: Choice("a", {"one": 1}), ValueError, "“a” has 1 options: give it at least two"),
    (lambda: Choice("a", ["x", "y"]), TypeError, "map what is shown to a value, got list"),
    (lambda: Picture(still_returns_nothing), TypeError, "still_returns_nothing returned None: a drawing function returns the sentence"),
    (lambda: Picture(lambda a, b, c, d: None), ValueError, "1, 2 or 3 panels, got 4"),
    (lambda: Explorer(still_returns_nothing, a=TWO), TypeError, "still_returns_nothing returned None: the drawing function of an explorer"),
    (lambda: Explorer(move_returns_nothing, a=TWO).document(a=1), TypeError, "move_returns_nothing returned None: .* sentence"),
    (lambda: Explorer(moves_what_stays, a=TWO).document(a=1), TypeError, "not made with animated=True"),
    (lambda: Explorer(waves), ValueError, "waves has no slider"),
    (lambda: Explorer(waves, a=Slider("a", range(30)), b=Slider("b", range(30))), ValueError, "900 frames, and a page carries at most 600"),
])
def test_bad_input_says_what_was_given_and_what_to_do(call, error, message):
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize("values, stay", [([1.0, 5.0, 9.0], True), ([5.0, 5.0, 5.1, 5.05], False), ([9.0, 1.0, 1.1], False)])
def test_labels_at_the_ends_of_lines_keep_apart_and_stay_where_there_is_room(values, stay):
    (ax,) = plots.panels(1)
    plots.frame(ax, xlim=(0, 1), ylim=(0, 10))
    labels = plots.end_labels(ax, [(1.0, value, str(value), plots.INK) for value in values], gap=11.0)
    own = np.array([ax.transData.transform(label.xy)[1] for label in labels])
    moved = np.array([label.xyann[1] for label in labels])
    assert np.diff(own + moved).min() >= 11.0 - 1e-9 and np.diff(own).min() >= 0
    assert (np.abs(moved).max() < 1e-9) == stay and abs(moved.sum()) < 1e-9
    assert values != [9.0, 1.0, 1.1] or moved[-1] == pytest.approx(0.0)


def test_a_play_button_drives_its_slider_from_where_it_starts(monkeypatch):
    linked = []
    monkeypatch.setattr("ipywidgets.jslink", lambda *ends: linked.append(ends))
    def line(ax):
        (y,) = ax.plot([], [], animated=True)
        return lambda a: y.set_data([0, 1], [0, a]) or f"It is {a}."
    box, play = Explorer(line, a=Slider("a", (1, 2, 3), start=2, play=True)).widget().children[1].children
    assert play.value == box.index == 1 and play.max == 2 and linked == [((play, "value"), (box, "index"))]


def test_what_stays_may_not_move_in_any_panel():
    def two(left, right):
        (line,) = right.plot([], [])
        return lambda a: line.set_data([0, 1], [0, a]) or f"It is {a}."
    with pytest.raises(TypeError, match="animated=True"):
        Explorer(two, a=Slider("a", (1, 2))).frame(a=1)


def luminance(colour):
    parts = (int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5))
    return np.dot((0.2126, 0.7152, 0.0722), [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts])


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "flat"])
def test_coloured_text_has_the_contrast_of_text(theme, ground):
    """4.5 to 1, the threshold of WCAG 2 for text, on the page and on the shade of what is flat."""
    for role in set(plots.ROLES) - {"paper", "grid", "flat"}:
        dark, light = sorted(luminance(plots.ROLES[name][theme]) for name in (role, ground))
        assert (light + 0.05) / (dark + 0.05) >= 4.5, role
