"""Copies of the notebooks for Colab: python -m slopes.book.colab OUTDIR

Colab opens one file and knows nothing of the repository it is in. So each copy starts with a cell that
installs the package, at the commit that the notebook is from. A workflow publishes them as a branch.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import nbformat

from slopes.book import launch

README = """\
These are the notebooks of commit {commit}, each with a first cell that installs the package on Colab.
They are made by `python -m slopes.book.colab`: change the originals, not these.
"""


def for_colab(notebook, repository, commit):
    """The notebook with a first cell that installs `slopes` from a commit of the repository."""
    install = nbformat.v4.new_code_cell(f'%pip install -q "slopes @ git+{repository.url}@{commit}"', id="install")
    notebook.cells.insert(0, install)
    return notebook


def copy(chapters, outdir, repository, commit):
    """Write a copy of every notebook below `chapters` to the same place below `outdir`/chapters."""
    for path in sorted(chapters.rglob("*.ipynb")):
        copied = outdir / "chapters" / path.relative_to(chapters)
        copied.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(for_colab(nbformat.read(path, as_version=4), repository, commit), copied)
        yield copied
    (outdir / "README.md").write_text(README.format(commit=commit), encoding="utf-8")


def _commit():
    here = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True)
    return os.environ.get("GITHUB_SHA") or here.stdout.strip()


def main():
    parser = argparse.ArgumentParser(prog="python -m slopes.book.colab", description="copy the notebooks for Colab")
    parser.add_argument("outdir", type=Path)
    outdir = parser.parse_args().outdir
    repository, commit = launch.repository(), _commit()
    if repository is None or repository.host != "github.com":
        sys.exit("Colab opens notebooks from GitHub, and this repository has no address there: set the git remote "
                 "“origin”, or GITHUB_REPOSITORY to OWNER/NAME")
    for path in copy(Path("chapters"), outdir, repository, commit):
        print(path)


if __name__ == "__main__":
    main()
