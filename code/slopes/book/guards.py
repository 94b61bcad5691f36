"""What a stored notebook must be: the rules that running it again does not check.

nbval compares text. It passes a cell that was never run, does not look at pictures, and obeys marks that
switch it off. `faults` names all of that, and what the style of the book forbids, one line a fault.
"""

import ast
import base64
import json
import math
import re
import statistics
import xml.etree.ElementTree as ET
import zlib

EXPLORER = "application/vnd.slopes.explorer+json"
SVG = "image/svg+xml"
PNG = "image/png"
SHOWN = {"text/plain", SVG, PNG, EXPLORER}
MOST_LINES, MEDIAN_LINES = 15, 4
BYTES_A_FRAME, FEWEST_FRAMES = 2000, 30
NBVAL_MARK = re.compile(r"nbval|pytest_validate|raises-exception", re.IGNORECASE)
ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}", re.IGNORECASE)
METADATA = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"}}


def faults(notebook):
    """Every fault of a notebook (nbformat's version 4), as lines that start with the cell's place."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    found = list(_whole(notebook, cells))
    for number, cell in enumerate(cells, 1):
        for fault in (*_source(cell), *_stored(cell, number)):
            found.append(f"code cell {number}: {fault}")
    return found


def _whole(notebook, cells):
    if notebook.metadata != METADATA:
        yield "the notebook's metadata holds more or less than the kernel's name"
    lines = [_lines(cell.source) for cell in cells]
    if lines and statistics.median(lines) > MEDIAN_LINES:
        yield f"the median cell has {statistics.median(lines):g} lines, at most {MEDIAN_LINES} are wanted"
    names = [explorer.get("name") for cell in cells for explorer in _explorers(cell)]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"two explorers are named {name}"


def _explorers(cell):
    return [output.data[EXPLORER] for output in cell.outputs if EXPLORER in output.get("data", {})]


def _lines(source):
    return sum(bool(line.strip()) for line in source.splitlines())


def _source(cell):
    if _lines(cell.source) > MOST_LINES:
        yield f"{_lines(cell.source)} lines, at most {MOST_LINES} are wanted"
    if cell.source.rstrip().endswith(";"):
        yield "a trailing semicolon hides the output: write `_ = ...`"
    for mark in (*cell.metadata.get("tags", ()), *re.findall("#(.*)", cell.source)):
        if NBVAL_MARK.search(mark):
            yield f"the mark “{mark.strip()}” switches the comparison off"
    if not cell.source.strip():
        yield "the cell is empty"
    try:
        tree = ast.parse(cell.source)
    except SyntaxError:
        yield "it is not plain Python: no magic, no shell command, no installing"
    else:
        yield from (fault for node in ast.walk(tree) if (fault := _forbidden(node)))


def _forbidden(node):
    match node:
        case ast.ImportFrom(names=[ast.alias(name="*")]):
            return f"a star import from {node.module}"
        case ast.Attribute(value=ast.Name(id="sys"), attr="path") | ast.ImportFrom(module="sys"):
            return "a path trick: slopes is installed, import it"
        case ast.Name(id="warnings") | ast.ImportFrom(module="warnings") | ast.Attribute(attr="errstate" | "seterr"):
            return "warnings are filtered: mend what warns"
        case ast.Name(id="get_ipython"):
            return "a magic: write plain Python"


def _stored(cell, number):
    if cell.execution_count is None:
        yield "it was never run: `make notebooks` stores its output"
    elif cell.execution_count != number:
        yield f"it was run as number {cell.execution_count}: `make notebooks` runs all cells in order"
    for output in cell.outputs:
        yield from _output(output)


def _output(output):
    if output.output_type == "error":
        yield f"it stores an error, {output.ename}"
    elif output.output_type == "stream":
        if output.name != "stdout":
            yield f"it stores what was written to {output.name}: {output.text.strip()[:80]}"
        yield from _text(output.text)
    else:
        yield from (f"it stores {kind}, which nothing compares" for kind in sorted(set(output.data) - SHOWN))
        yield from _text(output.data.get("text/plain", ""))
        if {SVG, PNG, EXPLORER} & set(output.data):
            yield from _figure(output.data)


def _text(text):
    if ADDRESS.search(text):
        yield f"its text holds an address in memory: {text.strip()[:80]}"


def _figure(data):
    sentence = data.get("text/plain", "")
    if sentence.startswith("<") or not re.search(r"\d", sentence):
        yield f"its figure has no sentence with a number, but {sentence!r}"
    try:
        title = ET.fromstring(data[SVG]).findtext("{http://www.w3.org/2000/svg}title")
    except KeyError:
        yield "its figure has no SVG: draw it with slopes.figures"
    except ET.ParseError as error:
        yield f"its picture is not well-formed: {error}"
    else:
        if title != sentence:
            yield f"its picture is titled {title!r}, not by its sentence"
    if PNG not in data:
        yield "its figure has no PNG, which JupyterLab shows until it trusts the notebook"
    if EXPLORER in data:
        yield from _explorer(data[EXPLORER], sentence)


def _explorer(explorer, sentence):
    try:
        frames = json.loads(zlib.decompress(base64.b64decode(explorer["frames"], validate=True)))
        moving, sentences = frames["moving"], frames["sentences"]
        start, wanted = _places(explorer["controls"])
        panels = {len(explorer["panels"]), len(frames["still"]), *map(len, moving)}
    except (KeyError, TypeError, ValueError, zlib.error) as error:
        yield f"its explorer cannot be read: {error!r}"
        return
    if {len(moving), len(sentences)} != {wanted}:
        yield f"its explorer has {len(moving)} frames and {len(sentences)} sentences for {wanted} settings"
    elif sentences[start] != sentence:
        yield f"its explorer starts with {sentences[start]!r}, its text is {sentence!r}"
    if len(panels) > 1:
        yield f"its explorer's frames differ in their number of panels: {sorted(panels)}"
    if any(not re.search(r"\d", each) for each in sentences):
        yield "its explorer has a sentence without a number"
    size, most = len(json.dumps(explorer)), BYTES_A_FRAME * max(wanted, FEWEST_FRAMES)
    if size > most:
        yield f"its explorer takes {size:,} bytes, at most {most:,} are wanted for {wanted} frames"


def _places(controls):
    """The number of the first frame shown, and how many there are; the last control varies fastest."""
    start = 0
    for control in controls:
        if not 0 <= control["start"] < len(control["texts"]):
            raise ValueError(f"{control['name']} starts at {control['start']}")
        start = start * len(control["texts"]) + control["start"]
    return start, math.prod(len(control["texts"]) for control in controls)
