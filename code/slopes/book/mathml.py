"""Formulas as MathML, written when the book is built: no script, and it is selected, searched and spoken as text."""

import re
from html import escape, unescape

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

from slopes.book.mathfont import characters

_LOGGER = logging.getLogger(__name__)
_CONVERTER = LatexToMathML(fancy_error=False)
_SELF_NUMBERING = re.compile(r"\\begin\{(align|gather|equation|multline)\}")
_BIG_BASE = re.compile(r"(<m(?:sub|sup|subsup)>)(<mo [^>]*minsize=[^>]*>[^<]*</mo>)")
_PUNCTUATION = re.compile(r"[.,;:?!)\]’”]+")
_TAG = re.compile(r"<[^>]*>")


def setup(app):
    app.add_html_math_renderer("mathml", (_inline, None), (_display, None))
    app.add_post_transform(KeepPunctuation)


class KeepPunctuation(SphinxPostTransform):
    """A comma after a formula stays on its line: browsers break a line between the two."""

    default_priority = 700

    def run(self, **kwargs):
        for formula in list(self.document.findall(nodes.math)):
            parent, place = formula.parent, formula.parent.index(formula) + 1
            after = parent[place] if place < len(parent) else None
            if isinstance(after, nodes.Text) and (mark := _PUNCTUATION.match(after)):
                kept = nodes.inline("", "", formula.deepcopy(), nodes.Text(mark[0]), classes=["nobreak"])
                parent[place - 1:place + 1] = [kept, nodes.Text(after[mark.end():])]


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
    if missing := sorted(set(_text(mathml)) - _font_characters()):
        raise ValueError(f"the book's formula font has no {' '.join(missing)}; see slopes.book.mathfont")
    return _BIG_BASE.sub(r"\1<mrow>\2</mrow>", mathml)  # Chromium enlarges no bare bracket that carries a script


def _text(mathml):
    return unescape(_TAG.sub("", mathml))


def _parents(node):
    while node := node.parent:
        yield node


def _font_characters():
    return {chr(point) for point in characters()} | {"\n"}


def _convert(node, display):
    try:
        return to_mathml(node.astext().strip(), display)
    except ValueError as error:
        _LOGGER.warning("this formula cannot be shown: %s\n%s", error, node.astext(), location=node)
        return f"<code>{escape(node.astext())}</code>"


def _inline(translator, node):
    mathml = _convert(node, display=False)
    if any(isinstance(parent, nodes.thead) for parent in _parents(node)):  # a table's header is spoken as a name
        mathml = mathml.replace("<math", f'<math aria-label="{escape(_text(mathml))}"', 1)
    translator.body.append(mathml)
    raise nodes.SkipNode


def _display(translator, node):
    translator.body.append(translator.starttag(node, "div", CLASS="math"))
    # the theme lets the keyboard reach what carries this class and does not fit, so that it can be scrolled
    translator.body.append(f'<div class="formula pst-scrollable-table-container">{_convert(node, display=True)}</div>')
    if node["number"]:
        translator.body.append(f'<span class="eqno">({get_node_equation_number(translator, node)})')
        translator.add_permalink_ref(node, "Link to this equation")
        translator.body.append("</span>")
    translator.body.append("</div>\n")
    raise nodes.SkipNode
