"""A claim needs its evidence: on the page of claims each numbered section has a verdict, a number and a link, or the build says which has not."""

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.util import logging

VERDICTS = ("holds", "holds with a condition", "needs correcting")
_NUMBERED = re.compile(r"\d+\. ")
_VERDICT = re.compile(r"Verdict: ([a-z ]+)\.")


def setup(app):
    app.connect("doctree-read", _check)


def _check(app, doctree):
    if not app.env.docname.endswith("claims"):
        return
    for section in doctree.findall(nodes.section):
        title = section.next_node(nodes.title).astext()
        if _NUMBERED.match(title):
            for lack in lacks(section):
                logging.getLogger(__name__).warning("the claim “%s” %s", title, lack, location=section, type="slopes")


def lacks(section):
    """What a claim's section lacks, a phrase each."""
    found = _VERDICT.search(" ".join(p.astext() for p in section.findall(nodes.paragraph)))
    if not found or found[1] not in VERDICTS:
        yield f"has no verdict: write **Verdict:** and one of {', '.join(VERDICTS)}"
    outputs = [block.astext() for block in section.findall(nodes.literal_block) if "output" in block.get("classes", ())]
    if not any(re.search(r"\d", text) for text in outputs):
        yield "has no number that a cell computed"
    if not any(True for _ in section.findall(addnodes.pending_xref)):
        yield "has no link to the place where it is shown"
