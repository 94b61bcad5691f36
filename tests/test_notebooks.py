"""Every notebook of the book is as nbval needs it, and the guards refuse one that is not."""

import base64
import copy
import json
import re
import shutil
import subprocess
import sys
import zlib
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from slopes.book.guards import EXPLORER, METADATA, PNG, SVG, faults
from slopes.figures import EXPLORER_TYPE, Explorer, Picture, Slider

ROOT = Path(__file__).parent.parent
CHAPTERS = ROOT / "chapters"
NOTEBOOKS = sorted(path for path in CHAPTERS.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_as_it_should_be(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert faults(notebook) == []


def test_the_contents_list_every_page_and_nothing_else():
    def files(entry):
        yield from (entry[key] for key in ("root", "file") if key in entry)
        for key in ("parts", "chapters", "sections"):
            for below in entry.get(key, ()):
                yield from files(below)

    pages = [*NOTEBOOKS, *CHAPTERS.rglob("*.md")]
    written = sorted(str(path.relative_to(ROOT).with_suffix("")) for path in pages)
    assert sorted(files(yaml.safe_load((ROOT / "_toc.yml").read_text()))) == written


# --- what nbval compares


FIGURE = """\
class Figure:
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": "The step is 2.", "image/svg+xml": "<svg/>", "image/png": "iVBOR",
                "application/vnd.jupyter.widget-view+json": {"model_id": "1"}}"""


def test_a_figure_is_compared_by_its_sentence_and_not_by_its_drawing(tmp_path):
    def cell(sentence, *kinds):
        output = new_output("execute_result", data={"text/plain": sentence} | dict.fromkeys(kinds, "other"))
        return new_code_cell("Figure()", execution_count=1, outputs=[output])

    cells = [new_code_cell(FIGURE, execution_count=1), cell("The step is 2.", SVG, PNG), cell("The step is 2.", EXPLORER),
             cell("The step is 3.", SVG, PNG)]
    nbformat.write(new_notebook(metadata=METADATA, cells=cells), tmp_path / "figures.ipynb")
    shutil.copy(ROOT / "conftest.py", tmp_path)
    run = subprocess.run([sys.executable, "-m", "pytest", "-rA", "--nbval", "--nbval-current-env", f"--rootdir={tmp_path}", tmp_path],
                         cwd=tmp_path, capture_output=True, text=True)
    outcomes = re.findall(r"^(PASSED|FAILED) \S*::(Cell \d)", run.stdout, re.MULTILINE)
    assert outcomes == [("PASSED", "Cell 0"), ("PASSED", "Cell 1"), ("PASSED", "Cell 2"), ("FAILED", "Cell 3")]


# --- what a guard refuses, shown on a small notebook that all of them accept


def line(ax):
    (y,) = ax.plot([], [], animated=True)

    def move(slope):
        y.set_data([0, 1], [0, slope])
        return f"The line rises by {slope:g}."

    return move


def shown(figure):
    data = figure._repr_mimebundle_()
    return new_output("execute_result", data=nbformat.from_dict(data))


@pytest.fixture(scope="module")
def good():
    """A notebook with a printed line, an explorer and a picture."""
    def draw(ax):
        ax.plot([0, 1])
        return "One line of 2 points, 1 < 2."

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SLOPES_PUBLISH", "1")
        explorer = shown(Explorer(line, slope=Slider("slope", [0, 0.5, 1], start=0.5)))
        picture = shown(Picture(draw))
    return new_notebook(metadata=METADATA, cells=[
        new_code_cell("print(1)", execution_count=1, outputs=[new_output("stream", text="1\n")]),
        new_markdown_cell("Words."),
        new_code_cell("line()", execution_count=2, outputs=[explorer]),
        new_code_cell("draw()", execution_count=3, outputs=[picture]),
    ])


@pytest.fixture
def book(good):
    return copy.deepcopy(good)


def test_the_guards_accept_a_good_notebook(book):
    assert EXPLORER == EXPLORER_TYPE
    assert faults(book) == []


def refused(book, *words):
    (fault,) = faults(book)
    assert all(word in fault for word in words), fault


@pytest.mark.parametrize("source, words", [
    ("from numpy import *", "star import from numpy"),
    ("import sys\nsys.path.append('..')", "path trick"),
    ("from sys import path", "path trick"),
    ("import warnings\nwarnings.simplefilter('ignore')", "warnings are filtered"),
    ("from warnings import filterwarnings", "warnings are filtered"),
    ("import numpy as np\nwith np.errstate(all='ignore'):\n    1", "warnings are filtered"),
    ("%matplotlib inline", "not plain Python"),
    ("!pip install slopes", "not plain Python"),
    ("%pip install slopes", "not plain Python"),
    ("get_ipython().run_line_magic('pip', 'list')", "a magic"),
    ("ax.plot(x);", "trailing semicolon"),
    ("# NBVAL_IGNORE_OUTPUT\n1", "switches the comparison off"),
    ("#NBVAL_SKIP\n1", "switches the comparison off"),
    ("# PYTEST_VALIDATE_IGNORE_OUTPUT\n1", "switches the comparison off"),
    ("", "empty"),
    ("\n".join("x = 1\n" for _ in range(16)), "16 lines"),
])
def test_a_source_is_refused(book, source, words):
    book.cells[0].source = source
    refused(book, "code cell 1:", words)


def test_cells_that_are_long_as_a_rule_are_refused(book):
    for cell in book.cells:
        cell.source = "x = 1\n" * 5
    refused(book, "the median cell has 5 lines")


@pytest.mark.parametrize("tag", ["nbval-ignore-output", "nbval-skip", "nbval-raises-exception", "raises-exception"])
def test_a_tag_that_switches_nbval_off_is_refused(book, tag):
    book.cells[0].metadata.tags = ["hide-input", tag]
    refused(book, "code cell 1:", tag)


def test_tags_of_the_page_are_accepted(book):
    book.cells[0].metadata.tags = ["hide-input"]
    assert faults(book) == []


def test_a_cell_that_was_never_run_is_refused(book):
    book.cells[-1].execution_count = None
    refused(book, "code cell 3: it was never run")


def test_cells_run_out_of_order_are_refused(book):
    book.cells[0].execution_count = 7
    refused(book, "code cell 1: it was run as number 7")


def test_a_stored_error_is_refused(book):
    book.cells[0].outputs = [new_output("error", ename="ValueError", evalue="no", traceback=[])]
    refused(book, "an error, ValueError")


def test_what_was_written_to_stderr_is_refused(book):
    book.cells[0].outputs = [new_output("stream", text="Warning: 1\n", name="stderr")]
    refused(book, "stderr: Warning: 1")


@pytest.mark.parametrize("kind", ["application/vnd.jupyter.widget-view+json", "image/jpeg", "text/html", "text/latex"])
def test_an_output_that_is_not_compared_is_refused(book, kind):
    book.cells[2].outputs[0].data[kind] = "1"
    refused(book, f"stores {kind}")


def test_stored_widget_states_are_refused(book):
    book.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {}}
    refused(book, "metadata")


@pytest.mark.parametrize("text", ["<slopes.figures.Picture object at 0x7f12ab34cd56>", "<function f at 0x7F12AB34>"])
def test_an_address_in_memory_is_refused(book, text):
    book.cells[0].outputs = [new_output("execute_result", data={"text/plain": text})]
    refused(book, "address in memory")


@pytest.mark.parametrize("sentence", ["", "The step is too long.", "<Figure size 640x480>"])
def test_a_figure_without_a_sentence_with_a_number_is_refused(book, sentence):
    data = book.cells[3].outputs[0].data
    data[SVG] = data[SVG].replace("One line of 2 points, 1 &lt; 2.", sentence.replace("<", "&lt;"))
    data["text/plain"] = sentence
    refused(book, "no sentence with a number")


def test_a_picture_with_another_title_is_refused(book):
    data = book.cells[3].outputs[0].data
    data["text/plain"] = "Two lines of 2 points."
    refused(book, "titled 'One line of 2 points, 1 < 2.'")


def test_a_picture_that_is_not_well_formed_is_refused(book):
    book.cells[3].outputs[0].data[SVG] += "<p>"
    refused(book, "not well-formed")


@pytest.mark.parametrize("cell", [2, 3])
@pytest.mark.parametrize("kind, words", [("image/svg+xml", "no SVG"), ("image/png", "no PNG")])
def test_a_figure_that_nobody_sees_before_it_is_run_is_refused(book, cell, kind, words):
    del book.cells[cell].outputs[0].data[kind]
    refused(book, words)


def test_two_explorers_with_one_name_are_refused(book):
    book.cells[3].outputs = [copy.deepcopy(book.cells[2].outputs[0])]
    refused(book, "two explorers are named line")


def unpacked(explorer):
    return json.loads(zlib.decompress(base64.b64decode(explorer["frames"])))


def packed(frames):
    return base64.b64encode(zlib.compress(json.dumps(frames).encode())).decode()


def without_a_frame(explorer, frames):
    del frames["moving"][-1], frames["sentences"][-1]


def without_a_sentence(explorer, frames):
    del frames["sentences"][-1]


def without_a_number(explorer, frames):
    frames["sentences"][-1] = "The line rises."


def with_another_start(explorer, frames):
    explorer["controls"][0]["start"] = 2


def with_no_start(explorer, frames):
    explorer["controls"][0]["start"] = 3


def with_another_panel(explorer, frames):
    frames["moving"][1].append("")


def with_heavy_frames(explorer, frames):
    explorer["padding"] = "x" * 60_000


@pytest.mark.parametrize("broken, words", [
    (without_a_frame, "2 frames and 2 sentences for 3 settings"),
    (without_a_sentence, "3 frames and 2 sentences for 3 settings"),
    (without_a_number, "a sentence without a number"),
    (with_another_start, "starts with 'The line rises by 1.'"),
    (with_no_start, "cannot be read"),
    (with_another_panel, "number of panels: [1, 2]"),
    (with_heavy_frames, "at most 60,000"),
])
def test_a_broken_explorer_is_refused(book, broken, words):
    explorer = book.cells[2].outputs[0].data[EXPLORER]
    frames = unpacked(explorer)
    broken(explorer, frames)
    explorer["frames"] = packed(frames)
    refused(book, "code cell 2:", words)


@pytest.mark.parametrize("frames", ["!", "AAAA", packed({"still": []})])
def test_frames_that_do_not_decode_are_refused(book, frames):
    book.cells[2].outputs[0].data[EXPLORER]["frames"] = frames
    refused(book, "cannot be read")
