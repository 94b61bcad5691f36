"""A figure as a small PNG: what JupyterLab shows of a notebook that it does not trust yet, in place of SVG."""

import base64
from io import BytesIO

from PIL import Image

from slopes.plots import ROLES, style

DPI, COLOURS = 100, 128


def png(axes):
    """The panels as they stand, moving artists included, side by side: a PNG in base64, in few colours."""
    with style():
        parts = [_draw(ax.figure) for ax in axes]
    whole = Image.new("RGB", (sum(part.width for part in parts), max(part.height for part in parts)), ROLES["paper"][0])
    left = 0
    for part in parts:
        whole.paste(part, (left, 0))
        left += part.width
    buffer = BytesIO()
    whole.quantize(COLOURS, Image.Quantize.FASTOCTREE).save(buffer, "png", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode()


def _draw(figure):
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=DPI, facecolor=ROLES["paper"][0])
    figure.stale = False  # another resolution is no change of the figure
    return Image.open(buffer).convert("RGB")
