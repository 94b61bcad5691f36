"""Asides of class `dropdown`, and cells tagged `hide-input`, fold with <details>: from the keyboard, without a script, and open on paper."""

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.transforms.post_transforms import SphinxPostTransform


class fold(nodes.General, nodes.Element):
    pass


class fold_title(nodes.General, nodes.TextElement):
    pass


def setup(app):
    app.add_node(fold, html=(_open("details", "admonition"), _close("details")))
    app.add_node(fold_title, html=(_open("summary", "admonition-title"), _close("summary")))
    app.add_node(HideCodeCellNode, override=True, html=(_open_code, _close("details")))
    app.add_post_transform(Fold)


class Fold(SphinxPostTransform):
    default_priority = 900  # after the titles of exercises are resolved
    formats = ("html",)

    def run(self, **kwargs):
        for content in self.document.findall(nodes.section):  # sphinx-exercise gives all of them the same ids
            content["ids"] = [name for name in content["ids"] if name not in ("exercise-content", "solution-content")]
        for aside in list(self.document.findall(nodes.Admonition)):
            if "dropdown" in aside["classes"] and isinstance(aside[0], nodes.title):
                title, *content = aside.children
                summary = fold_title("", "", *title.children)
                aside.replace_self(fold("", summary, *content, ids=aside["ids"], classes=aside["classes"]))


def _open_code(translator, node):
    """The words of the fold are its name; a label beside them would hide them from those who listen."""
    summary = translator.encode(node["prompt_show"].strip())
    translator.body.append(f'<details class="admonition"><summary class="admonition-title">{summary}</summary>\n')


def _open(tag, kind):
    def visit(translator, node):
        translator.body.append(translator.starttag(node, tag, "", CLASS=kind))
    return visit


def _close(tag):
    def depart(translator, node):
        translator.body.append(f"</{tag}>\n")
    return depart
