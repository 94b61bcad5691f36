"""Pictures and explorers: a figure, the sentence that says what it shows, and its sliders.

A drawing function has a parameter for each of its panels, matplotlib axes. For a picture it draws on them and returns
the sentence. For an explorer it draws what stays, makes the artists that move with
`animated=True`, and returns a function `move(**values)` that moves them and returns the sentence.

    def line(ax):
        ax.set(xlim=(0, 1), ylim=(0, 1))
        (y,) = ax.plot([], [], animated=True)
        def move(slope):
            y.set_data([0, 1], [0, slope])
            return f"The line rises by {slope:g}."
        return move

    Explorer(line, slope=Slider("slope", [0, 0.5, 1]))

As a Jupyter output a figure is a bundle: its sentence as text, its SVG, and for an explorer a
widget in a live kernel. Where the variable SLOPES_PUBLISH is set, as it is when notebooks are stored,
all frames of an explorer take the widget's place, and a PNG joins the SVG, because JupyterLab shows no
SVG of a notebook that it does not trust yet.
"""

import base64
import json
import math
import os
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from inspect import signature
from itertools import pairwise, product
from numbers import Real

from slopes import plots, svg
from slopes.bitmap import png

EXPLORER_TYPE = "application/vnd.slopes.explorer+json"
MOST_FRAMES = 600


class Picture:
    """A figure that does not move, with the sentence that says what it shows."""

    def __init__(self, draw, panel_height=2.7):
        _check_function(draw)
        with plots.style():
            self._axes = _panels(draw, panel_height)
            self.sentence = _sentence(draw, draw(*self._axes))
        panels = [[svg.still(ax)] for ax in self._axes]
        self._svg = svg.document(panels, [svg.size(ax) for ax in self._axes], self.sentence)

    def _repr_mimebundle_(self, include=None, exclude=None):
        bundle = {"text/plain": self.sentence, "image/svg+xml": self._svg}
        return bundle | {"image/png": png(self._axes)} if _publishing() else bundle


@dataclass(frozen=True)
class Slider:
    """A finite tuple of numbers to slide through.

    values: at least two, in order. start: the one shown first (the first if not given). unit: shown
    and spoken after the number. text: how a number is written, a format such as ".2f" or a function.
    play: whether a button may run through the values, where motion teaches.
    """

    label: str
    values: tuple
    start: float | None = None
    unit: str = ""
    text: object = "g"
    play: bool = False
    kind = "slider"

    def __post_init__(self):
        if isinstance(self.values, str) or not isinstance(self.values, Iterable):
            raise TypeError(f"the values of “{self.label}” are a tuple or an array of numbers, got {self.values!r}")
        values = tuple(v.item() if hasattr(v, "item") else v for v in self.values)
        if len(values) < 2:
            raise ValueError(f"the slider “{self.label}” has {len(values)} values: give it at least two")
        if not all(isinstance(v, Real) for v in values) or not any(all(s * a < s * b for a, b in pairwise(values)) for s in (1, -1)):
            raise ValueError(f"the values of “{self.label}” must be numbers that only rise, or only fall, got {values}")
        object.__setattr__(self, "values", values)
        _check_start(self, values)
        try:
            self.texts
        except (TypeError, ValueError) as error:
            raise ValueError(f"the numbers of “{self.label}” cannot be written with text={self.text!r}: {error}") from None

    @property
    def texts(self):
        write = self.text if callable(self.text) else lambda v: format(v, self.text)
        return [write(v) for v in self.values]


@dataclass(frozen=True)
class Choice:
    """A menu. options: what a reader sees, mapped to the value that `move` is given."""

    label: str
    options: Mapping
    start: object = None
    unit = ""
    play = False
    kind = "choice"

    def __post_init__(self):
        if not isinstance(self.options, Mapping):
            raise TypeError(f"the options of “{self.label}” map what is shown to a value, "
                            f"got {type(self.options).__name__}: write {{'shown': value}}")
        if len(self.options) < 2:
            raise ValueError(f"the menu “{self.label}” has {len(self.options)} options: give it at least two")
        _check_start(self, self.values)

    @property
    def values(self):
        return tuple(self.options.values())

    @property
    def texts(self):
        return list(self.options)


class Explorer:
    """A figure with sliders: one drawing function and a finite tuple of values for each slider."""

    def __init__(self, draw, *, panel_height=2.7, **controls):
        _check_function(draw)
        if not controls:
            raise ValueError(f"{draw.__name__} has no slider: give one as a keyword, or make it a Picture")
        for name, control in controls.items():
            if not isinstance(control, (Slider, Choice)):
                raise TypeError(f"{name} must be a Slider or a Choice, got {control!r}")
        self.name, self.controls = draw.__name__, controls
        frames = math.prod(len(c.values) for c in controls.values())
        if frames > MOST_FRAMES:
            raise ValueError(f"{self.name} has {frames} frames, and a page carries at most {MOST_FRAMES}: "
                             "give its sliders fewer values")
        with plots.style():
            self._axes = _panels(draw, panel_height)
            self._move = draw(*self._axes)
        if not callable(self._move):
            raise TypeError(f"{self.name} returned {self._move!r}: the drawing function of an explorer "
                            "returns the function that moves its artists")
        try:
            signature(self._move).bind(**self.start)
        except TypeError as error:
            raise TypeError(f"the sliders of {self.name} are {', '.join(controls)}, and the function that moves its artists takes others: {error}") from None
        self._still = [svg.still(ax) for ax in self._axes]
        self._sizes = [svg.size(ax) for ax in self._axes]

    @property
    def start(self):
        """The values shown first, by name."""
        return {name: c.values[_start_index(c)] for name, c in self.controls.items()}

    def frame(self, **values):
        """The sentence and the moving fragment of each panel for one setting of the sliders."""
        with plots.style():
            sentence = _sentence(self._move, self._move(**values), self.name)
        for ax in self._axes:
            if ax.figure.stale:
                raise TypeError(f"{self.name} moved an artist that was not made with animated=True, "
                                "so the picture of what stays would be wrong")
        return sentence, [svg.moving(ax) for ax in self._axes]

    def settings(self):
        """Every setting of the sliders, the last one varying fastest."""
        names = list(self.controls)
        for values in product(*(c.values for c in self.controls.values())):
            yield dict(zip(names, values))

    def document(self, ids="", /, **values):
        """The sentence, and the whole figure as SVG, for one setting of the sliders; its ids begin with `ids`."""
        sentence, fragments = self.frame(**values)
        return sentence, svg.document(list(zip(self._still, fragments)), self._sizes, sentence, ids)

    def published(self):
        """All frames and sentences, as the page plays them."""
        sentences, fragments = zip(*(self.frame(**values) for values in self.settings()))
        frames = {"still": self._still, "moving": fragments, "sentences": sentences}
        packed = zlib.compress(json.dumps(frames, ensure_ascii=False, separators=(",", ":")).encode(), 9)
        return {
            "version": 1,
            "name": self.name,
            "controls": [
                {"name": name, "kind": c.kind, "label": c.label, "unit": c.unit, "texts": c.texts,
                 "start": _start_index(c), "play": c.play}
                for name, c in self.controls.items()
            ],
            "panels": [{"width": width, "height": height} for width, height in self._sizes],
            "frames": base64.b64encode(packed).decode(),
        }

    def _repr_mimebundle_(self, include=None, exclude=None):
        sentence, picture = self.document(**self.start)
        bundle = {"text/plain": sentence, "image/svg+xml": picture}
        if _publishing():
            return bundle | {"image/png": png(self._axes), EXPLORER_TYPE: self.published()}
        return self.widget()._repr_mimebundle_() | bundle

    def widget(self):
        """The explorer as an ipywidget, for a live kernel."""
        from slopes.widgets import explorer_widget

        return explorer_widget(self)


def _publishing():
    return bool(os.environ.get("SLOPES_PUBLISH"))


def _panels(draw, height):
    return plots.panels(len(signature(draw).parameters), height)


def _check_function(draw):
    if not callable(draw):
        raise TypeError(f"a figure is made from a drawing function of its panels, got {draw!r}")


def _sentence(draw, sentence, name=None):
    """What a drawing function returned, checked, with the sign of negative numbers as it is printed and spoken: minus."""
    if not isinstance(sentence, str) or not sentence.strip():
        raise TypeError(f"{name or draw.__name__} returned {sentence!r}: a drawing function returns the sentence "
                        "that says what its figure shows, with the numbers in it")
    return re.sub(r"(?<!\w)-(?=\d)", "−", sentence)


def _start_index(control):
    return 0 if control.start is None else control.values.index(control.start)


def _check_start(control, values):
    if control.start is not None and control.start not in values:
        raise ValueError(f"“{control.label}” cannot start at {control.start!r}: it is not one of its values {values}")
