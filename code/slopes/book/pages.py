"""What surrounds the text of a page: templates, styles, and only the scripts that the page uses.

The templates here override those of the theme that keep a page from being accessible; the theme's
icon font, its widgets from other hosts and everything that no page uses are left out.
"""

import re
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.writers.html5 import HTML5Translator

from slopes.book import styles
from slopes.plots import ROLES

WIDEST_OUTPUT = 80  # characters of output that fit beside each other on a wide screen
HERE = Path(__file__).parent
_UNUSED_SCRIPTS = re.compile(r"thebe|toggle|DOCUMENTATION_OPTIONS\.|mathjax|design-tabs|require(\.min)?\.js")
_SHARED = re.compile(r'<link rel="canonical"[^>]*>|<meta (?:name="(?:description|twitter:card)"|property="og:)[^>]*>')
_CITATION = re.compile(r" \[[\d, ]+\]")
_UNUSED_FILES = ("scripts/fontawesome.js*", "scripts/bootstrap.js*", "vendor", "**/*.map", "sphinx-thebe.*",
                 "design-tabs.js", "togglebutton.*", "*webpack-macros.html", "locales", "images", "*.png")


def setup(app):
    app.add_transform(WrapLongOutput)
    app.add_node(nodes.entry, override=True, html=(_open_cell, _close_cell))
    app.add_node(nodes.citation, override=True, html=(_open_citation, _close_citation))
    app.connect("config-inited", _configure)
    app.connect("builder-inited", _add_assets)
    app.connect("html-page-context", _trim, priority=900)
    app.connect("html-page-context", _describe, priority=900)
    app.connect("build-finished", _finish, priority=900)


def _configure(app, config):
    config.templates_path[:0] = [str(HERE / "templates"), str(HERE / "templates" / "components")]
    config.html_static_path.append(str(HERE / "static"))
    config.html_context |= {"slopes_roles": ROLES, "default_mode": "light"}  # the mode without JavaScript


class WrapLongOutput(SphinxTransform):
    """Printed sentences are broken, and so is what is too long for the widest page; what has columns is not."""

    default_priority = 700

    def apply(self, **kwargs):
        for block in self.document.findall(nodes.literal_block):
            text = block.astext()
            if "output" in block["classes"] and ("  " not in text or any(len(line) > WIDEST_OUTPUT for line in text.splitlines())):
                block["classes"].append("wrapped")


def _open_cell(translator, node):
    """A cell of a table. An empty one, as in a corner, is no header: there is nothing to speak."""
    HTML5Translator.visit_entry(translator, node)
    if not node.astext().strip():
        translator.body[-1] = translator.body[-1].replace("<th", "<td", 1)
        translator.context[-1] = translator.context[-1].replace("</th", "</td", 1)


def _close_cell(translator, node):
    HTML5Translator.depart_entry(translator, node)


def _open_citation(translator, node):
    """An entry of the bibliography, without the deprecated roles that docutils gives it."""
    if not isinstance(node.previous_sibling(), nodes.citation):
        translator.body.append('<div role="list" class="citation-list">')
    translator.body.append(translator.starttag(node, "div", CLASS="citation", ROLE="listitem"))


def _close_citation(translator, node):
    translator.body.append("</div>\n")
    if not isinstance(node.next_node(descend=False, siblings=True), nodes.citation):
        translator.body.append("</div>\n")


def _add_assets(app):
    app.add_css_file("slopes.css", priority=900)
    app.add_js_file("explorer.js", loading_method="defer")


def _trim(app, pagename, templatename, context, doctree):
    """Leave out what this page does not use, and let no script hold up the rest."""
    body = context.get("body", "")

    def used(script):
        name = str(script.filename or script.attributes.get("body", ""))
        return "slopes-explorer" in body if name == "_static/explorer.js" else not _UNUSED_SCRIPTS.search(name)

    fonts = ["stix-two-text.woff2"] + ["stix-two-math.woff2"] * ("<math" in body)
    context["slopes_fonts"] = [context["pathto"](f"_static/fonts/{font}", 1) for font in fonts]
    context["script_files"] = [s for s in context["script_files"] if used(s)]
    context["css_files"] = [s for s in context["css_files"] if s.filename == "_static/slopes.css"]
    for script in context["script_files"]:
        if script.filename:
            script.attributes.pop("async", None)
            script.attributes["defer"] = "defer"


def _describe(app, pagename, templatename, context, doctree):
    """A page is described by the first of its paragraphs that reads well as plain text."""
    if doctree is None or 'name="description"' in context.get("metatags", ""):
        return
    for paragraph in doctree.findall(nodes.paragraph):
        text = _CITATION.sub("", " ".join(paragraph.astext().split()))
        if len(text) > 60 and "\\" not in text:
            context["slopes_description"] = text if len(text) <= 200 else text[:200].rsplit(" ", 1)[0] + " …"
            return


def _finish(app, error):
    if error or app.builder.format != "html":
        return
    out = Path(app.outdir)
    for pattern in _UNUSED_FILES:
        for path in (out / "_static").glob(pattern):
            _remove(path)
    styles.bundle(out)
    root = app.builder.get_target_uri(app.config.root_doc)
    if root != "index.html":
        head = "\n".join(_SHARED.findall((out / root).read_text(encoding="utf-8")))
        (out / "index.html").write_text(_REDIRECT.format(title=escape(app.config.html_title), root=root, head=head), encoding="utf-8")


def _remove(path):
    if path.is_dir():
        for child in path.iterdir():
            _remove(child)
        path.rmdir()
    else:
        path.unlink()


_REDIRECT = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"><title>{title}</title>
<meta http-equiv="refresh" content="0; url={root}">
{head}
<link rel="icon" href="data:,">
</head>
<body><main><h1>{title}</h1><p><a href="{root}">Go to the first page</a></p></main></body>
</html>
"""
