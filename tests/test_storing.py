"""Notebooks are stored without noise, or refused with a reason; copies for Colab install the package."""

import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from slopes.book import colab, store
from slopes.book.guards import METADATA
from slopes.book.launch import Repository

NOISY = {"kernelspec": {"name": "other", "display_name": "Mine"}, "language_info": {"name": "python", "version": "3.11.2"},
         "widgets": {"application/vnd.jupyter.widget-state+json": {}}}
SOURCES = {
    "good": ["import os", "print(os.path.basename(os.getcwd()))\nprint(2)", "os.environ['SLOPES_PUBLISH']"],
    "raises": ["1", "1 / 0"],
    "warns": ["import sys\nprint('oh', file=sys.stderr);"],
    "dies": ["import os\nos._exit(1)"],
    "odd": ["object()"],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("with a space")
    for name, sources in SOURCES.items():
        cells = [new_code_cell(source, metadata={"collapsed": True, "tags": ["hide-input"]}) for source in sources]
        nbformat.write(new_notebook(cells=cells, metadata=NOISY), folder / f"{name}.ipynb")
    return folder


def run(folder, *names):
    paths = [folder / f"{name}.ipynb" for name in names]
    return subprocess.run([sys.executable, "-m", "slopes.book.store", *paths], capture_output=True, text=True)


@pytest.fixture(scope="module")
def first(folder):
    """The outcome of storing all of them, and what the files held before."""
    before = {name: (folder / f"{name}.ipynb").read_bytes() for name in SOURCES}
    return run(folder, *SOURCES), before


def test_a_notebook_is_stored_without_noise(first, folder):
    notebook = nbformat.read(folder / "good.ipynb", as_version=4)
    assert notebook.metadata == METADATA
    assert [cell.metadata for cell in notebook.cells] == [{"tags": ["hide-input"]}] * 3
    (printed,), (result,) = (cell.outputs for cell in notebook.cells[1:])
    assert printed.text == f"{folder.name}\n2\n"
    assert result.data["text/plain"] == "'1'" and result.metadata == {}


def test_storing_again_changes_nothing(first, folder):
    stored = (folder / "good.ipynb").read_bytes()
    again = run(folder, "good")
    assert again.returncode == 0 and "as it was" in again.stdout
    assert (folder / "good.ipynb").read_bytes() == stored


@pytest.mark.parametrize("name, words", [
    ("raises", "code cell 2 raises, so nothing is stored"),
    ("warns", "code cell 1 writes to stderr, so nothing is stored"),
    ("dies", "the kernel died, so nothing is stored"),
])
def test_a_notebook_that_fails_is_named_and_left(first, folder, name, words):
    outcome, before = first
    assert outcome.returncode == 1
    assert f"{name}.ipynb: {words}" in outcome.stdout
    assert (folder / f"{name}.ipynb").read_bytes() == before[name]


def test_what_the_guards_refuse_is_said_at_once(first):
    assert "odd.ipynb: code cell 1: its text holds an address in memory" in first[0].stdout


def test_a_path_that_is_not_there_gets_one_line(folder):
    outcome = run(folder, "missing")
    assert outcome.returncode == 1 and outcome.stderr == f"there is no {folder / 'missing.ipynb'}\n"


def named(*sources):
    notebook = new_notebook(cells=[new_markdown_cell(source) for source in sources])
    store.tidy(notebook)
    return [cell.id for cell in notebook.cells]


def test_cells_keep_their_names_when_others_come_and_go():
    one, two, three = named("a", "b", "c")
    assert named("new", "a", "c")[1:] == [one, three]


def test_cells_with_one_source_have_different_names():
    assert len(set(named("a", "a", "a"))) == 3
    nbformat.validate(new_notebook(cells=[new_markdown_cell("", id=name) for name in named("a", "a")]))


def test_text_that_came_in_pieces_is_joined():
    def printed(text, name="stdout"):
        return new_output("stream", text=text, name=name)

    result = new_output("execute_result", data={"text/plain": "1"}, metadata={"noise": 1})
    notebook = new_notebook(cells=[new_code_cell("", outputs=[printed("a"), printed("b"), result, printed("c"), printed("d")])])
    store.tidy(notebook)
    assert [output.get("text") for output in notebook.cells[0].outputs] == ["ab", None, "cd"]
    assert notebook.cells[0].outputs[1].metadata == {}


def test_copies_for_colab_install_the_package_first(folder, tmp_path):
    (folder / "part").mkdir()
    nbformat.write(new_notebook(cells=[new_markdown_cell("# Title"), new_code_cell("1")]), folder / "part" / "one.ipynb")
    somewhere = Repository("github.com", "some/where", "main")
    copied = list(colab.copy(folder / "part", tmp_path, somewhere, "0123abc"))
    assert copied == [tmp_path / "chapters" / "one.ipynb"]
    notebook = nbformat.read(copied[0], as_version=4)
    nbformat.validate(notebook)
    assert [cell.source for cell in notebook.cells] == [
        '%pip install -q "slopes @ git+https://github.com/some/where@0123abc"', "# Title", "1"]
    assert "0123abc" in (tmp_path / "README.md").read_text()
