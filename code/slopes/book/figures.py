"""Pictures and explorers on the page: the outputs of `slopes.figures` as accessible <figure> elements.

myst-nb finds `FigureRenderer` by the entry point `myst_nb.mime_renderers`. The colours of roles become
CSS variables, so that figures follow the page's theme; ids become unique on the page; the caption is
the sentence. An explorer carries its frames, recoded in the same way, for static/explorer.js.
"""

import base64
import json
import re
import zlib
from html import escape
from xml.etree import ElementTree

from docutils import nodes
from myst_nb.core.render import MimeRenderPlugin
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from slopes.figures import EXPLORER_TYPE
from slopes.plots import ROLES
from slopes.svg import unique

SVG_TYPE = "image/svg+xml"
BITMAP_TYPES = ("image/png", "image/jpeg", "image/gif")
_LOGGER = logging.getLogger(__name__)
_SVG = "{http://www.w3.org/2000/svg}"
_VARIABLES = {light: f"var(--slopes-{role})" for role, (light, _) in ROLES.items()}
_COLOUR = re.compile("|".join(_VARIABLES))


def setup(app):
    app.add_transform(RefuseBitmaps)


class FigureRenderer(MimeRenderPlugin):
    """Renders the two outputs of `slopes.figures`. Whatever is wrong with one is a warning that names its cell."""

    mime_priority_overrides = [("html", EXPLORER_TYPE, 0), ("html", SVG_TYPE, 1)]

    @staticmethod
    def handle_mime(renderer, data, inline):
        if data.mime_type in BITMAP_TYPES and not inline:
            return [nodes.comment()]  # for code hosts, which show no SVG
        if data.mime_type not in (SVG_TYPE, EXPLORER_TYPE) or inline:
            return None
        try:
            make = picture if data.mime_type == SVG_TYPE else explorer
            return [nodes.raw(text=make(data.content, _figure_id(renderer, data)), format="html")]
        except (ValueError, KeyError, zlib.error) as error:
            renderer.logger.warning(f"the figure of cell {data.cell_index + 1} cannot be shown: {error}",
                                    subtype="figure", line=data.line)
            return []


class RefuseBitmaps(SphinxTransform):
    """A bitmap that comes without a drawing has no sentence either, so nothing would speak for it."""

    default_priority = 700

    def apply(self, **kwargs):
        for bundle in self.document.findall(nodes.container):
            types = {child.get("mime_type") for child in bundle.children if isinstance(child, nodes.container)}
            if types.intersection(BITMAP_TYPES) and not types.intersection((SVG_TYPE, EXPLORER_TYPE)):
                cell = bundle.parent.parent["cell_index"] + 1
                _LOGGER.warning("the figure of cell %s cannot be shown: it is a bitmap, without a sentence. "
                                "Draw it with slopes.figures", cell, location=bundle)


def picture(svg, figure_id):
    """The <figure> of an SVG document whose title is its sentence."""
    try:
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError as error:
        raise ValueError(f"its SVG is not well formed ({error})") from None
    sentence = (root.findtext(f"{_SVG}title") or "").strip()
    if not sentence:
        raise ValueError("its SVG has no title: make it with slopes.figures, whose sentence is its caption")
    panels = [(panel.get("viewBox"), _themed(_inner(panel, figure_id))) for panel in root.findall(f"{_SVG}svg")]
    if not panels:
        raise ValueError("its SVG has no panels: make it with slopes.figures")
    return _figure(figure_id, panels, sentence)


def explorer(content, figure_id):
    """The <figure> of an explorer: its first frame, its controls, and all frames for the script."""
    if content.get("version") != 1:
        raise ValueError(f"its explorer data are of version {content.get('version')}, and this book reads 1")
    frames = json.loads(_themed(zlib.decompress(base64.b64decode(content["frames"])).decode()))
    if not all(sentence.strip() for sentence in frames["sentences"]):
        raise ValueError("one of its frames has no sentence")
    count = range(len(content["panels"]))
    still = [unique(frames["still"][i], f"{figure_id}-s{i}") for i in count]
    moving = [[unique(frame[i], f"{figure_id}-m{i}") for i in count] for frame in frames["moving"]]
    start = _start(content["controls"])
    sizes = [f"0 0 {panel['width']:g} {panel['height']:g}" for panel in content["panels"]]
    panels = [f"<g>{still[i]}</g><g>{moving[start][i]}</g>" for i in count]
    data = {"texts": [[_spoken(c, text) for text in c["texts"]] for c in content["controls"]],
            "frames": _packed({"moving": moving, "sentences": frames["sentences"]})}
    controls = "".join(_control(control, figure_id) for control in content["controls"])
    return _figure(figure_id, zip(sizes, panels), frames["sentences"][start], (
        f'<div class="controls" hidden>{controls}</div>'
        f'<p class="no-frames" hidden>This browser cannot unpack the other frames of this figure.</p>'
        f'<script type="application/json">{_inside_script(data)}</script>'
    ))


def _figure(figure_id, panels, sentence, controls=""):
    kind = "slopes-figure slopes-explorer" if controls else "slopes-figure"
    live = ' aria-live="polite"' if controls else ""
    drawn = "".join(f'<svg viewBox="{size}" style="--width:{size.split()[2]}">{panel}</svg>' for size, panel in panels)
    return (f'<figure class="{kind}" id="{figure_id}">'
            f'<div class="panels" role="img" aria-labelledby="{figure_id}-caption">{drawn}</div>{controls}'
            f'<figcaption><span id="{figure_id}-caption"{live}>{escape(sentence)}</span> '
            f'<a class="headerlink" href="#{figure_id}" title="Link to this figure">#</a></figcaption></figure>')


def _control(control, figure_id):
    name, start = f"{figure_id}-{control['name']}", control["start"]
    label = f'<label for="{name}">{escape(control["label"])}</label>'
    if control["kind"] == "choice":
        options = "".join(f'<option value="{i}"{" selected" * (i == start)}>{escape(text)}</option>'
                          for i, text in enumerate(control["texts"]))
        return (f'<div class="control">{label}<select id="{name}" data-name="{control["name"]}" autocomplete="off">'
                f'{options}</select></div>')
    value = escape(_spoken(control, control["texts"][start]))
    play = f'<button type="button" class="play" aria-label="Play: {escape(control["label"])}">Play</button>'
    return (f'<div class="control">{label}<input type="range" id="{name}" data-name="{control["name"]}" min="0" '
            f'max="{len(control["texts"]) - 1}" value="{start}" aria-valuetext="{value}" autocomplete="off">'
            f'<output for="{name}" aria-live="off">{value}</output>{play * control["play"]}</div>')


def _spoken(control, text):
    return f"{text} {control['unit']}".strip()


def _start(controls):
    """The index of the first frame shown: frames are in C order over the controls."""
    index = 0
    for control in controls:
        index = index * len(control["texts"]) + control["start"]
    return index


def _inside_script(data):
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


def _packed(value):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def _themed(text):
    return _COLOUR.sub(lambda match: _VARIABLES[match[0]], text)


def _inner(panel, figure_id):
    """The content of an SVG element, its ids made unique on the page by the figure's own."""
    for element in panel.iter():
        element.tag = element.tag.removeprefix(_SVG)
        for name, value in element.attrib.items():
            if name == "id":
                element.set(name, f"{figure_id}-{value}")
            elif name == "href" and value.startswith("#"):
                element.set(name, f"#{figure_id}-{value[1:]}")
            else:
                element.set(name, value.replace("url(#", f"url(#{figure_id}-"))
    return "".join(ElementTree.tostring(child, encoding="unicode") for child in panel)


def _figure_id(renderer, data):
    """An explorer is called by its name, a picture by its place among the figures of the page."""
    seen = renderer.renderer.document.settings.env.temp_data.setdefault("slopes_figures", {})
    cell = (data.cell_index, data.output_index)
    if data.mime_type != EXPLORER_TYPE:
        return f"figure-{seen.setdefault(cell, 1 + sum(isinstance(key, tuple) for key in seen))}"
    name = data.content["name"].replace("_", "-")
    if seen.setdefault(name, cell) != cell:
        raise ValueError(f"another explorer of this notebook is called {data.content['name']} too: rename one")
    return name
