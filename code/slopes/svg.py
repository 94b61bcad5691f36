"""Figures as small, deterministic SVG: what stays and what moves, drawn apart.

Artists made with `animated=True` are the ones that move. matplotlib leaves them out when it draws
a figure, so what stays is drawn once; what moves is then drawn alone, which is some thirty times
faster than a whole figure. A fragment is the content of an `<svg>` element. Its ids are written
`id="@a"` and its references `#@a`: `unique` puts a prefix in the place of the @.
"""

import re
from io import StringIO
from xml.sax.saxutils import escape

from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_svg import RendererSVG

from slopes.plots import ROLES, style

_HEAD = re.compile(r"\A.*?</style>\s*</defs>", re.DOTALL)
_COORDINATES = re.compile(r'(?<= )(d|x|y|width|height|transform|points)="([^"]*)"')
_DECIMALS = re.compile(r"-?\d+\.\d+")
_REFERENCE = re.compile(r'url\(#([^)]+)\)|href="#([^"]+)"')
_ID = re.compile(r' id="([^"]*)"')
_FONT = re.compile(r"font: (?:\d+ )?([\d.]+px) [^;\"]*")
_NOISE = re.compile(r"<!--.*?-->|<g>\s*</g>| ?font-family: [^;\"]*;| transform=\"rotate\(-?0 [^\"]*\"", re.DOTALL)


def still(ax):
    """The fragment of a panel without the artists that move."""
    return _fragment(ax.figure, ax.figure.draw)


def moving(ax):
    """The fragment of the artists of a panel that move."""
    artists = sorted((a for a in ax.findobj() if a.get_animated()), key=lambda a: a.get_zorder())
    def draw(renderer):
        for artist in artists:
            artist.draw(renderer)
    return _fragment(ax.figure, draw)


def document(fragments, sizes, sentence, ids=""):
    """One SVG document with its panels side by side and its sentence as title.

    fragments: for each panel its fragments, from back to front. sizes: (width, height) of each, in pt.
    ids: what its ids begin with, where several documents share a page.
    """
    paper, ink = ROLES["paper"][0], ROLES["ink"][0]
    width, height = sum(w for w, _ in sizes), max(h for _, h in sizes)
    parts, x = [], 0.0
    for i, ((w, h), layers) in enumerate(zip(sizes, fragments)):
        inside = "".join(unique(layer, f"{ids}p{i}l{j}") for j, layer in enumerate(layers))
        parts.append(f'<svg class="panel" x="{x:g}" y="0" width="{w:g}" height="{h:g}" '
                     f'viewBox="0 0 {w:g} {h:g}">{inside}</svg>')
        x += w
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}pt" height="{height:g}pt" '
            f'viewBox="0 0 {width:g} {height:g}" role="img" fill="{ink}" stroke-linejoin="round" '
            f'font-family="DejaVu Sans, Verdana, sans-serif">\n<title>{escape(sentence)}</title>\n'
            f'<rect width="100%" height="100%" fill="{paper}"/>\n' + "\n".join(parts) + "\n</svg>\n")


def unique(fragment, prefix):
    """A fragment with `prefix` in the place of the @ of its ids and references."""
    return fragment.replace('id="@', f'id="{prefix}').replace("#@", f"#{prefix}")


def size(ax):
    """Width and height of a panel in pt."""
    return tuple(float(round(72 * inches, 2)) for inches in ax.figure.get_size_inches())


def _fragment(figure, draw):
    buffer = StringIO()
    width, height = figure.get_size_inches() * 72
    with style():
        vector = RendererSVG(width, height, buffer, image_dpi=144, metadata={"Date": None})
        renderer = MixedModeRenderer(figure, width, height, 144, vector)
        draw(renderer)
        renderer.finalize()
    return _compact(buffer.getvalue())


def _compact(text):
    text = _HEAD.sub("", text, count=1).strip().removesuffix("</svg>")
    text = text.replace("xlink:href", "href").replace(' xml:space="preserve"', "")
    text = _COORDINATES.sub(lambda m: f'{m[1]}="{_shorter(m[2])}"', text)
    text = _NOISE.sub("", _FONT.sub(r"font-size: \1", text))
    names = {}
    for match in _REFERENCE.finditer(text):
        names.setdefault(match[1] or match[2], f"@{len(names)}")
    text = _ID.sub(lambda m: f' id="{names[m[1]]}"' if m[1] in names else "", text)
    text = _REFERENCE.sub(lambda m: f"url(#{names[m[1]]})" if m[1] else f'href="#{names[m[2]]}"', text)
    return "\n".join(line for line in (line.strip() for line in text.splitlines()) if line)


def _shorter(numbers):
    """Coordinates to a hundredth of a point, without line breaks."""
    return " ".join(_DECIMALS.sub(lambda m: f"{float(m[0]):.2f}".rstrip("0").rstrip("."), numbers).split())
