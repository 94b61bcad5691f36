"""Formulas as MathML, written when the book is built: no script, and it is selected, searched and spoken as text."""

import re
from html import escape, unescape

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

from slopes.book.mathfont import characters

_LOGGER = logging.getLogger(__name__)
_CONVERTER = LatexToMathML(fancy_error=False)
_SELF_NUMBERING = re.compile(r"\\begin\{(align|gather|equation|multline)\}")
_BIG_BASE = re.compile(r"(<m(?:sub|sup|subsup)>)(<mo [^>]*minsize=[^>]*>[^<]*</mo>)")
_TAG = re.compile(r"<[^>]*>")


def setup(app):
    app.add_html_math_renderer("mathml", (_inline, None), (_display, None))


def to_mathml(tex, display=False):
    """The MathML of a formula. Raises ValueError, saying what is wrong, for one that cannot be shown."""
    if environment := _SELF_NUMBERING.search(tex):
        raise ValueError(f"{environment[1]} numbers its own lines; use aligned, and a label for the whole formula")
    if r"\\" in tex and r"\begin" not in tex:
        tex = rf"\begin{{aligned}}{tex}\end{{aligned}}"
    try:
        mathml = _CONVERTER.convert_with_local_state(tex, displaystyle=display)
    except LatexError as error:
        raise ValueError(str(error)) from None
    if missing := sorted(set(unescape(_TAG.sub("", mathml))) - _font_characters()):
        raise ValueError(f"the book's formula font has no {' '.join(missing)}; see slopes.book.mathfont")
    return _BIG_BASE.sub(r"\1<mrow>\2</mrow>", mathml)  # Chromium enlarges no bare bracket that carries a script


def _font_characters():
    return {chr(point) for point in characters()} | {"\n"}


def _convert(node, display):
    try:
        return to_mathml(node.astext().strip(), display)
    except ValueError as error:
        _LOGGER.warning("this formula cannot be shown: %s\n%s", error, node.astext(), location=node)
        return f"<code>{escape(node.astext())}</code>"


def _inline(translator, node):
    translator.body.append(_convert(node, display=False))
    raise nodes.SkipNode


def _display(translator, node):
    translator.body.append(translator.starttag(node, "div", CLASS="math"))
    translator.body.append(f'<div class="formula">{_convert(node, display=True)}</div>')
    if node["number"]:
        translator.body.append(f'<span class="eqno">({get_node_equation_number(translator, node)})')
        translator.add_permalink_ref(node, "Link to this equation")
        translator.body.append("</span>")
    translator.body.append("</div>\n")
    raise nodes.SkipNode
