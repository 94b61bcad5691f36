"""Where the site will be read: the canonical address of each page, a sitemap, and the picture that a shared link shows.

The address is the variable SLOPES_SITE, or the one that GitHub or GitLab Pages give to the repository which a
continuous-integration service names. Where neither is known nothing of this is written: no address is made up.
"""

import os
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
from matplotlib.figure import Figure

from slopes import plots
from slopes.activations import sigmoid
from slopes.book import launch

PICTURE = "_static/social.png"
_PAGES = {"github.com": "github.io", "gitlab.com": "gitlab.io"}


def setup(app):
    app.connect("config-inited", _configure)
    app.connect("html-page-context", _share)
    app.connect("build-finished", _finish, priority=950)


def site(environ=os.environ):
    """The address of the site with a slash at its end, or "" where it is unknown."""
    if given := environ.get("SLOPES_SITE", "").strip():
        if not given.startswith(("https://", "http://")):
            raise ValueError(f"SLOPES_SITE must be the address of the site, such as https://owner.github.io/name/, got {given!r}")
        return given.rstrip("/") + "/"
    home = launch.repository(environ, git=lambda *arguments: "")
    if home is None:
        return ""
    owner, name = home.name.split("/")
    host = f"{owner.lower()}.{_PAGES[home.host]}"
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"


def _configure(app, config):
    config.html_baseurl = site()


def _share(app, pagename, templatename, context, doctree):
    """What the layout needs for a shared link, on pages that have an address."""
    if context.get("pageurl") and doctree is not None:  # the search page and the index are not for sharing
        context["slopes_picture"] = app.config.html_baseurl + PICTURE


def _finish(app, error):
    if error or app.builder.format != "html" or not app.config.html_baseurl:
        return
    out = Path(app.outdir)
    addresses = [app.config.html_baseurl + app.builder.get_target_uri(name) for name in sorted(app.env.found_docs)]
    lines = "\n".join(f"  <url><loc>{escape(address)}</loc></url>" for address in addresses)
    (out / "sitemap.xml").write_text('<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
                                     f"{lines}\n</urlset>\n", encoding="utf-8")
    (out / "404.html").write_text(_MISSING.format(title=escape(app.config.html_title), home=app.config.html_baseurl), encoding="utf-8")
    card().savefig(out / PICTURE, dpi=100)


def card():
    """The picture of a shared link, 1200 x 630: the title, and two places where the slope is equally small."""
    with plots.style():
        figure = Figure(figsize=(12, 6.3), facecolor=plots.ROLES["paper"][0])
        figure.text(0.06, 0.83, "Flat Is Not Finished", fontsize=44, fontweight="bold", color=plots.INK)
        figure.text(0.06, 0.74, "Gradient descent drives the gradient to zero. So why is a vanishing gradient a problem?", fontsize=17, color=plots.MUTED)
        x, z = np.linspace(-1, 1, 201), np.linspace(-14, 14, 201)
        for left, (t, curve, at, text) in zip((0.06, 0.53), ((x, x * x / 2, 0.02, "arrived"), (z, sigmoid.value(z), 9.0, "far from it"))):
            ax = figure.add_axes((left, 0.1, 0.41, 0.52))
            ax.set_axis_off()
            ax.plot(t, curve, color=plots.DESCENT, lw=5)
            height = np.interp(at, t, curve)
            ax.plot(at, height, "o", color=plots.NEWTON, ms=20)
            ax.annotate(text, (at, height), (0, 26 if left < 0.5 else -52), textcoords="offset points", ha="center", fontsize=24, color=plots.NEWTON)
        return figure


_MISSING = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"><title>Not found — {title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<style>body {{ font: 1.2rem/1.5 serif; max-width: 34rem; margin: 15vh auto; padding: 0 1rem; }}</style>
</head>
<body><main><h1>There is no such page</h1><p>Go to <a href="{home}">the first page</a> of <i>{title}</i>, or <a href="{home}search.html">search the book</a>.</p></main></body>
</html>
"""
