"""Run the notebooks and store what they give: python -m slopes.book.store [PATHS]

All of chapters/ if no path is given. What is stored depends on the code and on nothing else: one thread
for linear algebra, no time stamps, no versions, cell names made from their sources. So running it twice
changes nothing, and only files that differ are written. A notebook that raises, or that writes to
stderr, is left as it was. Worked solutions are folded, so that who runs a notebook does not see them first.
"""

import argparse
import hashlib
import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

from slopes.book.guards import METADATA, faults

ENVIRONMENT = {"SLOPES_PUBLISH": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
               "VECLIB_MAXIMUM_THREADS": "1"}
MOST_SECONDS = 10
MEANT = ("tags", "mystnb")
FOLDED = {"source_hidden": True, "outputs_hidden": True}  # as JupyterLab writes it
SOLUTION = re.compile(r"\{solution-(start|end)\}")


def run(notebook, folder):
    """Execute every cell in a fresh kernel, started in the notebook's folder, and store what it gives."""
    NotebookClient(notebook, kernel_name="python3", timeout=None, record_timing=False, store_widget_state=False,
                   resources={"metadata": {"path": str(folder)}}, extra_arguments=["--log-level=ERROR"]).execute()


def tidy(notebook):
    """Leave nothing in a notebook that differs from run to run or from machine to machine."""
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    names, solution = set(), False
    for cell in notebook.cells:
        cell.id = _name(cell.source, names)
        cell.metadata = nbformat.from_dict({key: cell.metadata[key] for key in MEANT if key in cell.metadata})
        if cell.cell_type == "code":
            cell.outputs = _joined(cell.outputs)
            cell.metadata |= {"jupyter": FOLDED} if solution else {}
        elif marks := SOLUTION.findall(cell.source):
            solution = marks[-1] == "start"


def _name(source, names):
    """Eight digits of the source's hash: they stay when cells around it come and go."""
    count = 0
    while (name := hashlib.sha256(f"{count}{source}".encode()).hexdigest()[:8]) in names:
        count += 1
    names.add(name)
    return name


def _joined(outputs):
    """Text printed to one stream as one output, however many messages the kernel sent it in."""
    joined = []
    for output in outputs:
        last = joined[-1] if joined else {}
        if output.output_type == "stream" == last.get("output_type") and output.name == last.name:
            last.text += output.text
        else:
            joined.append(output)
        if "metadata" in output:
            output.metadata = nbformat.from_dict({})
    return joined


def store(path):
    """Run one notebook and write it if it changed. Returns a line to print and whether all is well."""
    before = path.read_text(encoding="utf-8")
    notebook = nbformat.reads(before, as_version=4)
    start = perf_counter()
    try:
        run(notebook, path.parent)
    except CellExecutionError as error:
        return f"{path}: {_place(notebook, 'error')} raises, so nothing is stored\n{error}", False
    except DeadKernelError:
        return f"{path}: the kernel died, so nothing is stored", False
    seconds = perf_counter() - start
    if place := _place(notebook, "stderr"):
        return f"{path}: {place} writes to stderr, so nothing is stored", False
    tidy(notebook)
    wrong = [f"{path}: {fault}" for fault in faults(notebook)]
    after = nbformat.writes(notebook) + "\n"
    if changed := after != before:
        path.write_text(after, encoding="utf-8", newline="\n")
    line = f"{path}: {seconds:.1f} s, {'changed' if changed else 'as it was'}"
    if seconds > MOST_SECONDS:
        line += f" (a chapter may take {MOST_SECONDS} s)"
    return "\n".join([line, *wrong]), not wrong


def _place(notebook, kind):
    """The first code cell with an output of one kind ("error", "stderr"), as a reader counts, or None."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(cells, 1):
        if any(kind in (output.output_type, output.get("name")) for output in cell.outputs):
            return f"code cell {number}"


def notebooks(paths):
    """The notebooks at some files and folders, without JupyterLab's own copies."""
    for path in paths:
        if not path.exists():
            sys.exit(f"there is no {path}")
    found = {file for path in paths for file in ([path] if path.is_file() else path.rglob("*.ipynb"))}
    return sorted(file for file in found if ".ipynb_checkpoints" not in file.parts)


def main():
    parser = argparse.ArgumentParser(prog="python -m slopes.book.store", description="run notebooks and store what they give")
    parser.add_argument("paths", nargs="*", type=Path, default=[Path("chapters")], help="notebooks or folders (chapters)")
    parser.add_argument("--workers", type=int, default=2, help="how many run at a time (2)")
    given = parser.parse_args()
    os.environ.update(ENVIRONMENT)
    chosen, well = notebooks(given.paths), True
    print(f"Running {len(chosen)} notebooks, {given.workers} at a time ...", flush=True)
    with ThreadPoolExecutor(given.workers) as pool:
        for line, good in pool.map(store, chosen):
            print(line, flush=True)
            well &= good
    sys.exit(not well)


if __name__ == "__main__":
    main()
