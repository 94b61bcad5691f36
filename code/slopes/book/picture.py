"""The picture of an explorer in the README: python -m slopes.book.picture

An SVG file as a code host shows it: no script, so the slider stands still.
"""

import re
import textwrap
from html import escape
from pathlib import Path

from slopes.explorers import front
from slopes.plots import ROLES

FILE = Path(".github/explorer.svg")
ROW, LINE, MARGIN, LETTERS = 20, 14, 14, 90


def drawing(explorer, **values):
    """An explorer at one setting: its panels, a row for each slider, and its sentence below. Returns SVG text."""
    sentence, figure = explorer.document(**values)
    width, height = (float(length) for length in re.search(r'viewBox="0 0 (\S+) (\S+)"', figure).groups())
    rows = [_slider(control, values[name], height + ROW * (i + 0.5), width)
            for i, (name, control) in enumerate(explorer.controls.items())]
    top = height + ROW * (len(rows) + 0.75)
    words = [f'<text x="{MARGIN}" y="{top + LINE * i:g}">{escape(line)}</text>'
             for i, line in enumerate(textwrap.wrap(sentence, LETTERS))]
    head = re.match(r"<svg.*?</title>", figure, re.DOTALL)[0]
    head = re.sub(r' width="\S+pt" height="\S+pt"', ' font-size="10"', head)
    head = re.sub(r'viewBox="[^"]*"', f'viewBox="0 0 {width:g} {top + LINE * len(words):g}"', head)
    inside = figure[figure.index("</title>") + len("</title>"):figure.rindex("</svg>")].strip()
    return "\n".join([head, inside, *rows, *words, "</svg>\n"])


def _slider(control, value, y, width):
    at = control.values.index(value)
    left, right = width * 0.3, width * 0.7
    x = left + (right - left) * at / (len(control.values) - 1)
    grid, accent = ROLES["grid"][0], ROLES["descent"][0]
    text = f"{control.texts[at]} {control.unit}".strip()
    return (f'<text x="{left - 8:g}" y="{y + 3.5:g}" text-anchor="end">{escape(control.label)}</text>'
            f'<path d="M{left:g} {y:g}H{right:g}" stroke="{grid}" stroke-width="4" stroke-linecap="round"/>'
            f'<circle cx="{x:g}" cy="{y:g}" r="6" fill="{accent}"/>'
            f'<text x="{right + 8:g}" y="{y + 3.5:g}">{escape(text)}</text>')


def current():
    """The picture as the package draws it now: the figure of the front page, where the slope is small."""
    return drawing(front.same_slope(), slope=0.001)


def main():
    FILE.write_text(current(), encoding="utf-8", newline="\n")
    print("drew", FILE)


if __name__ == "__main__":
    main()
