"""What surrounds the text of a page: templates, styles, and only the scripts that the page uses.

The templates here override those of the theme that keep a page from being accessible; the theme's
icon font, its widgets from other hosts and everything that no page uses are left out.
"""

import re
from pathlib import Path

from docutils import nodes

from slopes.plots import ROLES

HERE = Path(__file__).parent
_UNUSED_SCRIPTS = re.compile(r"thebe|DOCUMENTATION_OPTIONS\.|mathjax|design-tabs|require(\.min)?\.js")
_UNUSED_STYLES = re.compile(r"thebe")
_ONLY_WITH_TOGGLES = re.compile(r"toggle")
_UNUSED_FILES = ("scripts/fontawesome.js*", "scripts/bootstrap.js*", "vendor", "**/*.map", "sphinx-thebe.*",
                 "design-tabs.js", "webpack-macros.html", "sbt-webpack-macros.html", "locales", "images", "*.png")


def setup(app):
    app.connect("config-inited", _configure)
    app.connect("builder-inited", _add_assets)
    app.connect("html-page-context", _trim, priority=900)
    app.connect("html-page-context", _describe, priority=900)
    app.connect("build-finished", _finish, priority=100)  # before the table of contents writes its own index.html


def _configure(app, config):
    config.templates_path.insert(0, str(HERE / "templates"))
    config.html_static_path.append(str(HERE / "static"))
    config.html_context["slopes_roles"] = ROLES


def _add_assets(app):
    app.add_css_file("slopes.css", priority=900)
    app.add_js_file("explorer.js", loading_method="defer")


def _trim(app, pagename, templatename, context, doctree):
    """Leave out what this page does not use, and let no script hold up the rest."""
    body = context.get("body", "")
    toggles = 'class="' in body and re.search(r'class="[^"]*\b(dropdown|toggle)\b', body)

    def used(script):
        name = str(script.filename or script.attributes.get("body", ""))
        if _ONLY_WITH_TOGGLES.search(name):
            return bool(toggles)
        if "explorer.js" in name:
            return "slopes-explorer" in body
        return not _UNUSED_SCRIPTS.search(name)

    context["script_files"] = [s for s in context["script_files"] if used(s)]
    context["css_files"] = [s for s in context["css_files"] if not _UNUSED_STYLES.search(str(s.filename))]
    for script in context["script_files"]:
        if script.filename:
            script.attributes.pop("async", None)
            script.attributes["defer"] = "defer"


def _describe(app, pagename, templatename, context, doctree):
    """A page is described by the first of its paragraphs that reads well as plain text."""
    if doctree is None or 'name="description"' in context.get("metatags", ""):
        return
    for paragraph in doctree.findall(nodes.paragraph):
        text = " ".join(paragraph.astext().split())
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
    root = app.builder.get_target_uri(app.config.root_doc)
    if root != "index.html":
        (out / "index.html").write_text(_REDIRECT.format(title=app.config.html_title, root=root), encoding="utf-8")


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
<link rel="icon" href="_static/favicon.svg">
</head>
<body><main><h1>{title}</h1><p><a href="{root}">Go to the first page</a></p></main></body>
</html>
"""
