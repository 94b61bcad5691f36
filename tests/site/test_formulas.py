"""Formulas become MathML that browsers draw rightly, or an error that says what is wrong."""

import pytest
from docutils import frontend, nodes, utils

from slopes.book.mathml import KeepPunctuation, to_mathml


@pytest.mark.parametrize("tex, mathml", [
    ("f''", "<msup><mi>f</mi><mo>″</mo></msup>"),
    (r"\varepsilon", "<mi>ε</mi>"),
    (r"\mathrm{d}x", '<mi mathvariant="normal">d</mi>'),
    (r"\mathbb{R}", "<mi>ℝ</mi>"),
    (r"\operatorname{arsinh} x", "<mi>arsinh</mi>"),
    (r"\sqrt{2}", "<msqrt><mn>2</mn></msqrt>"),
    (r"\hat x", '<mover accent="true">'),
    (r"\lVert x \rVert", '<mo stretchy="false" form="prefix">‖</mo>'),
    (r"\text{if } x", "<mtext>if\xa0</mtext>"),
    (r"\begin{pmatrix}a&b\end{pmatrix}", "<mtd>"),
    (r"a \\ b", "<mtable"),
])
def test_the_usual_notation(tex, mathml):
    assert mathml in to_mathml(tex)


def test_a_bracket_grows_also_under_a_script():
    assert "<msub><mrow><mo" in to_mathml(r"\Bigl[x\Bigr]_0")


@pytest.mark.parametrize("tex, reason", [
    (r"\foo", r"\\foo"),
    (r"\frac{1}", "."),
    (r"\begin{align}a\end{align}", "aligned"),
    ("x = \\text{я}", "я"),
])
def test_what_cannot_be_shown_says_why(tex, reason):
    with pytest.raises(ValueError, match=reason):
        to_mathml(tex)


def test_punctuation_stays_with_its_formula():
    document = utils.new_document("", frontend.get_default_settings())
    formula = nodes.math("", "x")
    document += nodes.paragraph("", "", nodes.Text("."), formula, nodes.Text("."), nodes.math("", "y"),
                                nodes.Text(" and"))
    KeepPunctuation(document).run()
    assert document.astext() == ".x.y and"
    assert [kept.astext() for kept in document.findall(nodes.inline)] == ["x."]
