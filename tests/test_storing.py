"""Notebooks are stored without noise, or refused with a reason; copies for Colab install the package."""

import subprocess
import sys

import nbformat
import pytest
from nbclient.exceptions import DeadKernelError
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from slopes.book import colab, store
from slopes.book.guards import METADATA
from slopes.book.launch import Repository

NOISY = {"kernelspec": {"name": "other", "display_name": "Mine"}, "language_info": {"name": "python", "version": "3.11.2"},
         "widgets": {"application/vnd.jupyter.widget-state+json": {}}}
SOURCES = {
    "good": ["import os", "print(os.path.basename(os.getcwd()))\nprint(2)", "os.environ['SLOPES_PUBLISH']"],
    "raises": ["1", "1 / 0"],
}


def write(folder, name, sources):
    cells = [new_code_cell(source, metadata={"collapsed": True, "tags": ["hide-input"]}) for source in sources]
    nbformat.write(new_notebook(cells=cells, metadata=NOISY), folder / f"{name}.ipynb")
    return folder / f"{name}.ipynb"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("with a space")
    for name, sources in SOURCES.items():
        write(folder, name, sources)
    return folder


def run(folder, *names):
    paths = [folder / f"{name}.ipynb" for name in names]
    return subprocess.run([sys.executable, "-m", "slopes.book.store", *paths], capture_output=True, text=True)


@pytest.fixture(scope="module")
def first(folder):
    """The outcome of storing them all, and what the files held before."""
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


def test_a_notebook_that_raises_is_named_and_left(first, folder):
    outcome, before = first
    assert outcome.returncode == 1
    assert "raises.ipynb: code cell 2 raises, so nothing is stored" in outcome.stdout
    assert (folder / "raises.ipynb").read_bytes() == before["raises"]


def test_a_path_that_is_not_there_gets_one_line(folder):
    outcome = run(folder, "missing")
    assert outcome.returncode == 1 and outcome.stderr == f"there is no {folder / 'missing.ipynb'}\n"


def running_gives(monkeypatch, *outputs):
    """Let every notebook's first cell give some outputs, without a kernel."""
    def run(notebook, folder):
        notebook.cells[0].update(outputs=list(outputs), execution_count=1)

    monkeypatch.setattr(store, "run", run)


def test_a_notebook_that_writes_to_stderr_is_left(monkeypatch, tmp_path):
    path = write(tmp_path, "warns", ["1"])
    before = path.read_bytes()
    running_gives(monkeypatch, new_output("stream", text="Warning", name="stderr"))
    assert store.store(path) == (f"{path}: code cell 1 writes to stderr, so nothing is stored", False)
    assert path.read_bytes() == before


def test_a_kernel_that_dies_is_said(monkeypatch, tmp_path):
    def run(notebook, folder):
        raise DeadKernelError("Kernel died")

    monkeypatch.setattr(store, "run", run)
    path = write(tmp_path, "dies", ["1"])
    assert store.store(path) == (f"{path}: the kernel died, so nothing is stored", False)


def test_what_the_guards_refuse_is_said_at_once(monkeypatch, tmp_path):
    path = write(tmp_path, "odd", ["object()"])
    running_gives(monkeypatch, new_output("execute_result", data={"text/plain": "<object object at 0x7f12ab34cd56>"}))
    line, good = store.store(path)
    assert not good and "odd.ipynb: code cell 1: its text holds an address in memory" in line


def test_a_slow_notebook_is_said(monkeypatch, tmp_path):
    path = write(tmp_path, "slow", ["1"])
    running_gives(monkeypatch)
    monkeypatch.setattr(store, "MOST_SECONDS", -1)
    assert "a chapter may take" in store.store(path)[0]


def named(*sources):
    notebook = new_notebook(cells=[new_markdown_cell(source) for source in sources])
    store.tidy(notebook)
    return [cell.id for cell in notebook.cells]


def test_cells_keep_their_names_when_others_come_and_go():
    one, two, three = named("a", "b", "c")
    assert named("new", "a", "c")[1:] == [one, three]


def test_worked_solutions_are_folded_for_who_runs_the_notebook():
    cells = [new_markdown_cell(":::{solution-start} a\n:::"), new_code_cell("1"), new_markdown_cell("Words."),
             new_code_cell("2"), new_markdown_cell(":::{solution-end}\n:::\n\nMore."), new_code_cell("3")]
    notebook = new_notebook(cells=cells)
    store.tidy(notebook)
    assert ["jupyter" in cell.metadata for cell in notebook.cells] == [False, True, False, True, False, False]
    assert notebook.cells[1].metadata.jupyter == {"source_hidden": True, "outputs_hidden": True}


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
