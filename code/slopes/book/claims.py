"""A claim needs its evidence: each numbered one has a verdict, a number and a link to the cell that shows it, or the build says which has not.

A label that starts with `evidence-` or `shown-` stands right before a code cell: a link to it leads to that cell.
"""

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.util import logging

VERDICTS = ("holds", "holds with a condition", "needs correcting")
PLACES = ("evidence-", "shown-")
_NUMBERED = re.compile(r"\d+\. ")
_VERDICT = re.compile(r"Verdict: ([a-z ]+)\.")


def setup(app):
    app.connect("doctree-read", _check)
    app.connect("env-check-consistency", _check_places)


def _check(app, doctree):
    if not app.env.docname.endswith("claims"):
        return
    for section in doctree.findall(nodes.section):
        title = section.next_node(nodes.title).astext()
        if _NUMBERED.match(title):
            for lack in lacks(section):
                logging.getLogger(__name__).warning("the claim “%s” %s", title, lack, location=section, type="slopes")


def _check_places(app, env):
    for label, (document, anchor) in env.get_domain("std").anonlabels.items():
        if label.startswith(PLACES):
            target = next(node for node in env.get_doctree(document).findall(nodes.Element) if anchor in node.get("ids", ()))
            if "cell" not in target.get("classes", ()):
                logging.getLogger(__name__).warning("the label %s does not stand right before a code cell", label, location=target, type="slopes")


def lacks(section):
    """What a claim's section lacks, a phrase each."""
    found = _VERDICT.search(" ".join(p.astext() for p in section.findall(nodes.paragraph)))
    if not found or found[1] not in VERDICTS:
        yield f"has no verdict: write **Verdict:** and one of {', '.join(VERDICTS)}"
    outputs = [block.astext() for block in section.findall(nodes.literal_block) if "output" in block.get("classes", ())]
    if not any(re.search(r"\d", text) for text in outputs):
        yield "has no number that a cell computed"
    if not any(link["reftarget"].startswith("evidence-") for link in section.findall(addnodes.pending_xref)):
        yield "has no link to the cell that shows it: give one to a label evidence-…"
